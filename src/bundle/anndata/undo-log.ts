/** Counts back from log1p of normalised counts: within a cell they are whole multiples of the smallest. */
import type { RawMatrix } from './matrix.ts';

/** Logarithms of normalised counts stay below: e¹⁵ is three million. */
export const LARGEST_LOG = 15;
/** What the smallest value of a cell is taken for: one count, or a few where only then all come out whole. */
const MOST_SMALLEST = 4;
/** Rounding of 32-bit logarithms up to `LARGEST_LOG`, in a quotient of two: 2 · 15 · 2⁻²⁴, and as much again for whoever rounded before. */
const RELATIVE = 4e-6;
const ABSOLUTE = 1e-3;
/** With so many genes a cell has one with a single count. */
const ENOUGH_GENES = 10;
/** Beyond it the tolerance says nothing. */
const MOST_TOLERANCE = 0.2;

export interface Undone {
  readonly values: Float64Array<ArrayBuffer>;
  /** Cells whose smallest value was taken for more than one count. */
  readonly multiples: number;
  /** Cells with so few genes that their smallest value may have been more than one count, which nothing tells. */
  readonly sparse: number;
}

/**
 * Values of `matrix` v are log(1 + s·c) with a factor s of each cell; c = expm1(v · ln base) / s.
 * @param logBase ln of the logarithm's base: 1 for natural ones
 * @returns the counts; or the first cell where they do not come out whole
 */
export function undoLog({ rows, starts, values }: RawMatrix, logBase = 1): Undone | { readonly failedAt: number } {
  const counts = Float64Array.from(values, (value) => Math.expm1(value * logBase));
  let [multiples, sparse] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const some = counts.subarray(starts[row], starts[row + 1]);
    let smallest = Number.POSITIVE_INFINITY;
    for (const value of some) if (value > 0 && value < smallest) smallest = value;
    if (smallest === Number.POSITIVE_INFINITY) continue;
    let of = 1;
    while (of <= MOST_SMALLEST && !allWhole(some, of / smallest)) of++;
    if (of > MOST_SMALLEST) return { failedAt: row };
    if (of > 1) multiples++;
    if (some.length < ENOUGH_GENES) sparse++;
    for (let i = 0; i < some.length; i++) some[i] = Math.round((some[i] * of) / smallest);
  }
  return { values: counts, multiples, sparse };
}

function allWhole(values: Float64Array, factor: number): boolean {
  return values.every((value) => {
    const count = value * factor;
    const tolerance = Math.min(MOST_TOLERANCE, ABSOLUTE + RELATIVE * count);
    return Math.abs(count - Math.round(count)) <= tolerance;
  });
}
