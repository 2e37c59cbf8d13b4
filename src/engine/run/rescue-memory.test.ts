/** Sampling again takes the memory that the plan says, stays within the budget, and costs no result where there is no room for it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GpuContext } from '../../gpu/context.ts';
import { type FaultPlan, withFaults } from '../../gpu/faults.ts';
import { findNodeGpu, releaseNodeGpu } from '../../gpu/provider-node.ts';
import { shearWorkload } from '../../workloads/shear/workload.ts';
import type { Workload } from '../../workloads/workload.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { runJson } from '../files/files-about.ts';
import { planRun } from '../plan/plan-run.ts';
import { collectBundle } from '../test-support/collect.ts';
import { RunController } from './controller.ts';

/** What the device of all these runs does wrong; changed from run to run, so that kernels are compiled once. */
const planned: { -readonly [K in keyof FaultPlan]: FaultPlan[K] } = {};
/** What a wrapper around the device's own call saw of the run, not what the ledger says. */
const seen = { live: 0, peak: 0 };
let gpu: GpuContext;

beforeAll(async () => {
  gpu = await GpuContext.open({ gpu: withFaults((await findNodeGpu())!, planned) });
  const create = gpu.device.createBuffer.bind(gpu.device);
  gpu.device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    seen.live += descriptor.size;
    seen.peak = Math.max(seen.peak, seen.live);
    buffer.destroy = () => {
      seen.live -= descriptor.size;
      buffer.destroy = destroy;
      return destroy();
    };
    return buffer;
  };
});
afterAll(() => {
  gpu.destroy();
  releaseNodeGpu();
});

const MIB = 1024 ** 2;

/** Far too few draws, and more of them in a rescue, but still too few: every item goes through all passes. */
const hopeless: Workload = {
  ...(shearWorkload as Workload),
  rescue: { params: (params, rescue) => ({ ...params, draws: 8 * 4 ** rescue }) },
};
const withoutRescue = { ...hopeless, rescue: undefined };

const tiny = {
  stampSize: 12,
  halfLightRadiusArcsec: 0.2,
  shearGrid: [0.02],
  realizations: 3,
  chains: 2,
  draws: 8,
  warmup: 4,
};

interface Given {
  readonly workload?: Workload;
  readonly size?: number;
  readonly faults?: (bytes: number) => Pick<FaultPlan, 'outOfMemoryAboveBytes'>;
  readonly budgetBytes?: (bytes: number) => number;
}

/** Runs to the end. */
async function runTiny({ workload = hopeless, size = 1, faults, budgetBytes }: Given) {
  const config = parseRunConfig({ workload: 'shear', batch: { size }, params: tiny });
  const { totalBytes } = planRun(workload, config, {}, gpu.report);
  planned.outOfMemoryAboveBytes = faults?.(totalBytes).outOfMemoryAboveBytes;
  seen.peak = 0;
  const memoryBudgetMiB = budgetBytes ? budgetBytes(totalBytes) / MIB : config.batch.memoryBudgetMiB;
  const plan = planRun(workload, { ...config, batch: { ...config.batch, memoryBudgetMiB } }, {}, gpu.report);
  const failures: unknown[] = [];
  const run = new RunController({ plan, gpu, listener: { chunkFailed: (items) => failures.push(items) } });
  const outcome = await run.run();
  const { files, resultId } = await collectBundle(run);
  expect(seen.live).toBe(0);
  return { run, plan, outcome, peak: seen.peak, failures, files, resultId };
}

const attemptsOf = (run: RunController) => run.store.summaries().map(({ attempts }) => attempts);
const textOf = (files: Map<string, Uint8Array>, path: string) => new TextDecoder().decode(files.get(path));

test.each([1, 2, 3])('batch size %i: the most bytes of the plan are the peak over both rescues', async (size) => {
  const { run, plan, outcome, peak, files } = await runTiny({ size });
  expect(outcome.state).toBe('finished');
  expect(attemptsOf(run)).toEqual([3, 3, 3]);
  expect(peak).toBe(plan.mostBytes);
  if (size === 1) expect(plan.mostBytes).toBeGreaterThan(plan.totalBytes);
  const rows = textOf(files, 'memory.csv').trim().split('\n');
  const totals = rows.filter((row) => row.startsWith('total')).map((row) => row.split(','));
  expect(totals.map(([, , bytes]) => Number(bytes))).toEqual([
    plan.totalBytes,
    ...plan.rescues.map(({ totalBytes }) => totalBytes),
  ]);
  expect(totals.map(([, , , , , rescue]) => rescue)).toEqual(['0', '1', '2']);
});

describe('no room for a rescue', () => {
  test('in the memory budget: it is left out and said, and the budget is kept', async () => {
    const { run, plan, outcome, peak } = await runTiny({ budgetBytes: (bytes) => bytes });
    expect(outcome).toMatchObject({ state: 'finished', failed: [], progress: { fraction: 1 } });
    expect(peak).toBe(plan.totalBytes);
    expect(plan.mostBytes).toBe(plan.totalBytes);
    expect(run.events).toMatchObject([{ kind: 'unrescued', items: [0, 1, 2] }]);
    expect(run.events[0].message).toMatch(/could not be sampled again: a chunk of 1 takes .* the memory budget is/);
  });

  test('on the device: the run finishes, and equals one without that rescue', async () => {
    const { run, outcome, failures, resultId, files } = await runTiny({
      faults: (bytes) => ({ outOfMemoryAboveBytes: bytes }),
    });
    expect(outcome).toMatchObject({ state: 'finished', failed: [], error: undefined, progress: { fraction: 1 } });
    expect(attemptsOf(run)).toEqual([1, 1, 1]);
    expect(run.store.summaries().some(({ converged }) => converged)).toBe(false);
    expect(failures).toEqual([]);
    expect(run.events).toMatchObject([{ kind: 'unrescued', items: [0, 1, 2] }]);
    expect(run.events[0].message).toMatch(
      /3 realizations could not be sampled again: the GPU has no room for .* kept, not converged/,
    );
    expect(textOf(files, 'README.md')).toContain('could not be sampled again');
    expect(JSON.parse(textOf(files, 'failures.json'))).toMatchObject({ state: 'finished', failed: [] });
    expect(resultId).toBe((await runTiny({ workload: withoutRescue })).resultId);
    expect(resultId).toBe((await runTiny({ budgetBytes: (bytes) => bytes })).resultId);
    expect(resultId).not.toBe((await runTiny({})).resultId);
  });
});

test.each([
  [{ stepSize: 0.005, draws: 500 }, 'the step size is fixed (0.005), and a rescue would choose another.'],
  [{ rescue: false }, 'rescue is switched off.'],
  [{}, '2 × 8 draws cannot have the 400 effective ones that converged posteriors need.'],
])('what was never to be sampled again says why: %o', async (params, reason) => {
  const config = parseRunConfig({
    workload: 'shear',
    batch: { size: 1 },
    params: { ...tiny, realizations: 1, ...params, ...('draws' in params ? { chains: 1, warmup: 0 } : {}) },
  });
  const run = new RunController({ plan: planRun(shearWorkload, config, {}, null), gpu: null, listener: {} });
  await run.run();
  const { files } = await collectBundle(run);
  const line = `1 realization that did not converge was not sampled again: ${reason}`;
  expect(textOf(files, 'README.md')).toContain(line);
  expect(JSON.parse(textOf(files, 'failures.json')).not_sampled_again).toEqual([line]);
  expect(run.events).toEqual([]);
  expect(JSON.parse(runJson(run)).ran).toMatchObject({ chunk: 1, sizes: { 'shear.chunk': 1 } });
});
