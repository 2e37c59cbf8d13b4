import { rmSync } from 'node:fs';
import { expect, test } from 'playwright/test';
import { fingerprints, readPosteriors } from '../posteriors.ts';
import { exportBundle, openLockstep, runToEnd } from './lockstep-page.ts';

/** 64 realizations with few draws: equality to the last bit needs no more, and SwiftShader is slow. */
const problem = { preset: 'quick', shearGrid: '0.01,0.02', realizations: '32', warmup: '8', draws: '8', seed: '7' };

test('the same seed with batch 1, 4, 16 and 64 gives the same draws to the last bit', async ({ page }) => {
  test.setTimeout(300_000);
  const runs: Record<string, string>[] = [];
  for (const batch of ['1', '4', '16', '64']) {
    await openLockstep(page, { ...problem, batch });
    await runToEnd(page);
    const { folder } = await exportBundle(page);
    runs.push(fingerprints(readPosteriors(folder)));
    rmSync(folder, { recursive: true });
  }
  expect(Object.keys(runs[0]).filter((key) => key.endsWith('/posterior/g1'))).toHaveLength(64);
  for (const run of runs.slice(1)) expect(run).toEqual(runs[0]);
});
