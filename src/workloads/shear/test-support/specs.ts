/** Model specs for tests: the `level0` geometry, and one for any GalSim stamp. */
import { keyOfSeed } from '../../../stats/threefry.ts';
import { chooseMixture } from '../mixtures/choose.ts';
import type { MixtureAccuracy } from '../mixtures/tables.ts';
import { MIN_STEP_SIZE, type ModelSpec, type SamplerSpec } from '../model-spec.ts';
import { fillNormals, PURPOSE } from '../twin/streams.ts';
import type { GalsimStamp } from './galsim.ts';

export const leapfrogSampler: SamplerSpec = {
  chains: 4,
  warmup: 64,
  draws: 160,
  integrator: 'leapfrog',
  steps: 1,
  initialStepSize: 1.2,
  targetAcceptance: 0.8,
  minStepSize: MIN_STEP_SIZE,
  maxStepSize: 1.5,
  jitter: 0.3,
  attempt: 0,
};

export const minimalNormSampler: SamplerSpec = {
  ...leapfrogSampler,
  integrator: 'minimal-norm',
  initialStepSize: 1.6,
  targetAcceptance: 0.9,
  maxStepSize: 1.95,
};

/** 48 × 48 px of 0.1″, an exponential of flux 1000 and hlr 0.5″, Gaussian PSF σ 0.1″, noise 0.1; SHINE's priors. */
export function level0Spec(free: 4 | 6 | 8 = 4, changes: Partial<ModelSpec> = {}): ModelSpec {
  return {
    nx: 48,
    ny: 48,
    pixelScaleArcsec: 0.1,
    components: chooseMixture({ sersicIndex: 1, hlrPx: 5 }, { kind: 'gaussian', sigmaPx: 1 }).components,
    noiseSigma: 0.1,
    free,
    flux: 1000,
    hlrPx: 5,
    e1: 0,
    e2: 0,
    prior: {
      g1: { mean: 0.02, sigma: 0.05 },
      g2: { mean: -0.01, sigma: 0.05 },
      x: { low: -0.5, high: 0.5 },
      y: { low: -0.5, high: 0.5 },
      logFlux: { mean: Math.log(1000), sigma: 0.2 },
      logHlrPx: { mean: Math.log(5), sigma: 0.2 },
      e: { sigma: 0.1 },
    },
    sampler: free === 4 ? leapfrogSampler : minimalNormSampler,
    ...changes,
  };
}

/** The model of a GalSim stamp, with priors too wide to matter and noise far below the model's error. */
export function stampSpec(stamp: GalsimStamp, accuracy: MixtureAccuracy = 'standard'): ModelSpec {
  const { flux, hlrPx, e1, e2 } = stamp.galaxy;
  const shape = { sersicIndex: stamp.sersicIndex, hlrPx, ellipticity: Math.hypot(e1, e2) };
  const wide = { mean: 0, sigma: 100 };
  return level0Spec(4, {
    nx: stamp.size,
    ny: stamp.size,
    pixelScaleArcsec: stamp.scaleArcsec,
    components: chooseMixture(shape, stamp.psf, accuracy).components,
    noiseSigma: 1e-5 * stamp.peak,
    flux,
    hlrPx,
    e1,
    e2,
    prior: { ...level0Spec().prior, g1: wide, g2: wide, x: { low: -2, high: 2 }, y: { low: -2, high: 2 } },
  });
}

/** A noise-free image with the noise of a seed, by the addresses of `ALGORITHM.md` (purpose 16, a pixel pair a counter). */
export function withNoise(image: ArrayLike<number>, sigma: number, seed: number): Float32Array {
  const key = keyOfSeed(seed);
  const pair = new Float64Array(2);
  return Float32Array.from(image, (value, pixel) => {
    if (pixel % 2 === 0) fillNormals(key, pixel >> 1, 0, PURPOSE.pixelNoise, pair);
    return value + sigma * pair[pixel % 2];
  });
}
