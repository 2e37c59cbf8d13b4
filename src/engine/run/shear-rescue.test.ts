/** Rescue with the shear experiment's own kernels and their twin: what fails passes, and the batch size changes nothing. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { GpuContext } from '../../gpu/context.ts';
import { findNodeGpu, releaseNodeGpu } from '../../gpu/provider-node.ts';
import { posterior } from '../../results/posterior/narrow.ts';
import { workloads } from '../../workloads/index.ts';
import { findWorkload, parseRunConfig } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { collectBundle } from '../test-support/collect.ts';
import { RunController } from './controller.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await GpuContext.open({ gpu: await findNodeGpu() });
});
afterAll(() => {
  gpu.destroy();
  releaseNodeGpu();
});

/**
 * Hardly more draws than the effective ones that are asked for: the first pass fails, four times as many suffice. A galaxy of one Gaussian on
 * few pixels, since it is the draws that take the time.
 */
const tight = {
  profile: 'gaussian',
  stampSize: 12,
  halfLightRadiusArcsec: 0.2,
  shearGrid: [0.02],
  realizations: 5,
  draws: 100,
  warmup: 16,
};
const rescued = (device: GpuContext | null, size: number, changes = {}) => {
  const config = parseRunConfig({ workload: 'shear', batch: { size }, params: { ...tight, ...changes } });
  const plan = planRun(findWorkload('shear', workloads), config, {}, device?.report ?? null);
  return new RunController({ plan, gpu: device, listener: {} });
};

test('posteriors that fail pass when sampled again; batch 1 and 16 give equal bytes', async () => {
  const files: Map<string, Uint8Array>[] = [];
  const ids = new Set<string>();
  for (const size of [1, 16]) {
    const run = rescued(gpu, size);
    await run.run();
    const summaries = run.store.summaries();
    expect(summaries.some(({ attempts }) => attempts > 1)).toBe(true);
    expect(summaries.filter(({ converged }) => !converged)).toEqual([]);
    for (const { info, attempts } of summaries) {
      expect(posterior(run.store.item(info.index)!).draws).toBe(100 * 4 ** (attempts - 1));
    }
    expect(gpu.ledger.current).toBe(0);
    // Larger draws, smaller chunks: no more memory than the first pass, unless a single item needs it.
    if (size > 4) expect(run.progress.memory.peakBytes).toBe(run.plan.totalBytes);
    const bundle = await collectBundle(run);
    ids.add(bundle.resultId);
    files.push(new Map([...bundle.files].filter(([path]) => /\.nc$|convergence\.json$/.test(path))));
  }
  expect(ids.size).toBe(1);
  for (const other of files.slice(1)) {
    for (const [path, bytes] of files[0]) expect(Buffer.from(bytes).equals(other.get(path)!), path).toBe(true);
  }
});

test('the twin rescues too', async () => {
  const run = rescued(null, 2, { realizations: 2 });
  await run.run();
  expect(run.rescues[0]).toMatchObject({ rescue: 1, items: 2, converged: 2 });
});

test('switched off, failed posteriors stay as they are', async () => {
  const run = rescued(gpu, 16, { rescue: false });
  await run.run();
  expect(run.store.summaries().some(({ converged }) => !converged)).toBe(true);
  expect(run.rescues).toEqual([]);
});
