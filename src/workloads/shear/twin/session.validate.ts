/** The posterior of level0 from more draws than `session.test.ts` has. */
import { expect, it } from 'vitest';
import { rhat } from '../../../stats/rhat.ts';
import { leapfrogSampler, level0Spec } from '../test-support/specs.ts';
import { moments, run } from '../test-support/twin-runs.ts';

it('gives the posterior: sd(g1) within 5 % of 1.977e-3, mean at the mode, no divergence', async () => {
  const spec = level0Spec(4, { sampler: { ...leapfrogSampler, draws: 1000 } });
  const [item] = await run(spec, [0]);
  const g1 = moments(item.parameters[0].values);
  expect(Math.abs(g1.sd / 1.977e-3 - 1)).toBeLessThan(0.05);
  expect(Math.abs(g1.mean - item.fit.mean[0])).toBeLessThan(0.1 * g1.sd);
  expect(moments(item.parameters[2].values).mean).toBeCloseTo(24, 1);
  const stat = (name: string) => item.stats.find((s) => s.name === name)!.values;
  expect(moments(stat('acceptance_rate')).mean).toBeGreaterThan(0.7);
  expect(moments(stat('diverging')).mean).toBe(0);
  // lp is −χ²/2 + log prior: about half the number of pixels below zero.
  expect(moments(stat('lp')).mean).toBeCloseTo(-0.5 * item.fit.chi2, -1);
  expect(item.fit.dataCount).toBe(48 * 48);
  expect(rhat(item.parameters[0].values, 4, 1000)).toBeLessThan(1.01);
  expect(item.gradients).toBe(13 + 4 * (1 + 1064));
});
