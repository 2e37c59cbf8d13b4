/** From validated parameters to what kernels and twin need; checks across fields live here. */
import type { ImageStack } from '../../bundle/images.ts';
import { ConfigError, type RunInputs } from '../workload.ts';
import { imagesOf } from './files.ts';
import { worldTurn } from './image-axes.ts';
import { type ChosenMixture, chooseMixture, type GalaxyShape, type PsfShape } from './mixtures/choose.ts';
import { type Integrator, MIN_STEP_SIZE, type ModelSpec, type SamplerSpec } from './model-spec.ts';
import type { ShearParams } from './params.ts';
import { checkModelError, checkSignalToNoise, signalToNoiseOf } from './signal.ts';
import { type Turn, toPixels, turnedWidths } from './sky-axes.ts';
import { MAX_SHEAR } from './truth-values.ts';

/** Sérsic index of the named profiles. */
const sersicIndices = { exponential: 1, gaussian: 0.5, devaucouleurs: 4 } as const;
/** Beyond this the truth renderer would need grids of gigabytes, and four points a pixel no longer integrate the model. */
const minPsfSigmaPx = 0.2;
const minPsfFwhmPx = 1;
const minStampPx = 8;
const maxStampPx = 128;

export interface ShearModel {
  readonly spec: ModelSpec;
  readonly mixture: ChosenMixture;
}

/** The Sérsic index of the configured profile. */
export function sersicIndexOf(params: ShearParams): number {
  return params.profile === 'sersic' ? params.sersicIndex : sersicIndices[params.profile];
}

/** The configured PSF in pixels. */
export function psfOf(params: ShearParams): PsfShape {
  const scale = params.pixelScaleArcsec;
  return params.psf === 'gaussian'
    ? { kind: 'gaussian', sigmaPx: params.psfSigmaArcsec / scale }
    : { kind: 'moffat', beta: params.moffatBeta, fwhmPx: params.psfFwhmArcsec / scale };
}

/**
 * Model, priors and sampler of a run. Images set the stamp's size.
 * @throws ConfigError where fields that are fine alone do not fit together.
 */
export function shearModel(params: ShearParams, inputs: RunInputs, attempt = 0): ShearModel {
  const images = imagesOf(inputs);
  checkAcrossFields(params, images);
  const { pixelScaleArcsec: scale, positionPriorHalfWidthPx: half } = params;
  const hlrPx = params.halfLightRadiusArcsec / scale;
  const mixture = chooseMixture(hardestGalaxy(params), psfOf(params), params.modelAccuracy);
  checkModelError(params, mixture);
  const signalToNoise = signalToNoiseOf(mixture.components, hlrPx, params.flux, params.noiseSigma);
  checkSignalToNoise(params, signalToNoise);
  const position = { low: -half, high: half };
  const turn = worldTurn(images);
  const [e1, e2] = turn ? toPixels(turn, [params.e1, params.e2]) : [params.e1, params.e2];
  const spec: ModelSpec = {
    nx: images?.nx ?? params.stampSize,
    ny: images?.ny ?? params.stampSize,
    pixelScaleArcsec: scale,
    components: mixture.components,
    noiseSigma: params.noiseSigma,
    noiseFree: params.noiseFree && images === undefined,
    free: Number(params.freeParameters) as 4 | 6 | 8,
    flux: params.flux,
    hlrPx,
    e1,
    e2,
    prior: {
      ...shearPriors(params, turn),
      x: position,
      y: position,
      logFlux: { mean: Math.log(params.flux), sigma: params.fluxPriorLogSigma },
      logHlrPx: { mean: Math.log(hlrPx), sigma: params.hlrPriorLogSigma },
      e: { sigma: params.ePriorSigma },
    },
    sampler: samplerSpec(params, signalToNoise, attempt),
  };
  return { spec, mixture };
}

/** The priors on shear in pixel axes; where shears are asked for in world axes, they are given in those. */
function shearPriors(params: ShearParams, turn: Turn | undefined): Pick<ModelSpec['prior'], 'g1' | 'g2'> {
  const { g1PriorMean, g2PriorMean, g1PriorSigma, g2PriorSigma } = params;
  const [m1, m2] = turn ? toPixels(turn, [g1PriorMean, g2PriorMean]) : [g1PriorMean, g2PriorMean];
  if (!turn || g1PriorSigma === g2PriorSigma) {
    return { g1: { mean: m1, sigma: g1PriorSigma }, g2: { mean: m2, sigma: g2PriorSigma } };
  }
  if (turn.sin !== 0 && turn.cos !== 0) {
    fail(
      'g2PriorSigma',
      `g2 prior σ (g2PriorSigma): sky axes that are turned against the pixels need one width for both shears; ${g1PriorSigma} and ${g2PriorSigma} were given.`,
    );
  }
  const [s1, s2] = turnedWidths(turn, [g1PriorSigma, g2PriorSigma]);
  return { g1: { mean: m1, sigma: s1 }, g2: { mean: m2, sigma: s2 } };
}

/** The galaxy that the mixture must serve: the configured one, or of a population a large and elongated one. */
function hardestGalaxy(params: ShearParams): GalaxyShape {
  const { pixelScaleArcsec, halfLightRadiusArcsec, hlrPriorLogSigma, ePriorSigma } = params;
  const hlrPx = halfLightRadiusArcsec / pixelScaleArcsec;
  const sersicIndex = sersicIndexOf(params);
  if (params.morphology === 'same') return { sersicIndex, hlrPx, ellipticity: Math.hypot(params.e1, params.e2) };
  const ellipticity = Math.min(MAX_SERVED_ELLIPTICITY, POPULATION_WIDTHS * ePriorSigma);
  return { sersicIndex, hlrPx: hlrPx * Math.exp(POPULATION_WIDTHS * hlrPriorLogSigma), ellipticity };
}

