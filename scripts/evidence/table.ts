/** Markdown tables and short numbers. */

/** A table of cells that are text already. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Two digits and a power of ten, e.g. 2.9e-4. */
export function exponential(value: number, digits = 1): string {
  return value === 0 ? '0' : value.toExponential(digits).replace('e+', 'e');
}

/** value ± error with a common power of ten. */
export function withError(value: number, error: number): string {
  return `${exponential(value)} ± ${exponential(error)}`;
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Largest of |value|. */
export function largest(values: Iterable<number>): number {
  let found = 0;
  for (const value of values) found = Math.max(found, Math.abs(value));
  return found;
}

/** Standard deviation with n − 1. */
export function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}
