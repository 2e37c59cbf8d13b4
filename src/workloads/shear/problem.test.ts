import { describe, expect, it } from 'vitest';
import type { ImageStack } from '../../bundle/images.ts';
import { normalQuantile } from '../../stats/normal.ts';
import { threefry2x32, uniform01 } from '../../stats/threefry.ts';
import { observationsOf, pixelNormals } from './observations.ts';
import { prepareShear } from './problem.ts';
import { shearWorkload } from './workload.ts';

describe('prepareShear', () => {
  it('simulates truth plus noise of the right size, rounded to 32 bits, the same every time', () => {
    const problem = prepareShear({ realizations: 1 }, 42, {});
    const data = observationsOf(problem).data(2);
    const truth = observationsOf(problem).truth(2)!;
    const residual = Float64Array.from(data, (value, i) => value - truth[i]);
    const variance = residual.reduce((sum, r) => sum + r * r, 0) / residual.length;
    expect(Math.abs(variance / 0.1 ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / residual.length));
    expect(data[100]).toBe(Math.fround(truth[100] + 0.1 * pixelNormals(44, 101)[100]));
    expect(observationsOf(prepareShear({ realizations: 1 }, 42, {})).data(2)).toEqual(data);
  });

  it('gives each item noise of its own and realizations of one shear the same truth', () => {
    const problem = prepareShear({ shearGrid: [0.02], realizations: 2 }, 42, {});
    expect(observationsOf(problem).truth(0)).toBe(observationsOf(problem).truth(1));
    expect(observationsOf(problem).data(0)).not.toEqual(observationsOf(problem).data(1));
  });

  it('addresses noise by seed and pixel: pixel i is word i & 1 of counter i >> 1, purpose 16', () => {
    const seed = 2 ** 32 + 5;
    const normals = pixelNormals(seed, 9);
    for (const i of [0, 3, 8]) {
      expect(normals[i]).toBe(normalQuantile(uniform01(threefry2x32([5, 1], [i >> 1, 16])[i & 1])));
    }
  });

  it('tells the fit each galaxy of a population, and fits a noise-free one to its true shear', async () => {
    const params = { morphology: 'population', noiseFree: true, shearGrid: [0.05], realizations: 2, g1PriorSigma: 0.3 };
    const problem = prepareShear({ ...params, warmup: 0, draws: 4, chains: 1 }, 42, {});
    const { flux, hlr, e1, e2 } = problem.items[1].truth;
    expect(problem.fixed(1)).toEqual({ flux, hlrPx: hlr / 0.1, e1, e2 });
    expect(problem.fixed(0)).not.toEqual(problem.fixed(1));
    expect(prepareShear({ shearGrid: [0.05] }, 42, {}).fixed(0)).toEqual({ flux: 1000, hlrPx: 5, e1: 0, e2: 0 });
    const session = await shearWorkload.reference(problem, 2);
    await session.start([0, 1]);
    while ((await session.advance(1000)).phase !== 'done');
    for (const { fit } of await session.collect()) {
      expect(Math.abs(fit.mean[0] - 0.05)).toBeLessThan(2e-4);
      // Without noise χ² is far below the number of pixels, which is no fault.
      expect(fit.dataCount).toBeUndefined();
    }
    session.close();
  });

  it('leaves the noise out when asked', () => {
    const problem = prepareShear({ noiseFree: true, shearGrid: [0.05] }, 42, {});
    expect(observationsOf(problem).data(0)).toEqual(Float32Array.from(observationsOf(problem).truth(0)!));
    expect(problem.notes.join(' ')).toContain('without noise');
  });

  it('names the free parameters with units and states the model’s own error', () => {
    const problem = prepareShear({ freeParameters: '6' }, 42, {});
    expect(problem.parameters.map(({ name, unit }) => `${name} ${unit}`.trim())).toEqual([
      'g1',
      'g2',
      'x px',
      'y px',
      'flux',
      'hlr arcsec',
    ]);
    expect(problem.notes[0]).toMatch(/of the peak/);
    expect(problem.modelError.ofPeak).toBeLessThan(3e-4);
  });

  it('warns where the model itself biases shear by more than 1e-3, and not at level 0', () => {
    expect(prepareShear({}, 42, {}).warnings).toEqual([]);
    const problem = prepareShear({ psfSigmaArcsec: 0.2, halfLightRadiusArcsec: 0.0025 }, 42, {});
    expect(Math.abs(problem.modelError.shear)).toBeGreaterThan(1e-3);
    expect(problem.warnings).toEqual([expect.stringContaining('too small for this PSF')]);
  });

  it('serves the user’s stamps as they are', () => {
    const pixels = Float32Array.from({ length: 2 * 12 * 10 }, (_, i) => i);
    const images: ImageStack = { name: 'mine.npy', n: 2, ny: 12, nx: 10, pixels, sha256: 'sha256:00' };
    const problem = prepareShear({ halfLightRadiusArcsec: 0.3 }, 42, { files: { images } });
    expect(problem.spec).toMatchObject({ nx: 10, ny: 12 });
    expect(observationsOf(problem).data(1)).toEqual(pixels.slice(120));
    expect(observationsOf(problem).truth(1)).toBeUndefined();
    expect(problem.notes.join(' ')).toContain('2 images of 12 × 10 px from mine.npy; their true values are not known');
  });
});
