/** The pixel loop, chain rule and fit of `shaders/shear` against their f64 twin: what `kernels.test.ts` and `kernels.validate.ts` hold their variants to. */
import { describe, expect, it } from 'vitest';
import type { GpuContext } from '../../../gpu/context.ts';
import { chooseMixture, type PsfShape } from '../mixtures/choose.ts';
import type { ModelSpec } from '../model-spec.ts';
import { fitPosterior } from '../twin/fit.ts';
import { cholesky, solveLower } from '../twin/linear.ts';
import { ShearPosterior } from '../twin/posterior.ts';
import { gpuDensities, gpuFits, gpuImages, shapeOf } from './gpu-probe.ts';
import { level0Spec, withNoise } from './specs.ts';

export interface KernelVariant {
  readonly psf: 'gaussian' | 'moffat';
  readonly free: 4 | 6 | 8;
  /** Threads a chain. */
  readonly threads: readonly number[];
}

/**
 * Where the tolerances come from. f32 keeps log(flux/σ) ≈ 9.2 to 4.8e-7; at a signal-to-noise ratio of 637 that is 3e-4 of the
 * posterior's width, in the gradient (whitened) and in the mode alike. A log density of size L is a sum of 1e3 f32 terms: 3e-6 L.
 * Measured: gradient 3.6e-4 near the mode and 8e-6 of its length far out, log density 5.1e-4 and 3.1e-6 L, mode 6.6e-4, H 1.8e-6.
 */
const GRADIENT = { absolute: 1e-3, relative: 2e-5 };
const LOG_DENSITY = { absolute: 1e-3, relative: 1e-5 };
const MODE_WIDTHS = 2e-3;
const CURVATURE = 1e-5;
/** exp2 of WGSL is good to 3 + 2|x| ULP: 1e-6 for the Gaussians that carry light. Measured 6.7e-7 of the peak. */
const IMAGE_OF_PEAK = 1.5e-6;

/** An odd stamp, so that rows and lanes never line up, with an intrinsic ellipticity. */
function oddSpec(free: 4 | 6 | 8, psf: KernelVariant['psf']): ModelSpec {
  const shape: PsfShape =
    psf === 'gaussian' ? { kind: 'gaussian', sigmaPx: 1 } : { kind: 'moffat', beta: 2.5, fwhmPx: 3 };
  const { components } = chooseMixture({ sersicIndex: 1, hlrPx: 3, ellipticity: 0.2 }, shape, 'draft');
  const prior = { ...level0Spec().prior, logHlrPx: { mean: Math.log(3), sigma: 0.2 } };
  return level0Spec(free, { nx: 33, ny: 29, components, hlrPx: 3, e1: 0.1, e2: -0.15, prior });
}

const TRUTH = [0.05, -0.03, 0.4, -0.6, Math.log(1050), Math.log(3.1), 0.06, 0.04];
/** At the truth, a few widths away, and far out. */
const OFFSETS = [
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0.004, -0.003, 0.03, 0.02, 0.003, -0.002, 0.004, 0.005],
  [-0.1, 0.12, 1.1, -1.5, 0.2, 0.15, -0.15, 0.1],
];

/** @param open the device, known once tests run */
export function describeKernels(open: () => GpuContext, variants: readonly KernelVariant[]): void {
  describe.each(variants)('$free parameters, $psf PSF', ({ free, psf, threads }) => {
    const spec = oddSpec(free, psf);
    const truth = Float64Array.from(TRUTH.slice(0, free));
    const qs = OFFSETS.map((offset) => truth.map((value, i) => value + offset[i]));
    const blank = new ShearPosterior(spec, new Float32Array(spec.nx * spec.ny));
    const data = withNoise(blank.image(truth), spec.noiseSigma, 5);
    const posterior = new ShearPosterior(spec, data);
    const fit = fitPosterior(posterior);
    const lower = cholesky(fit.curvature, free)!;
    /** Length of a gradient in q in whitened coordinates: |R⁻¹ ∇|, H = R Rᵀ. */
    const whitenedLength = (gradient: Float64Array) => Math.hypot(...solveLower(lower, gradient, free));

    it.each(threads)('log density and gradient follow the twin with %d threads a chain', async (count) => {
      const points = qs.map((q) => ({ data, q }));
      const found = await gpuDensities(open(), spec, shapeOf(count), points);
      found.forEach(({ logDensity, gradient }, i) => {
        const expected = new Float64Array(free);
        const value = posterior.logDensity(qs[i], expected);
        const allowed = LOG_DENSITY.absolute + LOG_DENSITY.relative * Math.abs(value);
        expect(Math.abs(logDensity - value)).toBeLessThan(allowed);
        const difference = whitenedLength(gradient.map((g, j) => g - expected[j]));
        expect(difference).toBeLessThan(GRADIENT.absolute + GRADIENT.relative * whitenedLength(expected));
      });
    });

    it.each(threads)(
      'the fit ends where the twin ends, with the same curvature, with %d threads a chain',
      async (count) => {
        // Two posteriors: the second has no galaxy where the first has one, so mixed-up stamps would show.
        const [found, shifted] = await gpuFits(open(), spec, shapeOf(count), [data, data.toReversed()]);
        const step = new Float64Array(free);
        for (let i = 0; i < free; i++)
          for (let j = 0; j < free; j++) step[i] += fit.curvature[i * free + j] * (found.q[j] - fit.q[j]);
        expect(whitenedLength(step)).toBeLessThan(MODE_WIDTHS);
        for (let i = 0; i < free; i++) {
          for (let j = 0; j < free; j++) {
            const scale = Math.sqrt(fit.curvature[i * (free + 1)] * fit.curvature[j * (free + 1)]);
            const difference = found.curvature[i * free + j] - fit.curvature[i * free + j];
            expect(Math.abs(difference) / scale).toBeLessThan(CURVATURE);
          }
        }
        // A stamp turned by 180° has the same shape and the mirrored position.
        expect(shifted.q[0]).toBeCloseTo(found.q[0], 4);
        expect(shifted.q[2]).toBeCloseTo(-found.q[2], 4);
      },
    );

    it('draws the image that the twin draws', async () => {
      const images = await gpuImages(open(), spec, shapeOf(threads[0]), qs);
      images.forEach((image, i) => {
        const expected = posterior.image(qs[i]);
        const largest = Math.max(...image.map((value, pixel) => Math.abs(value - expected[pixel])));
        expect(largest / Math.max(...expected)).toBeLessThan(IMAGE_OF_PEAK);
      });
    });
  });
}
