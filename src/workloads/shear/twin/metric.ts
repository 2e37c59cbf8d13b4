/** The sampler's metric: whitening from the fit's curvature. */
import { cholesky, solveLowerTransposed } from './linear.ts';

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
