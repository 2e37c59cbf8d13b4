/** Tests of accuracy with random points (Lemos et al., ICML 2023, arXiv:2302.03026): expected coverage of a joint posterior. */
import { StatsInputError } from './errors.ts';
import { type KsResult, ksUniform } from './ks.ts';
import { betaQuantile } from './special.ts';
import { countPoints, type Points } from './two-sample/points.ts';
import { RandomWords } from './two-sample/random-words.ts';

export const TARP_BINS = 30;

export interface TarpResult {
  /** Credibility levels α: 0, 1/bins … 1. */
  readonly alpha: Float64Array;
  /** Expected coverage probability: the share of pairs with f < α; α itself for the true posterior. */
  readonly ecp: Float64Array;
  /** Jeffreys 95 % interval of each coverage, one level at a time: [lower, upper]. */
  readonly band: readonly (readonly [number, number])[];
  /** Share of the levels strictly between 0 and 1 at which α lies inside its interval. */
  readonly insideBand: number;
  /** Σ (ECP − α) over levels α > ½: above 0 the posteriors are too wide, below 0 too narrow or shifted. */
  readonly atc: number;
  /** Of f against the uniform distribution: one test for all levels. */
  readonly ks: KsResult;
}

/**
 * Coverage of posteriors of `truths.length / dim` simulations. References are uniform in the box that the truths span, and distances
 * are Euclidean in units of that box.
 * @param truths [n, dim]. @param draws [n][S, dim], S at least 1 and equal for all.
 */
export function tarp(truths: Points, draws: ArrayLike<number>, seed: number, bins = TARP_BINS): TarpResult {
  const n = countPoints(truths, 'truths', 2);
  const { dim } = truths;
  const box = spanOf(truths);
  const words = new RandomWords(seed, 0);
  const references = Float64Array.from(
    truths.values,
    (_, i) => box[i % dim].low + box[i % dim].width * words.uniform(),
  );
  const closer = closerShares(truths, draws, references, box);
  const draw = draws.length / (n * dim);
  return coverage(closer, draw, bins);
}

interface Span {
  readonly low: number;
  readonly width: number;
}

function spanOf({ values, dim }: Points): Span[] {
  return Array.from({ length: dim }, (_, axis) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = axis; i < values.length; i += dim) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    if (!(high > low)) {
      throw new StatsInputError(`value ${axis} is the same in every truth; leave this parameter out`);
    }
    return { low, width: high - low };
  });
}

/** f_i: the share of posterior draws that lie nearer to reference i than truth i does. */
export function closerShares(
  truths: Points,
  draws: ArrayLike<number>,
  references: ArrayLike<number>,
  box: readonly Span[],
): Float64Array {
  const { dim } = truths;
  const n = countPoints(truths, 'truths', 2);
  const perPair = draws.length / (n * dim);
  if (!Number.isInteger(perPair) || perPair < 1) {
    throw new StatsInputError(
      `draws has ${draws.length} values; ${n} truths of ${dim} values need a multiple of ${n * dim}`,
    );
  }
  countPoints({ values: draws, dim }, 'draws');
  const squared = (values: ArrayLike<number>, at: number, pair: number) => {
    let sum = 0;
    for (let axis = 0; axis < dim; axis++) {
      sum += ((values[at + axis] - references[pair * dim + axis]) / box[axis].width) ** 2;
    }
    return sum;
  };
  return Float64Array.from({ length: n }, (_, pair) => {
    const truth = squared(truths.values, pair * dim, pair);
    let closer = 0;
    for (let s = 0; s < perPair; s++) if (squared(draws, (pair * perPair + s) * dim, pair) < truth) closer++;
    return closer / perPair;
  });
}

/** Coverage at each level from the shares f. @param draws posterior draws behind each share. */
export function coverage(shares: ArrayLike<number>, draws: number, bins = TARP_BINS): TarpResult {
  if (!Number.isInteger(bins) || bins < 2)
    throw new StatsInputError(`bins must be an integer of at least 2, got ${bins}`);
  const n = shares.length;
  const alpha = Float64Array.from({ length: bins + 1 }, (_, bin) => bin / bins);
  const ecp = new Float64Array(bins + 1);
  for (let i = 0; i < n; i++) for (let bin = 0; bin <= bins; bin++) if (shares[i] < alpha[bin]) ecp[bin] += 1 / n;
  ecp[bins] = 1; // f = 1 belongs to the last bin
  let atc = 0;
  let inside = 0;
  const band = Array.from(alpha, (level, bin): readonly [number, number] => {
    const interval = jeffreys(Math.round(ecp[bin] * n), n);
    if (level > 0.5) atc += ecp[bin] - level;
    if (bin > 0 && bin < bins && level >= interval[0] && level <= interval[1]) inside++;
    return interval;
  });
  const ranks = Float64Array.from(shares, (share) => (share * draws + 0.5) / (draws + 1));
  return { alpha, ecp, band, insideBand: inside / (bins - 1), atc, ks: ksUniform(ranks) };
}

/** Jeffreys 95 % interval of a binomial probability, closed at 0 and 1 (Brown, Cai & DasGupta, Stat. Sci. 16 (2001) 101). */
export function jeffreys(successes: number, trials: number): [number, number] {
  const a = successes + 0.5;
  const b = trials - successes + 0.5;
  return [successes === 0 ? 0 : betaQuantile(0.025, a, b), successes === trials ? 1 : betaQuantile(0.975, a, b)];
}
