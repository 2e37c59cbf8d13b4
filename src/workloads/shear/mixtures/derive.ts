/** Derives a mixture of Gaussians for a round profile by nonlinear least squares, and measures its error. */
import type { MixtureComponent } from '../model-spec.ts';
import { blur, blurMixture, type RadialCurve, radialGrid } from './blur.ts';
import { levenbergMarquardt } from './least-squares.ts';
import type { RadialProfile } from './profiles.ts';

/** How far a mixture is from its profile, both blurred by the same Gaussian. */
export interface MixtureError {
  /** Largest difference over the peak. */
  readonly ofPeak: number;
  /** First-order shear bias m of a fit to a large stamp with white noise: ⟨δ(rI′), rI′⟩ / ⟨rI′, rI′⟩. */
  readonly shear: number;
}

/** Radius to which a fit and its error figures look: the corner of a stamp 20 half-light radii (or FWHM) wide lies inside. */
export const OUTER_RADIUS = 16;
const GRID = 240;
/**
 * Extra weight of the centre, where all of a galaxy's sharpness and a mixture's largest error sit: rows count as if their
 * radius were r + 8σ. Measured against plain area weights for an exponential, K = 6, σ = 0.2 hlr: largest error 0.9e-4 of
 * the peak instead of 2.9e-4, and a slightly smaller shear bias too.
 */
const CENTRE = 8;

/** The error of `mixture` where the image is blurred by at least `sigma` (in the profile's unit of length). */
export function mixtureError(
  profile: RadialProfile,
  mixture: readonly MixtureComponent[],
  sigma: number,
): MixtureError {
  const { radius, width } = radialGrid(sigma, OUTER_RADIUS, GRID);
  const target = blur(profile, sigma, radius);
  const model = blurMixture(mixture, sigma, radius);
  let largest = 0;
  let across = 0;
  let norm = 0;
  for (let i = 0; i < radius.length; i++) {
    const area = radius[i] * width[i];
    largest = Math.max(largest, Math.abs(model.value[i] - target.value[i]));
    across += area * (model.response[i] - target.response[i]) * target.response[i];
    norm += area * target.response[i] ** 2;
  }
  return { ofPeak: largest / target.value[0], shear: -across / norm };
}

/**
 * A mixture of `count` Gaussians for a profile that will never be seen sharper than through a Gaussian of `sigma`
 * (in the profile's unit of length). Minimises, over radii weighted by area, the squared difference of the image and of
 * its shear response r·dI/dr, each in units of its own norm; amplitudes are positive and sum to 1.
 */
export function deriveMixture(
  profile: RadialProfile,
  count: number,
  sigma: number,
  iterations: number,
): MixtureComponent[] {
  const { radius, width } = radialGrid(sigma, OUTER_RADIUS, GRID);
  const target = blur(profile, sigma, radius);
  const weights = rowWeights(target, width, sigma);
  const start = new Float64Array(2 * count);
  const smallest = Math.log(0.15 * sigma * sigma);
  const largest = Math.log(startingReach(target, width));
  for (let k = 0; k < count; k++) {
    start[k] = count === 1 ? largest : smallest + ((largest - smallest) * k) / (count - 1);
    start[count + k] = 0;
  }
  const rows = 2 * radius.length;
  const parameters = levenbergMarquardt(
    start,
    rows,
    (p, residual, jacobian) => evaluate(p, count, sigma, target, weights, residual, jacobian),
    iterations,
  );
  return toMixture(parameters, count).sort((a, b) => a.variance - b.variance);
}

/** √(area weight) over the norm of the target, for the image rows and for the response rows. */
function rowWeights(
  target: RadialCurve,
  width: Float64Array,
  sigma: number,
): { value: Float64Array; response: Float64Array } {
  const norm = (curve: Float64Array) =>
    Math.sqrt(curve.reduce((sum, c, i) => sum + c * c * target.radius[i] * width[i], 0));
  const valueNorm = norm(target.value);
  const responseNorm = norm(target.response);
  const area = target.radius.map((r, i) => Math.sqrt((r + CENTRE * sigma) * width[i]));
  return { value: area.map((a) => a / valueNorm), response: area.map((a) => a / responseNorm) };
}

/** The variance of a Gaussian that reaches as far as the radius which holds 95 % of the flux seen. */
function startingReach(target: RadialCurve, width: Float64Array): number {
  let total = 0;
  for (let i = 0; i < width.length; i++) total += target.value[i] * target.radius[i] * width[i];
  let inside = 0;
  for (let i = 0; i < width.length; i++) {
    inside += target.value[i] * target.radius[i] * width[i];
    if (inside > 0.95 * total) return (0.6 * target.radius[i]) ** 2;
  }
  return 1;
}

/** Parameters are log variances, then log amplitudes up to a common constant (a softmax). */
function toMixture(parameters: Float64Array, count: number): MixtureComponent[] {
  const logs = parameters.subarray(count, 2 * count);
  const top = Math.max(...logs);
  const total = logs.reduce((sum, l) => sum + Math.exp(l - top), 0);
  return Array.from(logs, (l, k) => ({ amplitude: Math.exp(l - top) / total, variance: Math.exp(parameters[k]) }));
}

function evaluate(
  parameters: Float64Array,
  count: number,
  sigma: number,
  target: RadialCurve,
  weights: { value: Float64Array; response: Float64Array },
  residual: Float64Array,
  jacobian: Float64Array,
): void {
  const mixture = toMixture(parameters, count);
  const n = target.radius.length;
  const columns = 2 * count;
  const values = new Float64Array(count);
  const responses = new Float64Array(count);
  for (let i = 0; i < n; i++) {
    const rr = target.radius[i] ** 2;
    let value = 0;
    let response = 0;
    for (let k = 0; k < count; k++) {
      const { amplitude, variance } = mixture[k];
      const inverse = 1 / (variance + sigma * sigma);
      const square = rr * inverse;
      const density = ((amplitude * inverse) / (2 * Math.PI)) * Math.exp(-0.5 * square);
      values[k] = density;
      responses[k] = -square * density;
      value += density;
      response -= square * density;
      const share = variance * inverse;
      jacobian[i * columns + k] = weights.value[i] * share * density * (0.5 * square - 1);
      jacobian[(n + i) * columns + k] = -weights.response[i] * share * square * density * (0.5 * square - 2);
    }
    for (let k = 0; k < count; k++) {
      jacobian[i * columns + count + k] = weights.value[i] * (values[k] - mixture[k].amplitude * value);
      jacobian[(n + i) * columns + count + k] = weights.response[i] * (responses[k] - mixture[k].amplitude * response);
    }
    residual[i] = weights.value[i] * (value - target.value[i]);
    residual[n + i] = weights.response[i] * (response - target.response[i]);
  }
}
