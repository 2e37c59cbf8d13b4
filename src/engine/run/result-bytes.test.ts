/** What a plan says that results will take, against what a run of it then holds. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GpuContext } from '../../gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../gpu/testing.ts';
import { flowInputs } from '../../workloads/flow/test-support/network.ts';
import { workloads } from '../../workloads/index.ts';
import type { RunInputs } from '../../workloads/workload.ts';
import { findWorkload, parseRunConfig } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { RunController } from './controller.ts';

let gpu: GpuContext;
let network: RunInputs;
beforeAll(async () => {
  gpu = await openTestContext();
  network = await flowInputs();
});
afterAll(closeTestContexts);

const shear = { shearGrid: [0.02], realizations: 3, draws: 24, warmup: 16, rescue: false };
const flow = { truthSource: 'prior', observations: 3, samples: 420, solver: 'euler', steps: 5 };

test.each<[string, string, object]>([
  ['shear', 'four parameters', shear],
  ['shear', 'six parameters', { ...shear, freeParameters: '6', chains: 2 }],
  ['flow', 'samples of which some are rejected', flow],
  ['flow', 'samples of which none is', { ...flow, rejectOutside: false }],
  ['banana', 'a chain of each', { bananas: 2, draws: 30, warmup: 10, chains: 1 }],
  ['tally', 'tables', { tables: 5, throws: 100 }],
])('%s, %s: the bytes that were planned are held when it is over', async (id, _, params) => {
  const workload = findWorkload(id, workloads);
  const preset = ['shear', 'flow'].includes(id) ? { preset: 'quick' } : {};
  const config = parseRunConfig({ workload: id, ...preset, params, batch: { size: 2 } }, workloads);
  const plan = planRun(workload, config, id === 'flow' ? network : {}, gpu.report);
  const run = new RunController({ plan, gpu, listener: {} });
  expect(await run.run()).toMatchObject({ state: 'finished', failed: [] });
  expect(run.store.bytes).toBeGreaterThan(0);
  expect(plan.resultBytes).toBe(run.store.bytes);
});
