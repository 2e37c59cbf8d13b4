/** The engine with the shear experiment's own kernels, on whatever Vulkan driver there is (SwiftShader in CI). */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { GpuContext } from '../../gpu/context.ts';
import { findNodeGpu, releaseNodeGpu } from '../../gpu/provider-node.ts';
import { posterior, posteriorSummaries } from '../../results/posterior/narrow.ts';
import { workloads } from '../../workloads/index.ts';
import type { Workload } from '../../workloads/workload.ts';
import { findWorkload, parseRunConfig } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { collectBundle } from '../test-support/collect.ts';
import { walksWorkload } from '../test-support/walks.ts';
import { RunController, type RunListener } from './controller.ts';
import type { RunProgress } from './progress.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await GpuContext.open({ gpu: await findNodeGpu() });
});
afterAll(() => {
  gpu.destroy();
  releaseNodeGpu();
});

const params = { shearGrid: [0.02], realizations: 5, draws: 24, warmup: 16, rescue: false };
/** Enough draws that a wrong mean shows. */
const manyDraws = { ...params, draws: 120 };

/** Bytes of the first item's columns. */
function columnBytes({ store }: RunController): number {
  const item = posterior(store.item(0)!);
  return [...item.parameters, ...item.stats].reduce(
    (sum, { values }) => sum + values.length * values.BYTES_PER_ELEMENT,
    0,
  );
}

function makeRun(device: GpuContext | null, size: number, listener: RunListener = {}, given = params): RunController {
  const config = parseRunConfig({ workload: 'shear', preset: 'quick', batch: { size }, params: given });
  const plan = planRun(findWorkload('shear', workloads), config, {}, device?.report ?? null);
  return new RunController({ plan, gpu: device, listener });
}

test('batch 1, 2 and 5 give byte-equal posterior files and one result id, and all memory comes back', async () => {
  const files: Map<string, Uint8Array>[] = [];
  const ids = new Set<string>();
  for (const size of [1, 2, 5]) {
    const run = makeRun(gpu, size);
    const outcome = await run.run();
    expect(outcome).toMatchObject({ state: 'finished', failed: [], progress: { items: { done: 5 } } });
    expect(outcome.progress.memory).toEqual({
      ...{ currentBytes: 0, peakBytes: run.plan.totalBytes, readbackBytes: 0, held: [] },
      cpuBytes: run.store.bytes,
    });
    expect(outcome.progress.gradients).toBeGreaterThan(5 * 4 * (24 + 16));
    const bundle = await collectBundle(run);
    ids.add(bundle.resultId);
    files.push(new Map([...bundle.files].filter(([path]) => path.endsWith('.nc'))));
  }
  expect(ids.size).toBe(1);
  expect([...files[0].keys()]).toHaveLength(6);
  for (const other of files.slice(1)) {
    for (const [path, bytes] of files[0]) expect(Buffer.from(bytes).equals(other.get(path)!), path).toBe(true);
  }
});

test('the f64 twin finds the same posteriors within Monte Carlo error', async () => {
  const [onGpu, twin] = [makeRun(gpu, 5, {}, manyDraws), makeRun(null, 5, {}, manyDraws)];
  await onGpu.run();
  expect((await twin.run()).progress.mode).toBe('cpu');
  const others = posteriorSummaries(twin.store.summaries());
  posteriorSummaries(onGpu.store.summaries()).forEach((summary, i) => {
    summary.parameters.forEach((parameter, j) => {
      const other = others[i].parameters[j];
      expect(parameter.name).toBe(other.name);
      const mcse = Math.hypot(parameter.mcse, other.mcse);
      expect(Math.abs(parameter.mean - other.mean), `${summary.info.runId} ${parameter.name}`).toBeLessThan(5 * mcse);
    });
  });
});

test('while it runs it tells every buffer held, as planned, and what of that the CPU can map', async () => {
  const told: RunProgress['memory'][] = [];
  const run = makeRun(gpu, 2, { progress: ({ memory }) => told.push(memory) });
  await run.run();
  const planned = run.plan.buffers.buffers;
  const full = told.filter(({ currentBytes }) => currentBytes > 0);
  expect(full.length).toBeGreaterThan(0);
  for (const { held, currentBytes, readbackBytes } of full) {
    expect(currentBytes).toBe(run.plan.totalBytes);
    const known = held.map(({ name, bytes, role }) => ({ name, bytes, role }));
    expect(known).toEqual(expect.arrayContaining(planned.map(({ name, bytes, role }) => ({ name, bytes, role }))));
    expect(known).toHaveLength(planned.length);
    const mapped = planned.filter(({ role }) => role === 'readback').map(({ bytes }) => bytes);
    expect(readbackBytes).toBe(mapped.reduce((a, b) => a + b));
  }
  expect(told.at(-1)?.cpuBytes).toBe(run.store.bytes);
  expect(run.store.bytes).toBe(columnBytes(run) * 5);
});

test('stop in the middle frees GPU memory and keeps finished items', async () => {
  const run: RunController = makeRun(gpu, 2, { itemDone: () => run.stop() });
  const outcome = await run.run();
  expect(outcome.state).toBe('stopped');
  expect(run.store.size).toBe(2);
  expect(gpu.ledger.current).toBe(0);
});

test('a lost device ends the run with what was kept', async () => {
  const device = await GpuContext.open({ gpu: await findNodeGpu() });
  const workload = walksWorkload as unknown as Workload;
  const config = parseRunConfig({ workload: 'walks', batch: { size: 2 } }, [workload]);
  const listener: RunListener = {
    itemDone: ({ info }) => {
      if (info.index === 1) device.destroy();
    },
  };
  const run = new RunController({ plan: planRun(workload, config, {}, device.report), gpu: device, listener });
  const outcome = await run.run();
  expect(outcome).toMatchObject({ state: 'failed', error: { name: 'DeviceLostError' } });
  expect(outcome.error?.kept).toContain('kept');
  expect(run.store.size).toBe(2);
});
