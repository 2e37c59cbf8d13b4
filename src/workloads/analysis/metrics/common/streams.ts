/** Values of rows that others begin with or are patched from: read once, kept while rows of theirs are under way. */
import type { Machine, Patch, RowBatch } from '../../../../nn/graph/machine.ts';

/** Keeps one value of some rows by their number. */
export class KeptValues {
  readonly #machine: Machine;
  readonly #value: string;
  readonly #batch: (rows: readonly number[]) => RowBatch;
  readonly #own = new Map<number, Float64Array>();

  /** @param batch what a machine computes rows of these numbers from */
  constructor(machine: Machine, value: string, batch: (rows: readonly number[]) => RowBatch) {
    this.#machine = machine;
    this.#value = value;
    this.#batch = batch;
  }

  /** Of these rows, [row][position × width]; others are forgotten. Changes what the machine holds. */
  async of(rows: readonly number[]): Promise<Float64Array[]> {
    const wanted = new Set(rows);
    for (const row of [...this.#own.keys()]) if (!wanted.has(row)) this.#own.delete(row);
    const lacking = [...wanted].filter((row) => !this.#own.has(row));
    if (lacking.length > 0) {
      await this.#machine.forward(this.#batch(lacking));
      for (const [r, numbers] of (await this.#machine.read('value', this.#value)).entries())
        this.#own.set(lacking[r], Float64Array.from(numbers));
    }
    return rows.map((row) => this.#own.get(row)!);
  }
}

/** Columns of a value in the given positions (all of them unless given), from numbers of the same shape. */
export function patchesFrom(
  row: number,
  value: string,
  numbers: Float64Array,
  width: number,
  { from = 0, length = width, positions }: { from?: number; length?: number; positions?: readonly number[] } = {},
): Patch[] {
  const all = positions ?? Array.from({ length: numbers.length / width }, (_, t) => t);
  return all.map((position) => ({
    row,
    value,
    position,
    from,
    numbers: numbers.subarray(position * width + from, position * width + from + length),
  }));
}
