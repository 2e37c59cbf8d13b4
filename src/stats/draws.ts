import { requireDraws } from './errors.ts';
import { type Ordered, orderOf } from './order.ts';
import { rankNormalise } from './rank-normal.ts';

/** Draws of one parameter, ready for the diagnostics: copied once, sorted once, split once. */
export interface DrawSet {
  readonly chains: number;
  readonly draws: number;
  /** [chain][draw], flattened. */
  readonly values: Float64Array;
  readonly sorted: Float64Array;
  readonly mean: number;
  /** Twice as many chains of half the length: [2 · chain + half][draw]. */
  readonly split: Float64Array;
  /** Ascending order of `split`. */
  readonly ordered: Ordered;
  /** `split`, rank-normalised. */
  readonly z: Float64Array;
  readonly splitChains: number;
  readonly half: number;
}

/** Smallest chain length for which ArviZ computes a diagnostic. */
const MIN_DRAWS = 4;

/**
 * Splits each chain in half; the middle draw of an odd chain belongs to neither half.
 * Works for anything laid out as [chain][draw].
 */
export function splitChains(values: Float64Array, chains: number, draws: number): Float64Array {
  const half = draws >> 1;
  if (2 * half === draws) return values;
  const split = new Float64Array(chains * 2 * half);
  for (let c = 0; c < chains; c++) {
    split.set(values.subarray(c * draws, c * draws + half), 2 * c * half);
    split.set(values.subarray((c + 1) * draws - half, (c + 1) * draws), (2 * c + 1) * half);
  }
  return split;
}

/**
 * Prepares draws, or returns undefined where no diagnostic exists: fewer than 4 draws a chain, a draw that is not
 * finite, or draws that are all equal. A frozen or broken chain must never read as a large effective sample size.
 * (ArviZ gives ESS = S for constant draws; the `posterior` package gives NA, and so do we.)
 * @throws StatsInputError when the length is not chains × draws.
 */
export function prepareDraws(values: ArrayLike<number>, chains: number, draws: number): DrawSet | undefined {
  requireDraws(values, chains, draws);
  if (draws < MIN_DRAWS) return undefined;
  // Of typed arrays the plain constructor copies without asking an iterator for every value.
  const copy = ArrayBuffer.isView(values) ? new Float64Array(values as Float64Array) : Float64Array.from(values);
  let sum = 0;
  let constant = true;
  for (let i = 0; i < copy.length; i++) {
    if (!Number.isFinite(copy[i])) return undefined;
    sum += copy[i];
    if (copy[i] !== copy[0]) constant = false;
  }
  if (constant) return undefined;
  const whole = orderOf(copy);
  const split = splitChains(copy, chains, draws);
  const ordered = split === copy ? whole : orderOf(split);
  return {
    chains,
    draws,
    values: copy,
    sorted: whole.sorted,
    mean: sum / copy.length,
    split,
    ordered,
    z: rankNormalise(ordered),
    splitChains: 2 * chains,
    half: draws >> 1,
  };
}
