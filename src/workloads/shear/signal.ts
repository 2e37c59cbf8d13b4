/** How bright a galaxy stands above its noise, and whether single precision, the posterior and the sum of Gaussians can do with that. */
import { ConfigError } from '../workload.ts';
import type { ChosenMixture } from './mixtures/choose.ts';
import type { ModelComponent } from './model-spec.ts';
import type { ShearParams } from './params.ts';

/** Above this, rounding the model to 32 bits (about 3e-7 of the peak) moves the posterior by a good part of its width. */
const MAX_SIGNAL_TO_NOISE = 2e6;
/** Below this the image says next to nothing: the posterior is the prior. */
const MIN_SIGNAL_TO_NOISE = 1;
/** Shear bias of the model that is worth a warning (weak lensing surveys ask for about 1e-3), and that refuses the run. */
const NOTABLE_SHEAR_BIAS = 1e-3;
const MAX_SHEAR_BIAS = 1e-2;

/**
 * Signal-to-noise ratio of the whole round image, √Σ m² / σ: in the continuum Σ m² of two Gaussians of variances a, b is their overlap
 * w_a w_b / (2π (a + b)) px⁻².
 */
export function signalToNoiseOf(
  components: readonly ModelComponent[],
  hlrPx: number,
  flux: number,
  noiseSigma: number,
): number {
  let squared = 0;
  for (const a of components) {
    for (const b of components) {
      const variance = (a.galaxyVariance + b.galaxyVariance) * hlrPx * hlrPx + a.psfVariance + b.psfVariance;
      squared += (a.amplitude * b.amplitude) / (2 * Math.PI * variance);
    }
  }
  return (flux * Math.sqrt(squared)) / noiseSigma;
}

/** @throws ConfigError naming the noise where the ratio is out of range or no number. */
export function checkSignalToNoise({ flux, noiseSigma }: ShearParams, ratio: number): void {
  if (ratio >= MIN_SIGNAL_TO_NOISE && ratio <= MAX_SIGNAL_TO_NOISE) return;
  const makes = `Pixel noise σ (noiseSigma): ${noiseSigma} with a flux of ${flux} makes a signal-to-noise ratio of ${Number(ratio.toPrecision(3))}`;
  // The noise at which the ratio would be just allowed; rounded to the safe side.
  const atLimit = (limit: number, slack: number) => Number((slack * noiseSigma * (ratio / limit)).toPrecision(2));
  if (ratio < MIN_SIGNAL_TO_NOISE) {
    throw new ConfigError(
      'params.noiseSigma',
      `${makes}; below ${MIN_SIGNAL_TO_NOISE} the image says nothing about the shear. Give a noise of at most ${atLimit(MIN_SIGNAL_TO_NOISE, 0.9)}, or more flux.`,
    );
  }
  const advice = Number.isFinite(ratio)
    ? `at least ${atLimit(MAX_SIGNAL_TO_NOISE, 1.1)}, or less flux`
    : 'and a flux of ordinary size';
  throw new ConfigError(
    'params.noiseSigma',
    `${makes}; 32-bit numbers carry seven digits, which is enough up to ${MAX_SIGNAL_TO_NOISE.toExponential()}. Give a noise of ${advice}.`,
  );
}

/** @throws ConfigError where the sum of Gaussians draws the galaxy so badly that shears come out wrong by a percent. */
export function checkModelError({ halfLightRadiusArcsec }: ShearParams, { shear, ofPeak }: ChosenMixture): void {
  if (Math.abs(shear) <= MAX_SHEAR_BIAS) return;
  throw new ConfigError(
    'params.halfLightRadiusArcsec',
    `Half-light radius (halfLightRadiusArcsec): ${halfLightRadiusArcsec} arcsec is too small for this PSF: the model would be off by ${percent(ofPeak)} of the peak and its shears by ${percent(Math.abs(shear))}. Give a larger radius or a narrower PSF.`,
  );
}

/** What to say of a model whose own shear bias counts. */
export function modelWarnings(shearBias: number): string[] {
  if (Math.abs(shearBias) <= NOTABLE_SHEAR_BIAS) return [];
  return [
    `The model itself biases shear by m ≈ ${shearBias.toExponential(1)}: the galaxy is too small for this PSF. A larger half-light radius, a narrower PSF or a finer model makes it smaller.`,
  ];
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
