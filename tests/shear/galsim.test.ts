/** GalSim judges the GPU model: its noise-free stamps at their true parameters, and the shear the GPU fit recovers from them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { MixtureAccuracy } from '../../src/workloads/shear/mixtures/tables.ts';
import { galsimStamps } from '../../src/workloads/shear/test-support/galsim.ts';
import { gpuFits, gpuImages, shapeOf } from '../../src/workloads/shear/test-support/gpu-probe.ts';
import { stampSpec } from '../../src/workloads/shear/test-support/specs.ts';
import { toNatural, toUnconstrained } from '../../src/workloads/shear/twin/transform.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** Largest residual over the peak: twice what docs/validation.md reports of all 32 stamps, by set, at most the limits set for level 0. */
const LIMITS: Readonly<Record<MixtureAccuracy, Readonly<Record<string, number>>>> = {
  draft: {},
  standard: {
    level0_seed: 3e-4,
    level0_head: 1e-5,
    test_run_style: 6e-5,
    gaussian: 2e-6,
    devaucouleurs: 3e-5,
    sersic2p5: 1.6e-4,
    exponential_moffat: 1.1e-4,
  },
  fine: { level0_seed: 2e-5, level0_head: 1e-5, devaucouleurs: 1.2e-5, sersic2p5: 1.3e-5 },
};

/** Multiplicative bias that no case may exceed. */
const MAX_BIAS = 1e-4;

const cases = (['standard', 'fine'] as const).flatMap((accuracy) =>
  galsimStamps
    .map((stamp) => ({ stamp, accuracy, name: stamp.name, limit: LIMITS[accuracy][stamp.name.split(' ')[0]] }))
    .filter(({ limit }) => limit !== undefined),
);

describe.each(cases)('$name, $accuracy', ({ stamp, accuracy, limit }) => {
  const spec = stampSpec(stamp, accuracy);
  const { g1, g2, xc, yc } = stamp.galaxy;

  it('is drawn to within the limit of its set', async () => {
    const [image] = await gpuImages(gpu, spec, shapeOf(1), [toUnconstrained(spec, [g1, g2, xc, yc])]);
    const largest = Math.max(...image.map((value, pixel) => Math.abs(value - stamp.pixels[pixel])));
    expect(largest / stamp.peak).toBeLessThan(limit);
  });

  it('gives its shear back with |m| ≤ 1e-4', async () => {
    const [fit] = await gpuFits(gpu, { ...spec, noiseSigma: 1e-4 * stamp.peak }, shapeOf(1), [stamp.pixels]);
    const theta = toNatural(spec, fit.q);
    expect(Math.hypot(theta[0] - g1, theta[1] - g2) / Math.hypot(g1, g2)).toBeLessThan(MAX_BIAS);
    expect(Math.hypot(theta[2] - xc, theta[3] - yc)).toBeLessThan(1e-5);
  });
});

it('covers every kind of stamp', () => {
  expect(cases.length).toBe(
    2 * galsimStamps.length -
      galsimStamps.filter(({ name }) => /^(test_run|gaussian|exponential_moffat)/.test(name)).length,
  );
});
