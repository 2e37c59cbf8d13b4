/** What the statistics over a run need of each posterior's draws, in a few numbers: so no draws are kept for them. */
import { covariance } from '../../stats/covariance.ts';
import { rankOfTruth } from '../../stats/rank.ts';

/** Columns in the item's order of parameters; plain numbers, structured-cloneable. */
export interface ItemCalibration {
  /** Of all parameters, d × d row-major, S − 1 in the denominator. */
  readonly covariance: readonly number[];
  /** Share of all draws below the truth; NaN where the truth is unknown. */
  readonly below: readonly number[];
  /** Rank of the truth among `maxRank` draws at even distances; NaN where the truth is unknown. */
  readonly ranks: readonly number[];
  readonly maxRank: number;
}

/** Draws that a rank is taken among, at most: below the effective sample size that convergence asks for, so nearly independent. */
const MOST_RANKS = 255;
/** Fewer draws than this give no ranks worth a histogram, but a rank all the same. */
const FEWEST_RANKS = 15;

/** A posterior and the truth of its parameters. */
export interface CalibratedItem {
  readonly chains: number;
  readonly draws: number;
  readonly parameters: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
}

/** Moments and ranks of a posterior. */
export function calibrate(item: CalibratedItem, truth: Readonly<Record<string, number>>): ItemCalibration {
  const { chains, draws, parameters } = item;
  let maxRank = MOST_RANKS;
  // Each step keeps one more than a power of two, so that equal bins divide the possible ranks.
  while (maxRank > chains * draws && maxRank > FEWEST_RANKS) maxRank = (maxRank - 1) / 2;
  const ranked = maxRank <= chains * draws;
  const rank = ({ name, values }: CalibratedItem['parameters'][number], count: number) =>
    truth[name] === undefined ? Number.NaN : rankOfTruth(truth[name], values, chains, draws, count);
  return {
    covariance: [...covariance(parameters.map(({ values }) => values)).covariance],
    below: parameters.map((column) => rank(column, chains * draws) / (chains * draws)),
    ranks: parameters.map((column) => (ranked ? rank(column, maxRank) : Number.NaN)),
    maxRank,
  };
}
