/** The benchmarks' few command-line arguments. */

/** `--name a,b,c` as numbers. Throws for anything else. */
export function list(name: string, otherwise: readonly number[]): readonly number[] {
  const at = process.argv.indexOf(name);
  if (at < 0) return otherwise;
  const values = (process.argv[at + 1] ?? '').split(',').map(Number);
  if (!values.every((value) => Number.isInteger(value) && value > 0))
    throw new Error(`${name} takes positive whole numbers separated by commas, e.g. ${otherwise.join(',')}.`);
  return values;
}

/** `--name n`. */
export function integer(name: string, otherwise: number): number {
  return list(name, [otherwise])[0];
}

/** `--name text`. */
export function text(name: string, otherwise: string): string {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
}
