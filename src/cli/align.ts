/** Tables in plain text. */

/** Columns padded to their widest cell; combining marks (the hat of R̂) take no width. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const width = (text: string) => [...text.normalize('NFC').replace(/\p{Mn}/gu, '')].length;
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => width(row[column]))));
  return rows.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat(widths[i] - width(cell)))
      .join('  ')
      .trimEnd(),
  );
}
