import { type DrawSet, prepareDraws } from './draws.ts';
import { orderOfDistance, quantileSorted } from './order.ts';
import { rankNormalise } from './rank-normal.ts';

/** Potential scale reduction of chains laid out as [chain][draw]: sqrt((B/W + N − 1)/N) (Vehtari et al. 2021, eq. 1–4). */
export function basicRhat(values: Float64Array, chains: number, draws: number): number {
  const means = new Float64Array(chains);
  let within = 0;
  for (let c = 0; c < chains; c++) {
    const start = c * draws;
    let sum = 0;
    for (let i = start; i < start + draws; i++) sum += values[i];
    means[c] = sum / draws;
    let squares = 0;
    for (let i = start; i < start + draws; i++) squares += (values[i] - means[c]) ** 2;
    within += squares / (draws - 1) / chains;
  }
  const between = draws * sampleVariance(means);
  return Math.sqrt((between / within + draws - 1) / draws);
}

/** Variance with n − 1 in the denominator. */
export function sampleVariance(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return squares / (values.length - 1);
}

/** `rhat` of prepared draws. */
export function rhatOf(set: DrawSet): number {
  if (set.chains < 2) return Number.NaN;
  const bulk = basicRhat(set.z, set.splitChains, set.half);
  const median = quantileSorted(set.ordered.sorted, 0.5);
  const folded = rankNormalise(orderOfDistance(set.ordered, median));
  const tail = basicRhat(folded, set.splitChains, set.half);
  return Math.max(bulk, tail);
}

/**
 * Rank-normalised split R̂: the larger of R̂(z(x)) and R̂(z(|x − median|)) (Vehtari et al. 2021, §3–4), equal to
 * ArviZ's `rhat`. `values` is [chain][draw] flattened. NaN for one chain, fewer than 4 draws, and for draws that are
 * not finite or all equal.
 */
export function rhat(values: ArrayLike<number>, chains: number, draws: number): number {
  const set = prepareDraws(values, chains, draws);
  return set ? rhatOf(set) : Number.NaN;
}