/** One galaxy in forty is larger than this many widths above the median. */
const POPULATION_WIDTHS = 2;
const MAX_SERVED_ELLIPTICITY = 0.6;

/** First step size, target acceptance, jitter and room above the first step size, for trajectories of one step and of L. */
interface Tuning {
  readonly one: number;
  /** Length of a trajectory of L steps, in units of the posterior's width. */
  readonly length: number;
  readonly target: number;
  readonly room: number;
  readonly jitter: number;
}

/** What gives the most bulk and tail ESS a gradient on a unit Gaussian: `bench/NOTES.md`, "Sampler". */
const tunings: Readonly<Record<Integrator, Tuning>> = {
  // A quarter turn makes a draw independent of the last; nothing is gained beyond.
  'gaussian-split': { one: Math.PI / 2, length: Math.PI / 2, target: 0.85, room: 1, jitter: 0.1 },
  leapfrog: { one: 1.2, length: 1.7, target: 0.85, room: 1.2, jitter: 0.3 },
  'minimal-norm': { one: 1.6, length: 1.7, target: 0.9, room: 1.2, jitter: 0.3 },
};
/** A single leapfrog step does best at a lower acceptance. */
const singleLeapfrogTarget = 0.7;

/** Below this signal-to-noise ratio posteriors are visibly not Gaussian, and shorter turns mix better. */
const brightSignalToNoise = 300;

function samplerSpec(params: ShearParams, signalToNoise: number, attempt: number): SamplerSpec {
  const { chains, warmup, draws, integrator, stepSize } = params;
  const { one, length, target, room, jitter } = tunings[integrator];
  const steps = params.integratorSteps || automaticSteps(params, signalToNoise);
  const initialStepSize = stepSize || (steps === 1 ? one : length / steps);
  return {
    chains,
    warmup,
    draws,
    integrator,
    steps,
    initialStepSize,
    targetAcceptance: integrator === 'leapfrog' && steps === 1 ? singleLeapfrogTarget : target,
    // A chosen step size stays as it is, so that what it does can be seen.
    minStepSize: stepSize || MIN_STEP_SIZE,
    maxStepSize: stepSize || room * initialStepSize,
    jitter: stepSize ? 0 : jitter,
    attempt,
  };
}

function automaticSteps({ integrator, freeParameters }: ShearParams, signalToNoise: number): number {
  if (integrator !== 'gaussian-split') return integrator === 'leapfrog' ? 2 : 1;
  if (freeParameters === '8') return 3;
  return signalToNoise >= brightSignalToNoise ? 1 : 2;
}

function checkAcrossFields(params: ShearParams, images: ImageStack | undefined): void {
  if (images && Math.min(images.nx, images.ny) < minStampPx) {
    throw new ConfigError(
      'images',
      `${images.name}: stamps of ${images.ny} × ${images.nx} px are too small; at least ${minStampPx} px a side are needed.`,
    );
  }
  if (images && Math.max(images.nx, images.ny) > maxStampPx) {
    throw new ConfigError(
      'images',
      `${images.name}: stamps of ${images.ny} × ${images.nx} px are too large; cut out ${maxStampPx} px a side at most, with the galaxy in the centre.`,
    );
  }
  const psf = psfOf(params);
  if (psf.kind === 'gaussian' && psf.sigmaPx < minPsfSigmaPx) {
    const least = minPsfSigmaPx * params.pixelScaleArcsec;
    fail(
      'psfSigmaArcsec',
      `PSF σ (psfSigmaArcsec): ${params.psfSigmaArcsec} arcsec is ${round(psf.sigmaPx)} px, too sharp for its pixels; give at least ${round(least)} arcsec or a smaller pixel scale.`,
    );
  }
  if (psf.kind === 'moffat' && psf.fwhmPx < minPsfFwhmPx) {
    fail(
      'psfFwhmArcsec',
      `PSF FWHM (psfFwhmArcsec): ${params.psfFwhmArcsec} arcsec is ${round(psf.fwhmPx)} px, too sharp for its pixels; give at least ${round(minPsfFwhmPx * params.pixelScaleArcsec)} arcsec or a smaller pixel scale.`,
    );
  }
  const stampArcsec =
    Math.min(images?.nx ?? params.stampSize, images?.ny ?? params.stampSize) * params.pixelScaleArcsec;
  if (params.halfLightRadiusArcsec > stampArcsec / 2) {
    fail(
      'halfLightRadiusArcsec',
      `Half-light radius (halfLightRadiusArcsec): ${params.halfLightRadiusArcsec} arcsec does not fit a stamp of ${round(stampArcsec)} arcsec; give at most half of that, or larger stamps.`,
    );
  }
  if (Math.hypot(params.e1, params.e2) > MAX_SHEAR) {
    fail(
      'e1',
      `Ellipticity (e1, e2): |e| = ${round(Math.hypot(params.e1, params.e2))} is too large; keep it at most ${MAX_SHEAR}.`,
    );
  }
  const steep = params.shearGrid.find((g1) => Math.hypot(g1, params.g2) > MAX_SHEAR);
  if (!images && params.truthSource !== 'prior' && steep !== undefined) {
    fail(
      'shearGrid',
      `True shears (shearGrid, g2): (${steep}, ${params.g2}) has |g| above ${MAX_SHEAR}; give smaller shears.`,
    );
  }
}

function fail(key: keyof ShearParams, message: string): never {
  throw new ConfigError(`params.${key}`, message);
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
