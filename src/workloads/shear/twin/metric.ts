/** The sampler's metric: whitening from the fit's curvature, and its one refresh from warm-up draws. */
import { cholesky, multiply, solveLowerTransposed } from './linear.ts';

/** Above this squared ratio of the factor's extreme diagonal entries the diagonal alone is used. */
const MAX_CONDITION = 1e8;

/** W = R^(−T) with H = R Rᵀ (d × d, q = q̂ + W z), or diag(H_ii^(−½)) where H cannot be trusted. */
export function whitening(curvature: Float64Array, d: number): Float64Array {
  const lower = cholesky(curvature, d);
  if (lower) {
    const pivots = Array.from({ length: d }, (_, i) => lower[i * d + i]);
    if ((Math.max(...pivots) / Math.min(...pivots)) ** 2 <= MAX_CONDITION) return inverseTransposed(lower, d);
  }
  const diagonal = new Float64Array(d * d);
  for (let i = 0; i < d; i++) diagonal[i * d + i] = 1 / Math.sqrt(curvature[i * d + i]);
  return diagonal;
}

function inverseTransposed(lower: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  const unit = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    unit.fill(0);
    unit[j] = 1;
    const column = solveLowerTransposed(lower, unit, d);
    for (let i = 0; i < d; i++) out[i * d + j] = column[i];
  }
  return out;
}

/** Running first and second moments of whitened positions. */
export class PooledCovariance {
  #count = 0;
  readonly #sum: Float64Array;
  readonly #products: Float64Array;
  readonly #d: number;

  constructor(d: number) {
    this.#d = d;
    this.#sum = new Float64Array(d);
    this.#products = new Float64Array(d * d);
  }

  add(z: Float64Array): void {
    const d = this.#d;
    this.#count++;
    for (let i = 0; i < d; i++) {
      this.#sum[i] += z[i];
      for (let j = 0; j <= i; j++) this.#products[i * d + j] += z[i] * z[j];
    }
  }

  /** Cholesky factor of n/(n+5d) S + 5d/(n+5d) I, S the covariance about the pooled mean; undefined where a pivot fails. */
  shrunkFactor(): Float64Array | undefined {
    const d = this.#d;
    const n = this.#count;
    const keep = n / (n + 5 * d);
    const matrix = new Float64Array(d * d);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const covariance = n === 0 ? 0 : this.#products[i * d + j] / n - (this.#sum[i] / n) * (this.#sum[j] / n);
        const value = keep * covariance + (i === j ? 1 - keep : 0);
        matrix[i * d + j] = value;
        matrix[j * d + i] = value;
      }
    }
    return cholesky(matrix, d);
  }
}

/** W L: the whitening after a refresh with factor L. */
export function refreshed(whiten: Float64Array, factor: Float64Array, d: number): Float64Array {
  return multiply(whiten, factor, d);
}
