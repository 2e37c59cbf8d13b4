/** Ranks of many truths. A hundred: calibration.test.ts. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measureRanks } from '../../scripts/evidence/calibration.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

it('ranks of 256 truths drawn from the prior are uniform (KS p > 0.01)', async () => {
  // Small stamps: calibration is a matter of the sampler and the density, whatever the number of pixels.
  const ranks = await measureRanks(gpu, 'quick', 256, 42, { stampSize: 16, halfLightRadiusArcsec: 0.4, draws: 64 });
  expect(ranks.map(({ parameter }) => parameter)).toEqual(['g1', 'g2', 'x', 'y']);
  for (const { parameter, p } of ranks) expect(p, parameter).toBeGreaterThan(0.01);
});
