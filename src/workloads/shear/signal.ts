/** How bright a galaxy stands above its noise, and whether single precision and the posterior can do with that. */
import { ConfigError } from '../workload.ts';
import type { ModelComponent } from './model-spec.ts';
import type { ShearParams } from './params.ts';

/** Above this, rounding the model to 32 bits (about 3e-7 of the peak) moves the posterior by a good part of its width. */
const MAX_SIGNAL_TO_NOISE = 2e6;
/** Below this the image says next to nothing: the posterior is the prior. */
const MIN_SIGNAL_TO_NOISE = 1;

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
