import { requireDraws } from './errors.ts';
import { orderOf } from './order.ts';

export interface RankHistogram {
  /** [chain][bin]: draws of the chain whose rank among all draws falls into the bin. */
  readonly counts: readonly (readonly number[])[];
  /** Mean rank of each chain as a share of all draws; ½ for chains that agree. */
  readonly meanRank: readonly number[];
  /** Draws a bin would hold if the chains agreed exactly. */
  readonly expected: number;
  /** √(n p (1 − p)): the spread of a bin's count over independent draws. */
  readonly sigma: number;
}

/**
 * Rank plot (Vehtari et al. 2021, §5.1): all draws of all chains are ranked together, ties averaged; the ranks of every chain are
 * uniform when the chains explore the same distribution. Undefined where a draw is not finite.
 * @param values [chain][draw] flattened.
 */
export function rankHistogram(
  values: ArrayLike<number>,
  chains: number,
  draws: number,
  bins: number,
): RankHistogram | undefined {
  requireDraws(values, chains, draws);
  const copy = Float64Array.from(values);
  if (!copy.every(Number.isFinite)) return undefined;
  const { order, sorted } = orderOf(copy);
  const counts = Array.from({ length: chains }, () => new Array<number>(bins).fill(0));
  const meanRank = new Array<number>(chains).fill(0);
  for (let first = 0; first < sorted.length; ) {
    let end = first + 1;
    while (end < sorted.length && sorted[end] === sorted[first]) end++;
    // The average of the 1-based ranks first + 1 … end, less a half: the middle of its place among all draws.
    const share = (first + end) / 2 / sorted.length;
    for (let k = first; k < end; k++) {
      const chain = Math.floor(order[k] / draws);
      counts[chain][Math.floor(share * bins)]++;
      meanRank[chain] += share / draws;
    }
    first = end;
  }
  return { counts, meanRank, expected: draws / bins, sigma: Math.sqrt((draws / bins) * (1 - 1 / bins)) };
}
