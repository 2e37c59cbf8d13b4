import { requireDraws, StatsInputError } from './errors.ts';

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
