/**
 * Shear: 2 parameters (g1, g2) of a galaxy stamp of 48 × 48 pixels, as in the preset `level0` of the shear experiment: an exponential galaxy of
 * known flux and size under a known PSF, known Gaussian pixel noise, g1 ~ N(0.02, 0.05²), g2 ~ N(−0.01, 0.05²), and the galaxy anywhere in
 * the central pixel. x are 14 summaries of the stamp (`shear/basis.ts`); the position is integrated out.
 *
 * Numbers: prior 0–1 are the normals of g, 2–3 the uniforms of the position, low to high over the pixel; noise 0–13 the normals z of
 * x = S(g, position) + z, S by `shear/emulator.ts`.
 * Posterior: `shear/posterior.ts`.
 */
import type { RandomKey } from '../../../stats/threefry.ts';
import { normalOf, PURPOSE, uniformOf, wordsOf } from './random.ts';
import { PARAMETERS, ShearEmulator, SUMMARIES } from './shear/emulator.ts';
import stamps from './shear/observations.json' with { type: 'json' };
import { ShearPosterior } from './shear/posterior.ts';
import {
  coefficients,
  NOISE_SIGMA,
  PIXEL_SCALE_ARCSEC,
  POSITION_REACH,
  SHEAR_PRIOR,
  STAMP,
  summarise,
} from './shear/tables.ts';
import type { FlowTask, Observation } from './task.ts';

const DIM = 2;
const emulator = new ShearEmulator(coefficients);

function noisySummaries(g: ArrayLike<number>, [u, v]: readonly number[], key: RandomKey, index: number): Float64Array {
  const position = [u, v].map((uniform) => POSITION_REACH * (2 * uniform - 1));
  const x = emulator.evaluate([g[0], g[1], ...position], new Float64Array(SUMMARIES));
  const z = wordsOf(key, index, PURPOSE.noise, SUMMARIES);
  return x.map((value, k) => value + normalOf(z[k]));
}

function simulateAt(theta: ArrayLike<number>, key: RandomKey, index: number): Float64Array {
  const words = wordsOf(key, index, PURPOSE.prior, PARAMETERS);
  return noisySummaries(theta, [uniformOf(words[2]), uniformOf(words[3])], key, index);
}

/** Noisy stamps that GalSim drew (`tests/shear/fixtures`), by their summaries. */
const observations: readonly Observation[] = stamps.observations.map(({ source, theta, x }) => ({
  id: `galsim-${source}`,
  label: `GalSim stamp ${source}`,
  theta: Float64Array.from(theta),
  x: Float64Array.from(x),
}));

export const shear: FlowTask = {
  id: 'shear',
  title: 'Shear',
  parameters: ['g1', 'g2'],
  thetaDim: DIM,
  xDim: SUMMARIES,
  prior: { kind: 'normal', ...SHEAR_PRIOR },
  table: coefficients,
  data: { shape: [STAMP, STAMP], taken: { pixelScaleArcsec: PIXEL_SCALE_ARCSEC, noiseSigma: NOISE_SIGMA }, summarise },
  simulate(key, index) {
    const words = wordsOf(key, index, PURPOSE.prior, PARAMETERS);
    const theta = Float64Array.from(
      { length: DIM },
      (_, i) => SHEAR_PRIOR.mean[i] + SHEAR_PRIOR.sd[i] * normalOf(words[i]),
    );
    return { theta, x: noisySummaries(theta, [uniformOf(words[2]), uniformOf(words[3])], key, index) };
  },
  simulateAt,
  logLikelihood: (theta, x) => new ShearPosterior(x).logLikelihood(theta),
  samplePosterior: (x, n, key) => new ShearPosterior(x).draws(n, key),
  posteriorLogDensity: (x) => new ShearPosterior(x).logDensity(),
  observations,
};
