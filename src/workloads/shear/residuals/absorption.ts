/**
 * What a fit does to the noise that it leaves over, and what correlations of that noise do to the estimate; both to first order, at the
 * configured galaxy. With J = ∂m/∂q / σ (pixels × d), H = JᵀJ + P (P the prior's curvature) and Γ_h = Σ_i J(i) J(i + h)ᵀ:
 * - residuals are r = (1 − J H⁻¹ Jᵀ) ε, so that independent noise leaves Σ_i r(i) r(i + h) = −tr(H⁻¹ Γ_h) on average, not 0;
 * - noise of autocorrelation ρ_h scatters the estimate with H⁻¹ (Σ_h ρ_h Γ_h) H⁻¹ in the place of H⁻¹ Γ_0 H⁻¹ (the sandwich: Huber 1967).
 */

import type { ModelSpec } from '../model-spec.ts';
import { cholesky, solveLower, solveLowerTransposed } from '../twin/linear.ts';
import { priorCurvature, startingPoint } from '../twin/transform.ts';
import { modelImage } from './image.ts';
import { type Lag, lagProduct, lagsWithin } from './lags.ts';

/** Noise of images that were resampled or drizzled is correlated over two or three pixels; beyond this nothing is looked at. */
const RADIUS = 5;
/** Shears are the first two parameters: what the widths are asked for. */
const SHEARS = 2;

export interface Absorption {
  /** Nearest first: along x, along y, and both diagonals are the first four. */
  readonly lags: readonly Lag[];
  /** tr(H⁻¹ Γ_h) of each lag. */
  readonly absorbed: Float64Array;
  /** tr(H⁻¹ Γ_0): the degrees of freedom that the fit takes. */
  readonly freedom: number;
  /** What ρ_h and ρ_−h together add to the variance of a shear, in units of that with independent noise; mean of both shears. */
  readonly weights: Float64Array;
}

/** @param spec with the fixed values of the galaxy that it is asked at */
export function absorptionOf(spec: ModelSpec): Absorption {
  const { nx, ny, free: d } = spec;
  const q = startingPoint(spec);
  const slopes = gradientImages(spec, q);
  const gamma = (lag: Lag) =>
    Float64Array.from({ length: d * d }, (_, i) => lagProduct(slopes[Math.floor(i / d)], slopes[i % d], nx, ny, lag));
  const inPlace = gamma({ dx: 0, dy: 0 });
  const inverse = inverseOf(withPrior(inPlace, priorCurvature(spec, q)), d);
  const traced = (matrix: Float64Array) => matrix.reduce((sum, value, i) => sum + value * inverse[i], 0);
  // Diagonal of H⁻¹ Γ H⁻¹ for the shears.
  const scatter = (matrix: Float64Array, shear: number) => {
    let sum = 0;
    for (let a = 0; a < d; a++)
      for (let b = 0; b < d; b++) sum += inverse[shear * d + a] * matrix[a * d + b] * inverse[shear * d + b];
    return sum;
  };
  const lags = lagsWithin(RADIUS);
  const gammas = lags.map(gamma);
  const weight = (matrix: Float64Array) => {
    let sum = 0;
    for (let shear = 0; shear < SHEARS; shear++) sum += (2 * scatter(matrix, shear)) / scatter(inPlace, shear);
    return sum / SHEARS;
  };
  return {
    lags,
    absorbed: Float64Array.from(gammas, traced),
    freedom: traced(inPlace),
    weights: Float64Array.from(gammas, weight),
  };
}

/** Central differences: their error, about 1e-7 of a slope, is nothing beside that of one galaxy standing for all. */
const STEP = 1e-3;

function gradientImages(spec: ModelSpec, q: Float64Array): Float64Array[] {
  return Array.from(q, (_, j) => {
    const [above, below] = [q.slice(), q.slice()];
    above[j] += STEP;
    below[j] -= STEP;
    const [high, low] = [modelImage(spec, above), modelImage(spec, below)];
    return high.map((value, i) => (value - low[i]) / (2 * STEP * spec.noiseSigma));
  });
}

function withPrior(information: Float64Array, prior: Float64Array): Float64Array {
  const sum = information.slice();
  for (let i = 0; i < prior.length; i++) sum[i * prior.length + i] += prior[i];
  return sum;
}

function inverseOf(matrix: Float64Array, d: number): Float64Array {
  const lower = cholesky(matrix, d);
  const inverse = new Float64Array(d * d);
  for (let j = 0; lower && j < d; j++) {
    const unit = new Float64Array(d);
    unit[j] = 1;
    const column = solveLowerTransposed(lower, solveLower(lower, unit, d), d);
    for (let i = 0; i < d; i++) inverse[i * d + j] = column[i];
  }
  return inverse;
}
