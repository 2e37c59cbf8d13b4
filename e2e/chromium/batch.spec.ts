import { rmSync } from 'node:fs';
import { expect, test } from 'playwright/test';
import { fingerprints, readPosteriors } from '../posteriors.ts';
import { exportBundle, openLockstep, runToEnd } from './lockstep-page.ts';

/** 20 realizations with few draws: equality to the last bit needs no more, and batches of 16 leave a chunk that is not full. */
const problem = { preset: 'quick', shearGrid: '0.01,0.02', realizations: '10', warmup: '4', draws: '8', seed: '7' };

test('the same seed with batch 1, 4, 16 and 64 gives the same draws to the last bit', async ({ page }) => {
  const runs: Record<string, string>[] = [];
  await openLockstep(page, { ...problem, rescue: 'false', batch: '1' });
  for (const batch of ['1', '4', '16', '64']) {
    // The same page, so that the kernels are compiled once.
    if (runs.length > 0) await page.getByTestId('batch-size').fill(batch);
    await runToEnd(page);
    const { folder, text } = await exportBundle(page);
    expect(JSON.parse(text('run.json')).batch.size).toBe(Number(batch));
    runs.push(fingerprints(readPosteriors(folder)));
    rmSync(folder, { recursive: true });
  }
  expect(Object.keys(runs[0]).filter((key) => key.endsWith('/posterior/g1'))).toHaveLength(20);
  for (const run of runs.slice(1)) expect(run).toEqual(runs[0]);
});
