/** A round profile convolved with a round Gaussian, along its radius. */
import type { RadialProfile } from './profiles.ts';
import { gaussLegendre, scaledBesselI01 } from './special.ts';

/** Radii, and at each the blurred profile and its logarithmic slope term r·dI/dr. */
export interface RadialCurve {
  readonly radius: Float64Array;
  readonly value: Float64Array;
  /** r dI/dr: what shear responds to (a small shear g changes I by −g r dI/dr cos 2φ). */
  readonly response: Float64Array;
}

/** The Gaussian is cut at this many σ: e^(−40) of its peak. */
const REACH = 9;
const PANELS = 8;
const RULE = gaussLegendre(20);

/** Radii from 0 to `outer`, spaced like σ near the centre and like the radius itself outside (r = σ sinh t), with dr of each. */
export function radialGrid(sigma: number, outer: number, count: number): { radius: Float64Array; width: Float64Array } {
  const radius = new Float64Array(count);
  const width = new Float64Array(count);
  const step = Math.asinh(outer / sigma) / count;
  for (let i = 0; i < count; i++) {
    const t = (i + 0.5) * step;
    radius[i] = sigma * Math.sinh(t);
    width[i] = sigma * Math.cosh(t) * step;
  }
  return { radius, width };
}

/**
 * Convolves with a Gaussian of per-axis standard deviation `sigma` (same unit as the radius):
 * I(r) = ∫ p(s) e^(−(r−s)²/2σ²) [e^(−x) I0(x)] s ds / σ², x = r s/σ². No term changes sign, so no digits are lost.
 */
export function blur(profile: RadialProfile, sigma: number, radius: Float64Array): RadialCurve {
  const value = new Float64Array(radius.length);
  const response = new Float64Array(radius.length);
  const variance = sigma * sigma;
  for (let i = 0; i < radius.length; i++) {
    const r = radius[i];
    const low = Math.max(0, r - REACH * sigma) ** (1 / profile.power);
    const high = (r + REACH * sigma) ** (1 / profile.power);
    const half = (high - low) / (2 * PANELS);
    let sum = 0;
    let slope = 0;
    for (let panel = 0; panel < PANELS; panel++) {
      const middle = low + (2 * panel + 1) * half;
      for (let j = 0; j < RULE.nodes.length; j++) {
        const u = middle + half * RULE.nodes[j];
        const s = u ** profile.power;
        const measure = (RULE.weights[j] * half * profile.power * s * s) / u;
        const [i0, i1] = scaledBesselI01((r * s) / variance);
        const weight = measure * profile.value(s) * Math.exp((-0.5 * (r - s) ** 2) / variance);
        sum += weight * i0;
        slope += weight * (s * i1 - r * i0);
      }
    }
    value[i] = sum / variance;
    response[i] = (r * slope) / (variance * variance);
  }
  return { radius, value, response };
}

/** The same for a mixture, in closed form. Variances in the square of the radius's unit. */
export function blurMixture(
  mixture: readonly { readonly amplitude: number; readonly variance: number }[],
  sigma: number,
  radius: Float64Array,
): RadialCurve {
  const value = new Float64Array(radius.length);
  const response = new Float64Array(radius.length);
  for (const { amplitude, variance } of mixture) {
    const inverse = 1 / (variance + sigma * sigma);
    for (let i = 0; i < radius.length; i++) {
      const square = radius[i] * radius[i] * inverse;
      const density = ((amplitude * inverse) / (2 * Math.PI)) * Math.exp(-0.5 * square);
      value[i] += density;
      response[i] -= square * density;
    }
  }
  return { radius, value, response };
}
