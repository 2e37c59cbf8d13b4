/** A table as Markdown. @param header first */
export function markdownTable([header, ...rows]: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[header, header.map(() => '---'), ...rows].map(row).join('\n')}\n`;
}
