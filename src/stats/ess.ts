import { type DrawSet, prepareDraws } from './draws.ts';
import { quantileSorted } from './order.ts';
import { sampleVariance } from './rhat.ts';
import { f64Scratch } from './scratch.ts';

const centredScratch = f64Scratch();
const samplesScratch = f64Scratch();

/**
 * Effective sample size of chains laid out as [chain][draw], not split here (Vehtari et al. 2021, §3.2; Geyer 1992).
 * Autocovariances are computed lag by lag and only as far as the truncation needs: chains that mix stop after a few
 * lags, which is far cheaper than a transform of the whole chain. NaN where the draws do not vary.
 */
export function basicEss(values: Float64Array, chains: number, draws: number): number {
  const centred = centredScratch.take(values.length);
  const means = new Float64Array(chains);
  let squares = 0;
  for (let c = 0; c < chains; c++) {
    const start = c * draws;
    let sum = 0;
    for (let i = start; i < start + draws; i++) sum += values[i];
    const mean = sum / draws;
    means[c] = mean;
    for (let i = start; i < start + draws; i++) {
      const d = values[i] - mean;
      centred[i] = d;
      squares += d * d;
    }
  }
  const samples = chains * draws;
  // Biased (1/N) autocovariance, averaged over chains: Geyer's sequences rely on it being positive definite.
  const biased = squares / samples;
  const within = (biased * draws) / (draws - 1);
  const total = biased + (chains > 1 ? sampleVariance(means) : 0);
  if (!(total > 0)) return Number.NaN;
  const rho = (product: number): number => 1 - (within - product / samples) / total;

  // Initial positive sequence of pairs Γ_k = ρ_2k + ρ_2k+1, made monotone on the way (its two smoothed members are
  // equal, so only the pair sums matter).
  laggedProducts(centred, chains, draws, 0);
  let even = 1;
  let pending = even + rho(products[1]);
  let smallest = Number.POSITIVE_INFINITY;
  let pairs = 0;
  for (let lag = 2; lag < draws - 2 && pending > 0; lag += 2) {
    smallest = Math.min(smallest, pending);
    pairs += smallest;
    laggedProducts(centred, chains, draws, lag);
    even = rho(products[0]);
    pending = even + rho(products[1]);
  }
  // The even lag of the first pair left out reduces the variance of the estimate for antithetic chains.
  const tau = -1 + 2 * pairs + (pending >= 0 ? even : Math.max(even, 0));
  return samples / Math.max(tau, 1 / Math.log10(samples));
}

/** Written by `laggedProducts`; a fresh pair for every lag would be the larger part of its work. */
const products = new Float64Array(2);

/** Σ x_t x_{t+lag} and Σ x_t x_{t+lag+1} within chains, in one walk: two sums that do not wait for each other. */
function laggedProducts(x: Float64Array, chains: number, draws: number, lag: number): void {
  let even = 0;
  let odd = 0;
  for (let c = 0; c < chains; c++) {
    const start = c * draws;
    const last = start + draws - lag - 1;
    for (let i = start; i < last; i++) {
      const value = x[i];
      even += value * x[i + lag];
      odd += value * x[i + lag + 1];
    }
    even += x[last] * x[last + lag];
  }
  products[0] = even;
  products[1] = odd;
}

/** Bulk ESS of prepared draws. */
export function essBulkOf(set: DrawSet): number {
  return basicEss(set.z, set.splitChains, set.half);
}

/** ESS of the mean of prepared draws. */
export function essMeanOf(set: DrawSet): number {
  return basicEss(set.split, set.splitChains, set.half);
}

/** ESS of (x − mean)² of prepared draws: what the error of the standard deviation follows from. */
export function essSdOf(set: DrawSet): number {
  const squares = samplesScratch.take(set.split.length);
  for (let i = 0; i < squares.length; i++) squares[i] = (set.split[i] - set.mean) ** 2;
  return basicEss(squares, set.splitChains, set.half);
}

/** ESS of the indicator x ≤ q_p of prepared draws. */
export function essQuantileOf(set: DrawSet, p: number): number {
  const q = quantileSorted(set.sorted, p);
  const below = samplesScratch.take(set.split.length);
  for (let i = 0; i < below.length; i++) below[i] = set.split[i] <= q ? 1 : 0;
  return basicEss(below, set.splitChains, set.half);
}

/** Tail ESS of prepared draws. */
export function essTailOf(set: DrawSet): number {
  return Math.min(essQuantileOf(set, 0.05), essQuantileOf(set, 0.95));
}

type Diagnostic = (values: ArrayLike<number>, chains: number, draws: number) => number;

function fromValues(of: (set: DrawSet) => number): Diagnostic {
  return (values, chains, draws) => {
    const set = prepareDraws(values, chains, draws);
    return set ? of(set) : Number.NaN;
  };
}

/** Bulk ESS: of the rank-normalised split chains. All of these are NaN for draws that are not finite or all equal. */
export const essBulk: Diagnostic = fromValues(essBulkOf);
/** Tail ESS: the smaller ESS of I(x ≤ q05) and I(x ≤ q95). */
export const essTail: Diagnostic = fromValues(essTailOf);
/** ESS of the mean: of the split chains as they are. */
export const essMean: Diagnostic = fromValues(essMeanOf);
/** ESS of the standard deviation: of (x − mean)². */
export const essSd: Diagnostic = fromValues(essSdOf);

/** ESS of the p quantile, 0 < p < 1. */
export function essQuantile(values: ArrayLike<number>, chains: number, draws: number, p: number): number {
  const set = prepareDraws(values, chains, draws);
  return set ? essQuantileOf(set, p) : Number.NaN;
}
