/** Convergence of more posteriors and ranks of more truths than calibration.test.ts looks at. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measureConvergence, measureRanks } from '../../scripts/evidence/calibration.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

it('level0: 12 of 12 posteriors converge with the default settings, and the sd of g1 is within 5 % of 1.977e-3', async () => {
  const found = await measureConvergence(gpu, 'level0', 42, { realizations: 3 });
  expect(found.exceptions).toEqual([]);
  expect(found).toMatchObject({ count: 12, converged: 12, divergences: 0 });
  expect(found.worstRhat).toBeLessThan(1.01);
  expect(Math.min(found.leastBulk, found.leastTail)).toBeGreaterThanOrEqual(400);
  expect(found.leastBfmi).toBeGreaterThan(0.3);
  // The metric is the posterior's own: one gradient gives nearly one independent draw.
  expect(found.acceptance).toBeGreaterThan(0.95);
  expect(found.essPerGradient).toBeGreaterThan(0.6);
  expect(Math.abs(found.sdG1 / 1.977e-3 - 1)).toBeLessThan(0.05);
});

it('ranks of 256 truths drawn from the prior are uniform (KS p > 0.01)', async () => {
  // Small stamps: calibration is a matter of the sampler and the density, whatever the number of pixels.
  const ranks = await measureRanks(gpu, 'quick', 256, 42, { stampSize: 16, halfLightRadiusArcsec: 0.4, draws: 64 });
  expect(ranks.map(({ parameter }) => parameter)).toEqual(['g1', 'g2', 'x', 'y']);
  for (const { parameter, p } of ranks) expect(p, parameter).toBeGreaterThan(0.01);
});
