/** The error of a whole image model: galaxy mixture and PSF mixture together, for the round galaxy. */
import type { MixtureComponent } from '../model-spec.ts';
import { blur, blurMixture, radialGrid } from './blur.ts';
import { type MixtureError, OUTER_RADIUS } from './derive.ts';
import type { RadialProfile } from './profiles.ts';

interface ScaledProfile {
  readonly profile: RadialProfile;
  /** Pixels per unit of the profile's radius. */
  readonly unit: number;
}

export interface ImageModel {
  /** Mixture variances in px². */
  readonly galaxy: ScaledProfile & { readonly mixture: readonly MixtureComponent[] };
  /** A PSF without a profile of its own is its mixture, exactly. */
  readonly psf: { readonly profile?: ScaledProfile; readonly mixture: readonly MixtureComponent[] };
  /** Further Gaussian blur, px²: the pixel. */
  readonly extraVariance: number;
}

const GRID = 96;

/**
 * To first order the error is (galaxy − its mixture) ⊗ PSF mixture + galaxy mixture ⊗ (PSF − its mixture): each term is a
 * sum of residuals blurred by Gaussians, so nothing but one-dimensional integrals is needed.
 */
export function modelError(model: ImageModel): MixtureError {
  const { galaxy, psf, extraVariance } = model;
  const narrowest = Math.sqrt(Math.min(...psf.mixture.map((c) => c.variance)) + extraVariance);
  const outer = OUTER_RADIUS * Math.max(galaxy.unit, psf.profile?.unit ?? 0);
  const { radius, width } = radialGrid(narrowest, outer, GRID);
  const sum = { value: new Float64Array(GRID), response: new Float64Array(GRID) };
  const total = { value: new Float64Array(GRID), response: new Float64Array(GRID) };
  const addResidual = (
    of: ScaledProfile & { mixture: readonly MixtureComponent[] },
    by: readonly MixtureComponent[],
  ) => {
    // Gaussian profiles are their own mixture.
    if (of.mixture.length === 1) return;
    const inUnits = of.mixture.map((c) => ({ ...c, variance: c.variance / of.unit ** 2 }));
    const scaled = radius.map((r) => r / of.unit);
    for (const part of by) {
      const sigma = Math.sqrt(part.variance + extraVariance) / of.unit;
      const truth = blur(of.profile, sigma, scaled);
      const mixed = blurMixture(inUnits, sigma, scaled);
      const weight = part.amplitude / of.unit ** 2;
      for (let i = 0; i < GRID; i++) {
        sum.value[i] += weight * (mixed.value[i] - truth.value[i]);
        sum.response[i] += weight * (mixed.response[i] - truth.response[i]);
      }
    }
  };
  addResidual(galaxy, psf.mixture);
  if (psf.profile) addResidual({ ...psf.profile, mixture: psf.mixture }, galaxy.mixture);
  for (const part of psf.mixture) {
    const curve = blurMixture(galaxy.mixture, Math.sqrt(part.variance + extraVariance), radius);
    for (let i = 0; i < GRID; i++) {
      total.value[i] += part.amplitude * curve.value[i];
      total.response[i] += part.amplitude * curve.response[i];
    }
  }
  let across = 0;
  let norm = 0;
  for (let i = 0; i < GRID; i++) {
    const area = radius[i] * width[i];
    across += area * sum.response[i] * total.response[i];
    norm += area * total.response[i] ** 2;
  }
  const largest = sum.value.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  return { ofPeak: largest / total.value[0], shear: norm > 0 ? -across / norm : 0 };
}
