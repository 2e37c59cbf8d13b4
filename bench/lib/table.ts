/** Markdown tables and the files in bench/results. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A table; the first column is text, the others right-aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = `|${head.map((_, i) => (i === 0 ? '---' : '---:')).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** "12,345", "3.21", "0.0123": three digits at least, no false precision above. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** Writes <name>.md and <name>.json into bench/results. */
export function writeResults(name: string, markdown: string, data: unknown): void {
  const folder = join('bench', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.md`), `${markdown.trimEnd()}\n`);
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(data, null, 2)}\n`);
  console.log(`${markdown}\n\nWritten: bench/results/${name}.md and .json`);
}
