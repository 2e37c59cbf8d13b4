/** Simulation-based calibration (Talts et al. 2018): whether ranks of the truth among posterior draws are uniform. */
import { StatsInputError } from './errors.ts';
import { histogram } from './histogram.ts';
import { type KsResult, ksUniform } from './ks.ts';

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
