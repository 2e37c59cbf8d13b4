import { describe, expect, it } from 'vitest';
import type { ImageStack } from '../../bundle/images.ts';
import { ConfigError } from '../workload.ts';
import { readShearParams } from './params.ts';
import { shearPresets } from './presets.ts';
import { shearModel } from './spec.ts';
import { shearWork } from './work.ts';

const stack = (ny: number, nx: number): ImageStack => ({
  name: 'mine.npy',
  n: 1,
  ny,
  nx,
  pixels: new Float32Array(ny * nx),
  sha256: 'sha256:00',
});
const spec = (params: object, images?: ImageStack) =>
  shearModel(readShearParams({ ...params }), { files: { images } }).spec;

describe('shearModel', () => {
  it('turns arcseconds into pixels and priors into their logarithms', () => {
    const { hlrPx, prior, noiseSigma } = spec({ freeParameters: '6', pixelScaleArcsec: 0.25 });
    expect(hlrPx).toBe(2);
    expect(noiseSigma).toBe(0.1);
    expect(prior.logFlux).toEqual({ mean: Math.log(1000), sigma: 0.5 });
    expect(prior.logHlrPx).toEqual({ mean: Math.log(2), sigma: 0.3 });
    expect(prior.x).toEqual({ low: -0.5, high: 0.5 });
    expect(prior.g1).toEqual({ mean: 0.02, sigma: 0.05 });
  });

  it('has amplitudes that sum to 1', () => {
    const { components } = spec({ psf: 'moffat' });
    expect(components.reduce((sum, { amplitude }) => sum + amplitude, 0)).toBeCloseTo(1, 6);
  });

  it('sets step size and target by integrator and steps', () => {
    const split = spec({}).sampler;
    expect(split).toMatchObject({ integrator: 'gaussian-split', steps: 1, targetAcceptance: 0.85, jitter: 0.1 });
    expect(split.initialStepSize).toBeCloseTo(Math.PI / 2, 12);
    expect(spec({ integrator: 'leapfrog' }).sampler).toMatchObject({ steps: 2, initialStepSize: 0.85 });
    expect(spec({ integrator: 'leapfrog', integratorSteps: 1 }).sampler).toMatchObject({
      initialStepSize: 1.2,
      targetAcceptance: 0.7,
    });
    const minimal = spec({ integrator: 'minimal-norm', integratorSteps: 1 }).sampler;
    expect(minimal).toMatchObject({ initialStepSize: 1.6, targetAcceptance: 0.9 });
    expect(minimal.maxStepSize).toBeCloseTo(1.92, 12);
  });

  it('takes more steps for faint galaxies and for eight parameters', () => {
    // S/N 637 at level0 (shear.md): ten times the noise is a tenth of it.
    expect(spec({ noiseSigma: 0.2 }).sampler.steps).toBe(1);
    expect(spec({ noiseSigma: 0.22 }).sampler.steps).toBe(2);
    expect(spec({ freeParameters: '8' }).sampler.steps).toBe(3);
  });

  it('takes the size of the user’s images, square or not', () => {
    expect(spec({ stampSize: 32 }, stack(40, 52))).toMatchObject({ nx: 52, ny: 40 });
  });

  it.each([
    ['psfSigmaArcsec', { psfSigmaArcsec: 0.01 }, /0\.1 px, too sharp.*at least 0\.02 arcsec/],
    ['psfFwhmArcsec', { psf: 'moffat', psfFwhmArcsec: 0.05 }, /0\.5 px, too sharp.*at least 0\.1 arcsec/],
    ['halfLightRadiusArcsec', { halfLightRadiusArcsec: 3 }, /does not fit a stamp of 4\.8 arcsec/],
    ['e1', { e1: 0.8, e2: 0.6 }, /\|e\| = 1 is too large/],
    ['noiseSigma', { noiseSigma: 1e-30 }, /signal-to-noise ratio of 6\.\d+e\+31; 32-bit.*at least 0\.000035/],
    ['noiseSigma', { noiseSigma: 1000 }, /signal-to-noise ratio of 0\.06\d+; below 1.*at most 57/],
    ['noiseSigma', { flux: 1e308, noiseSigma: 1e-3 }, /ratio of Infinity; .*flux of ordinary size/],
    [
      'halfLightRadiusArcsec',
      { psfSigmaArcsec: 0.2, halfLightRadiusArcsec: 0.001 },
      /too small for this PSF.*shears by 25 %/,
    ],
    ['shearGrid', { shearGrid: [0, 0.7], g2: 0.7 }, /\(0\.7, 0\.7\) has \|g\| above 0\.9/],
  ])('refuses a %s that does not fit the rest', (field, params, message) => {
    expect(() => spec(params)).toThrow(ConfigError);
    expect(() => spec(params)).toThrow(message);
    expect(() => spec(params)).toThrow(expect.objectContaining({ field: `params.${field}` }));
  });

  it('takes noise just within what 32 bits carry, and every preset', () => {
    expect(() => spec({ noiseSigma: 3.5e-5 })).not.toThrow();
    expect(() => spec({ noiseSigma: 57 })).not.toThrow();
    for (const { params } of shearPresets) expect(() => spec(params)).not.toThrow();
  });

  it('refuses images that are too small or too large for a stamp', () => {
    expect(() => spec({}, stack(4, 48))).toThrow(/4 × 48 px are too small/);
    expect(() => spec({}, stack(48, 500))).toThrow(/48 × 500 px are too large/);
  });
});

describe('shearWork', () => {
  it('counts 1.25 MFLOP for 48 × 48 pixels and 6 Gaussians, and the gradients of fit, warm-up and draws', () => {
    const level0 = spec({});
    const work = shearWork({ ...level0, components: level0.components.slice(0, 6) });
    // 48² × (10 + 4 × (37 + 6 × 16)), the pixel loop counted by hand.
    expect(work.flopPerUnit).toBe(1_248_768);
    expect(work.bytesPerUnit).toBe(48 * 48 * 4);
    expect(work.unitsPerItem).toBe(13 + 4 * (1 + 368));
    expect(shearWork(spec({ freeParameters: '6', integratorSteps: 3, integrator: 'minimal-norm' })).unitsPerItem).toBe(
      13 + 4 * (1 + 368 * 6),
    );
  });
});
