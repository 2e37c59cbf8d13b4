/**
 * Inner products of whole-number points (tokens, counts) through the f32 multiplier, and exact all the same: every partial sum is a whole
 * number below 2²⁴, which f32 holds. Ten to twenty times as fast as a loop in f64.
 */
import { Multiplier, rowMajor } from './matmul.ts';
import type { Points } from './points.ts';

const EXACT = 2 ** 24;
/** Points of the right-hand side that are multiplied at a time: their coordinates stay in the first cache. */
const COLUMNS = 32;
/** Points of the left-hand side between two blocks that are handed out. */
const ROWS = 512;

/** Inner products of points `row …` of a with points `column …` of b. */
export interface ProductBlock {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
  /** Entry (i, j) of the block at i * stride + j. Valid until the next block. */
  readonly values: Float32Array;
  readonly stride: number;
}

/** Largest entry of whole-number points; undefined where one is negative or no whole number. */
export function largestInteger({ values }: Points): number | undefined {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value >= 0) || !Number.isInteger(value)) return undefined;
    if (value > largest) largest = value;
  }
  return largest;
}

/** Whether `terms` products of entries of these points add up exactly. */
export function multipliesExactly(a: Points, b: Points, terms: number): boolean {
  const x = largestInteger(a);
  const y = a === b ? x : largestInteger(b);
  return x !== undefined && y !== undefined && x * y * terms < EXACT;
}

/**
 * All inner products of points of a with points of b, in blocks; where `half` is set only blocks that touch pairs j ≤ i (a and b are one
 * sample). Exact only where `multipliesExactly(a, b, dim)`.
 */
export function* integerProducts(a: Points, b: Points, half = false): Generator<ProductBlock, void, void> {
  const { dim } = a;
  const n = a.values.length / dim;
  const m = b.values.length / dim;
  const multiplier = new Multiplier();
  const [left, right, out] = multiplier.arrays([ROWS * dim, COLUMNS * dim, ROWS * COLUMNS]);
  for (let row = 0; row < n; row += ROWS) {
    const rows = Math.min(ROWS, n - row);
    for (let i = 0; i < rows * dim; i++) left[i] = a.values[row * dim + i];
    for (let column = 0; column < (half ? row + rows : m); column += COLUMNS) {
      const columns = Math.min(COLUMNS, m - column);
      right.fill(0);
      for (let j = 0; j < columns; j++) {
        for (let k = 0; k < dim; k++) right[k * COLUMNS + j] = b.values[(column + j) * dim + k];
      }
      multiplier.multiply(rows, COLUMNS, dim, rowMajor(left, dim), right, out);
      yield { row, rows, column, columns, values: out, stride: COLUMNS };
    }
  }
}
