/** The batch size of the command line, in 64 realizations. Two sizes: run.spec.ts; four in the page: batch.spec.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fingerprints, readPosteriors } from '../posteriors.ts';
import { lockstepOk } from './lockstep.ts';

test('the same seed with batch 1, 4, 16 and 64 gives the same draws to the last bit', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'lockstep-batch-'));
  const runs: Record<string, string>[] = [];
  for (const batch of ['1', '4', '16', '64']) {
    const folder = join(scratch, `batch-${batch}`);
    const problem = ['--preset', 'quick', '--shear-grid', '0.01', '0.02', '--n-realizations', '32', '--base-seed', '7'];
    await lockstepOk('run', ...problem, '--warmup', '8', '--draws', '8', '--batch-size', batch, '--output-dir', folder);
    runs.push(fingerprints(readPosteriors(folder)));
  }
  rmSync(scratch, { recursive: true });
  expect(Object.keys(runs[0]).filter((key) => key.endsWith('/posterior/g1'))).toHaveLength(64);
  for (const run of runs.slice(1)) expect(run).toEqual(runs[0]);
});
