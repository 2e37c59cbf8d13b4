/** Simulation-based calibration (Talts et al. 2018): ranks of the truth among posterior draws. */
import { requireDraws, StatsInputError } from './errors.ts';
import { histogram } from './histogram.ts';
import { type KsResult, ksUniform } from './ks.ts';

/**
 * Rank of the truth among `count` draws taken at even distances from all chains × draws: 0…count.
 * Thin to about the effective sample size, else correlated draws make the ranks look uneven. NaN draws give NaN.
 * @param values [chain][draw] flattened.
 */
export function rankOfTruth(
  truth: number,
  values: ArrayLike<number>,
  chains: number,
  draws: number,
  count: number,
): number {
  requireDraws(values, chains, draws);
  if (!Number.isInteger(count) || count < 1 || count > values.length) {
    throw new StatsInputError(`count is ${count}; it must be a whole number from 1 to the ${values.length} draws`);
  }
  let rank = 0;
  for (let k = 0; k < count; k++) {
    const draw = values[Math.floor(((k + 0.5) * values.length) / count)];
    if (Number.isNaN(draw) || Number.isNaN(truth)) return Number.NaN;
    if (draw < truth) rank++;
  }
  return rank;
}

export interface SbcResult {
  /** Counts of ranks in equal bins; uniform in expectation. */
  readonly counts: Float64Array;
  readonly expectedCount: number;
  /** Of (rank + ½)/(L + 1) against the uniform distribution. */
  readonly ks: KsResult;
  /** Empirical distribution function minus its expectation after each possible rank 0…L. */
  readonly ecdfDifference: Float64Array;
  /** Half width of the 95 % band of the largest ECDF difference: 1.36/√N. */
  readonly band: number;
}

/**
 * Tests ranks for uniformity on {0…L}.
 * @param bins must divide L + 1, else the bins hold unequal numbers of ranks and uniform ranks look uneven.
 */
export function sbcUniformity(ranks: ArrayLike<number>, maxRank: number, bins: number): SbcResult {
  if ((maxRank + 1) % bins !== 0) {
    throw new StatsInputError(
      `${bins} bins do not divide the ${maxRank + 1} possible ranks; choose a divisor, or thin to another number`,
    );
  }
  const n = ranks.length;
  const perRank = new Float64Array(maxRank + 1);
  for (let i = 0; i < n; i++) {
    if (!(ranks[i] >= 0 && ranks[i] <= maxRank)) {
      throw new StatsInputError(`ranks[${i}] is ${ranks[i]}; leave out items without a rank from 0 to ${maxRank}`);
    }
    perRank[ranks[i]]++;
  }
  const ecdfDifference = new Float64Array(maxRank + 1);
  let cumulative = 0;
  for (let rank = 0; rank <= maxRank; rank++) {
    cumulative += perRank[rank] / n;
    ecdfDifference[rank] = cumulative - (rank + 1) / (maxRank + 1);
  }
  return {
    counts: histogram(ranks, bins, [-0.5, maxRank + 0.5]).counts,
    expectedCount: n / bins,
    ks: ksUniform(Float64Array.from(ranks, (rank) => (rank + 0.5) / (maxRank + 1))),
    ecdfDifference,
    band: 1.36 / Math.sqrt(n),
  };
}
