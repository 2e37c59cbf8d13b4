import { type DrawSet, prepareDraws } from './draws.ts';
import { essMeanOf, essQuantileOf, essSdOf } from './ess.ts';
import { betaQuantile } from './special.ts';

/** Φ(−1) and Φ(1): the interval whose half width is one standard error. */
const ONE_SIGMA = [0.1586553, 0.8413447] as const;

/** Monte Carlo standard error of the mean of prepared draws. */
export function mcseMeanOf(set: DrawSet): number {
  let squares = 0;
  for (let i = 0; i < set.values.length; i++) squares += (set.values[i] - set.mean) ** 2;
  return Math.sqrt(squares / (set.values.length - 1) / essMeanOf(set));
}

/** Monte Carlo standard error of the mean: sd/√ESS_mean (Vehtari et al. 2021, §4.1). */
export function mcseMean(values: ArrayLike<number>, chains: number, draws: number): number {
  const set = prepareDraws(values, chains, draws);
  return set ? mcseMeanOf(set) : Number.NaN;
}

/**
 * Monte Carlo standard error of the standard deviation: sqrt((m4 − m2²)/ESS/m2/4) with central moments and the ESS of
 * (x − mean)², as the `posterior` package defines it (no assumption of normality).
 */
export function mcseSd(values: ArrayLike<number>, chains: number, draws: number): number {
  const set = prepareDraws(values, chains, draws);
  if (!set) return Number.NaN;
  let m2 = 0;
  let m4 = 0;
  for (let i = 0; i < set.values.length; i++) {
    const square = (set.values[i] - set.mean) ** 2;
    m2 += square / set.values.length;
    m4 += square ** 2 / set.values.length;
  }
  return Math.sqrt((m4 - m2 ** 2) / essSdOf(set) / m2 / 4);
}

/**
 * Monte Carlo standard error of the p quantile: half the distance between the order statistics at the 16 % and 84 %
 * points of Beta(ESS·p + 1, ESS·(1 − p) + 1) (Vehtari et al. 2021, §4.4).
 */
export function mcseQuantile(values: ArrayLike<number>, chains: number, draws: number, p: number): number {
  const set = prepareDraws(values, chains, draws);
  if (!set) return Number.NaN;
  const ess = essQuantileOf(set, p);
  if (Number.isNaN(ess)) return Number.NaN;
  const size = set.sorted.length;
  const [low, high] = ONE_SIGMA.map((q) => betaQuantile(q, ess * p + 1, ess * (1 - p) + 1) * size - 1);
  return (set.sorted[Math.ceil(Math.min(high, size - 1))] - set.sorted[Math.floor(Math.max(low, 0))]) / 2;
}
