/**
 * Round profiles of unit flux, in Fourier and in real space, one unit of length wide each: galaxies in half-light radii,
 * Gaussian PSFs in σ, Moffat PSFs in r0.
 */
import { logGamma, sersicB } from './gamma.ts';
import { moffatTransform } from './moffat.ts';
import { sersicTransform } from './sersic.ts';

/** A round surface-brightness profile of total flux 1. */
export interface RadialProfile {
  /** Fourier amplitude at squared wave number k² (inverse squared units); 1 at k = 0. */
  amplitude(kSquared: number): number;
  /** Surface brightness at radius r, per unit area. Falls with r. */
  brightness(r: number): number;
}

export type GalaxyProfile = 'exponential' | 'gaussian' | 'devaucouleurs' | 'sersic';

/** Half-light radius of the exponential disk in scale radii (root of (1 + x) e^(−x) = 1/2). */
const exponentialHlr = 1.6783469900166605;

/** Gaussian of σ = 1. */
export const unitGaussian: RadialProfile = {
  amplitude: (kSquared) => Math.exp(-0.5 * kSquared),
  brightness: (r) => Math.exp(-0.5 * r * r) / (2 * Math.PI),
};

/** A galaxy of half-light radius 1; `sersicIndex` matters for `sersic` only. */
export function galaxyProfile(profile: GalaxyProfile, sersicIndex: number): RadialProfile {
  switch (profile) {
    case 'exponential': {
      const r0 = 1 / exponentialHlr;
      return {
        amplitude: (kSquared) => {
          const base = 1 + kSquared * r0 * r0;
          return 1 / (base * Math.sqrt(base));
        },
        brightness: (r) => Math.exp(-r / r0) / (2 * Math.PI * r0 * r0),
      };
    }
    case 'gaussian': {
      const variance = 1 / (2 * Math.LN2);
      return {
        amplitude: (kSquared) => unitGaussian.amplitude(kSquared * variance),
        brightness: (r) => unitGaussian.brightness(r / Math.sqrt(variance)) / variance,
      };
    }
    case 'devaucouleurs':
      return sersicProfile(4);
    case 'sersic':
      return sersicProfile(sersicIndex);
  }
}

function sersicProfile(n: number): RadialProfile {
  const transform = sersicTransform(n);
  const b = sersicB(n);
  const logNorm = 2 * n * Math.log(b) - Math.log(2 * Math.PI * n) - logGamma({ re: 2 * n, im: 0 }).re;
  return {
    amplitude: (kSquared) => (kSquared === 0 ? 1 : transform(0.5 * Math.log(kSquared))),
    brightness: (r) => Math.exp(logNorm - b * r ** (1 / n)),
  };
}

/** Moffat PSF of scale radius r0 = 1. */
export function moffatProfile(beta: number): RadialProfile {
  const transform = moffatTransform(beta);
  return {
    amplitude: (kSquared) => (kSquared === 0 ? 1 : transform(0.5 * Math.log(kSquared))),
    brightness: (r) => ((beta - 1) / Math.PI) * (1 + r * r) ** -beta,
  };
}
