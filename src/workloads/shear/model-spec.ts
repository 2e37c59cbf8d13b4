/**
 * Everything a shear posterior needs besides its pixels: the shared input of the WGSL kernels and of their f64 twin.
 * Lengths are pixels, positions are relative to the stamp centre (`ALGORITHM.md`); arcseconds appear only in output.
 */

/** A Gaussian of a galaxy or PSF mixture. */
export interface MixtureComponent {
  /** Flux fraction; a mixture's amplitudes sum to 1. */
  readonly amplitude: number;
  /** Per-axis variance: hlr² for a galaxy, FWHM² or px² for a PSF (its table says which). */
  readonly variance: number;
}

/** A galaxy component convolved with a PSF component. */
export interface ModelComponent {
  /** Product of the two amplitudes; sums to 1 over the model. */
  readonly amplitude: number;
  /** v_k, in hlr². */
  readonly galaxyVariance: number;
  /** s_k, in px², including the pixel rule's 0.0187807. */
  readonly psfVariance: number;
}

export interface NormalPrior {
  readonly mean: number;
  readonly sigma: number;
}

export interface UniformPrior {
  readonly low: number;
  readonly high: number;
}

export interface ShearPrior {
  readonly g1: NormalPrior;
  readonly g2: NormalPrior;
  /** Pixels from the stamp centre. */
  readonly x: UniformPrior;
  readonly y: UniformPrior;
  /** Mean is the log of the median. Used where flux is free. */
  readonly logFlux: NormalPrior;
  /** Of the half-light radius in pixels. Used where it is free. */
  readonly logHlrPx: NormalPrior;
  /** Both ellipticity components, about 0. Used where they are free. */
  readonly e: { readonly sigma: number };
}

/** `gaussian-split` turns exactly in the unit Gaussian's phase space and kicks by what is left of the force. */
export type Integrator = 'gaussian-split' | 'leapfrog' | 'minimal-norm';

export interface SamplerSpec {
  readonly chains: number;
  /** Transitions before the draws; 0 keeps the initial step size. */
  readonly warmup: number;
  readonly draws: number;
  readonly integrator: Integrator;
  /** Integrator steps a transition. */
  readonly steps: number;
  readonly initialStepSize: number;
  readonly targetAcceptance: number;
  /** Step sizes are clamped to [minStepSize, maxStepSize]; a chosen one that is not adapted is both. */
  readonly minStepSize: number;
  readonly maxStepSize: number;
  /** Half-width of the step size's deterministic jitter, as a fraction. */
  readonly jitter: number;
  /** How often the item was sampled before: each attempt takes random numbers of its own. */
  readonly attempt: number;
}

/** Values of the parameters that may be known instead of fitted; those of an item where galaxies differ. */
export interface FixedValues {
  readonly flux: number;
  readonly hlrPx: number;
  readonly e1: number;
  readonly e2: number;
}

/** The fixed values here are the configured ones; an item's own take their place (`ShearProblem.fixed`). */
export interface ModelSpec extends FixedValues {
  readonly nx: number;
  readonly ny: number;
  readonly pixelScaleArcsec: number;
  readonly components: readonly ModelComponent[];
  /** Standard deviation of the pixel noise. */
  readonly noiseSigma: number;
  /** The data are a simulation without noise: χ² says nothing then. */
  readonly noiseFree?: boolean;
  /** g1 g2 x y; 6: + flux hlr; 8: + e1 e2. */
  readonly free: 4 | 6 | 8;
  readonly prior: ShearPrior;
  readonly sampler: SamplerSpec;
}

/** Gradients of one chain in one transition. */
export function gradientsPerTransition({ sampler }: ModelSpec): number {
  return sampler.steps * (sampler.integrator === 'minimal-norm' ? 2 : 1);
}

/** Smallest step size that adaptation goes down to. */
export const MIN_STEP_SIZE = 1e-3;

/** Evaluations of the fit: the start and twelve Levenberg–Marquardt steps. */
export const FIT_EVALUATIONS = 13;
