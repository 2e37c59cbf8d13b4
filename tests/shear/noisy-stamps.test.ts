/** GalSim's noisy stamps as a user's images: posteriors and fits against those that GalSim itself gives. */

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presetParams, runShear } from '../../scripts/evidence/run.ts';
import { deviation, mean } from '../../scripts/evidence/table.ts';
import { loadImages } from '../../src/bundle/images.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { PosteriorItem } from '../../src/results/posterior/item.ts';
import { mcseMean } from '../../src/stats/mcse.ts';
import references from './fixtures/noisy-stamps.json' with { type: 'json' };

const PARAMETERS = ['g1', 'g2', 'x', 'y'] as const;
const DRAWS = 1000;

let gpu: GpuContext;
let items: readonly PosteriorItem[];
beforeAll(async () => {
  gpu = await openTestContext();
  const bytes = new Uint8Array(readFileSync(new URL('fixtures/noisy-stamps.npy', import.meta.url)));
  const images = await loadImages('noisy-stamps.npy', bytes);
  ({ items } = await runShear(gpu, presetParams('level0', { draws: DRAWS }), 42, { files: { images } }));
});
afterAll(closeTestContexts);

describe.each(references.map((reference, index) => ({ ...reference, index })))(
  'stamp $source',
  ({ index, posterior, fit, truth }) => {
    it.each(PARAMETERS)('has the posterior of %s: mean within 4 combined MCSE, sd within 5 %', (name) => {
      const { values } = items[index].parameters[PARAMETERS.indexOf(name)];
      const expected = posterior[name];
      const error = Math.hypot(mcseMean(values, 4, DRAWS), expected.mcse_mean);
      expect(Math.abs(mean(values) - expected.mean) / error).toBeLessThan(4);
      expect(Math.abs(deviation(values) / expected.sd - 1)).toBeLessThan(0.05);
    });

    it("is fitted where GalSim's fit is, to 0.005 of the posterior's width", () => {
      PARAMETERS.forEach((name, i) => {
        expect(Math.abs(items[index].fit.mean[i] - fit[name].map) / fit[name].sd, name).toBeLessThan(0.005);
        expect(Math.abs(items[index].fit.sd[i] / fit[name].sd - 1), name).toBeLessThan(0.005);
      });
    });

    it('gives the true shear once its own noise is taken off', () => {
      // The prior N(0.02 or −0.01, 0.05) pulls by (sd/0.05)² = 1.6e-3 of the distance to its centre; second-order noise is 1e-5.
      const pull = (name: 'g1' | 'g2', centre: number) => (centre - truth[name]) * (fit[name].sd / 0.05) ** 2;
      const offset = (name: 'g1' | 'g2', i: number, centre: number) =>
        items[index].fit.mean[i] - truth[name] - fit[name].noise - pull(name, centre);
      expect(Math.abs(offset('g1', 0, 0.02))).toBeLessThan(5e-5);
      expect(Math.abs(offset('g2', 1, -0.01))).toBeLessThan(5e-5);
    });
  },
);
