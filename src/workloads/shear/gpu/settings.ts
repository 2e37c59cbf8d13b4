/** The constants of a run as the kernels read them. */
import type { FixedValues, ModelSpec } from '../model-spec.ts';
import { SETTINGS_WORDS } from './layout.ts';

const precision = (sigma: number) => 1 / (sigma * sigma);

/** `Settings` of shaders/shear/posterior.wgsl, in its order, padded to 16 bytes. Flux is in units of the pixel noise. */
export function settingsWords(spec: ModelSpec): Float32Array<ArrayBuffer> {
  const { prior, sampler } = spec;
  const logSigma = Math.log(spec.noiseSigma);
  const words = [
    prior.g1.mean,
    precision(prior.g1.sigma),
    prior.g2.mean,
    precision(prior.g2.sigma),
    (prior.x.low + prior.x.high) / 2,
    prior.x.high - prior.x.low,
    (prior.y.low + prior.y.high) / 2,
    prior.y.high - prior.y.low,
    prior.logFlux.mean - logSigma,
    precision(prior.logFlux.sigma),
    prior.logHlrPx.mean,
    precision(prior.logHlrPx.sigma),
    precision(prior.e.sigma),
    sampler.initialStepSize,
    sampler.minStepSize,
    sampler.maxStepSize,
    sampler.targetAcceptance,
    sampler.jitter,
    0,
    0,
  ];
  if (words.length !== SETTINGS_WORDS) throw new Error('settings.ts and layout.ts disagree');
  return Float32Array.from(words);
}

/** An item's fixed values as `Posterior` of shaders/shear/state.wgsl holds them, from `logAmplitude` on. */
export function fixedWords({ noiseSigma }: ModelSpec, fixed: FixedValues): number[] {
  return [Math.log(fixed.flux) - Math.log(noiseSigma), fixed.hlrPx, fixed.e1, fixed.e2];
}

/** Start of the fit in q: prior means, the middle of the position prior, prior medians. */
export function startWords(spec: ModelSpec): number[] {
  const { prior } = spec;
  return [
    prior.g1.mean,
    prior.g2.mean,
    0,
    0,
    prior.logFlux.mean - Math.log(spec.noiseSigma),
    prior.logHlrPx.mean,
    0,
    0,
  ];
}

/** Components as vec4f: amplitude, v_k in hlr², s_k in px². */
export function componentWords(spec: ModelSpec): Float32Array<ArrayBuffer> {
  return Float32Array.from(spec.components.flatMap((c) => [c.amplitude, c.galaxyVariance, c.psfVariance, 0]));
}
