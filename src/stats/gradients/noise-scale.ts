/**
 * How noisy the gradient of a batch is (McCandlish, Kaplan, Amodei et al. 2018, "An Empirical Model of Large-Batch Training"), from item gradients g_i
 * that need not be kept: only their inner products with themselves and with their sum are read.
 */
import { requireSameLength, StatsInputError } from '../errors.ts';
import { jackknife } from '../resampling/jackknife.ts';

export interface ItemProducts {
  /** ‖g_i‖², one an item. */
  readonly squaredNorms: ArrayLike<number>;
  /** ‖Σ g_i‖². */
  readonly squaredSum: number;
  /** g_i · Σ g_j, one an item: needed for the error alone. */
  readonly dotsWithSum?: ArrayLike<number>;
}

export interface NoiseScale {
  readonly n: number;
  /** tr Σ = Σ‖g_i − ḡ‖²/(n − 1). */
  readonly traceCovariance: number;
  /** |G|² = (‖Σg_i‖² − Σ‖g_i‖²)/(n(n − 1)), unbiased: may be negative. */
  readonly squaredNorm: number;
  /** ‖ḡ‖², which is |G|² + tr Σ/n in the mean. */
  readonly plainSquaredNorm: number;
  /** B = tr Σ/|G|². NaN where it is not resolved. */
  readonly noiseScale: number;
  /** False where |G|² ≤ 0: the noise hides the gradient at this n. */
  readonly resolved: boolean;
  /** Signal-to-noise ratio of the gradient of all n items, n/B; 0 where it is not resolved. */
  readonly snr: number;
  /** Jackknife error over items of log |B|, also where some B without an item is negative; NaN without `dotsWithSum` or below three items. */
  readonly logError: number;
  /** Items without which |G|² ≤ 0: if any, log B is uncertain whatever `logError` says. */
  readonly unresolvedWithout: number;
}

/** Noise scale of n ≥ 2 item gradients. */
export function noiseScale({ squaredNorms, squaredSum, dotsWithSum }: ItemProducts): NoiseScale {
  const n = squaredNorms.length;
  if (n < 2) throw new StatsInputError(`a noise scale needs two items or more, got ${n}`);
  let squares = 0;
  for (let i = 0; i < n; i++) squares += squaredNorms[i];
  const { trace, signal } = moments(n, squares, squaredSum);
  const resolved = signal > 0;
  let [logError, unresolvedWithout] = [Number.NaN, 0];
  if (dotsWithSum && n > 2) {
    requireSameLength(squaredNorms, dotsWithSum, 'squared norms and products with the sum');
    const logs = Float64Array.from({ length: n }, (_, i) => {
      const without = moments(n - 1, squares - squaredNorms[i], squaredSum - 2 * dotsWithSum[i] + squaredNorms[i]);
      if (without.signal <= 0) unresolvedWithout++;
      return Math.log(Math.abs(without.trace / without.signal));
    });
    logError = jackknife(logs).error;
  }
  return {
    n,
    traceCovariance: trace,
    squaredNorm: signal,
    plainSquaredNorm: squaredSum / (n * n),
    noiseScale: resolved ? trace / signal : Number.NaN,
    resolved,
    snr: resolved ? (n * signal) / trace : 0,
    logError,
    unresolvedWithout,
  };
}

/** The same from inner products of all pairs, [n][n]. */
export function noiseScaleOfGram(gram: ArrayLike<number>, n: number): NoiseScale {
  return noiseScale(productsOfGram(gram, n));
}

/** What the noise scale reads of inner products of all pairs, [n][n]. */
export function productsOfGram(gram: ArrayLike<number>, n: number): Required<ItemProducts> {
  if (gram.length !== n * n) throw new StatsInputError(`${gram.length} inner products are not those of ${n} items`);
  const dotsWithSum = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += gram[i * n + j];
    return sum;
  });
  return {
    squaredNorms: Float64Array.from({ length: n }, (_, i) => gram[i * n + i]),
    squaredSum: dotsWithSum.reduce((sum, dot) => sum + dot, 0),
    dotsWithSum,
  };
}

/**
 * tr Σ and |G|² from squared norms of the gradients of a small and a large batch (appendix A.1 of the paper). With sizes 1 (the mean over items) and n it is
 * what `noiseScale` gives.
 */
export function twoBatchNoise(
  small: { readonly size: number; readonly squaredNorm: number },
  large: { readonly size: number; readonly squaredNorm: number },
): { readonly traceCovariance: number; readonly squaredNorm: number } {
  if (!(small.size > 0 && small.size < large.size)) {
    throw new StatsInputError(`sizes ${small.size} and ${large.size} must be positive and grow`);
  }
  return {
    traceCovariance: (small.squaredNorm - large.squaredNorm) / (1 / small.size - 1 / large.size),
    squaredNorm: (large.size * large.squaredNorm - small.size * small.squaredNorm) / (large.size - small.size),
  };
}

function moments(n: number, squares: number, squaredSum: number): { readonly trace: number; readonly signal: number } {
  return { trace: (squares - squaredSum / n) / (n - 1), signal: (squaredSum - squares) / (n * (n - 1)) };
}
