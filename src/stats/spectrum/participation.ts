/** Over how many coordinates, and over which groups of them, a vector is spread. */
import { StatsInputError } from '../errors.ts';

/** Participation ratio (Σ v²)² / Σ v⁴ of a vector: 1 for one coordinate, n for n of equal size (Bell & Dean 1970). NaN for the zero vector. */
export function participation(vector: ArrayLike<number>): number {
  let [squares, fourths] = [0, 0];
  for (let i = 0; i < vector.length; i++) {
    const square = vector[i] * vector[i];
    squares += square;
    fourths += square * square;
  }
  return (squares * squares) / fourths;
}

/** Share of ‖v‖² in each of the groups that follow each other in v, by their lengths: where in a network an eigenvector lives. */
export function groupShares(vector: ArrayLike<number>, lengths: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const shares = new Float64Array(lengths.length);
  let at = 0;
  for (let group = 0; group < lengths.length; group++) {
    for (const end = at + lengths[group]; at < end; at++) shares[group] += vector[at] * vector[at];
  }
  if (at !== vector.length) throw new StatsInputError(`groups of ${at} entries in all do not fit ${vector.length}`);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / whole);
}
