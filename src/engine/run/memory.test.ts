/**
 * Memory as planned, seen by a wrapper around the device's own calls instead of the ledger: the plan to the byte, not one allocation more
 * while it samples, and nothing left however a run ends.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GpuContext } from '../../gpu/context.ts';
import { type FaultPlan, withFaults } from '../../gpu/faults.ts';
import { planBytes } from '../../gpu/plan.ts';
import { findNodeGpu } from '../../gpu/provider-node.ts';
import { closeTestContexts, openNullContext } from '../../gpu/testing.ts';
import { kernelShapeOf } from '../../workloads/shear/test-support/gpu-probe.ts';
import { shearWorkload } from '../../workloads/shear/workload.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { RunController, type RunListener } from './controller.ts';

afterAll(closeTestContexts);

/** Counts what the device is asked for. */
function watchMemory(device: GPUDevice): { live: number; peak: number; calls: number } {
  const seen = { live: 0, peak: 0, calls: 0 };
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    let held = true;
    seen.calls++;
    seen.live += descriptor.size;
    seen.peak = Math.max(seen.peak, seen.live);
    buffer.destroy = () => {
      if (held) seen.live -= descriptor.size;
      held = false;
      return destroy();
    };
    return buffer;
  };
  for (const name of ['createTexture', 'createQuerySet', 'createBindGroup', 'createComputePipelineAsync'] as const) {
    const make = device[name].bind(device) as (descriptor: never) => unknown;
    Object.defineProperty(device, name, {
      value: (descriptor: never) => {
        seen.calls++;
        return make(descriptor);
      },
    });
  }
  return seen;
}

describe('plan bytes are allocated bytes', () => {
  let gpu: GpuContext;
  let seen: ReturnType<typeof watchMemory>;
  beforeAll(async () => {
    gpu = await openNullContext();
    seen = watchMemory(gpu.device);
  });

  test.each(shearWorkload.presets.map(({ id }) => id))('%s, ten batch sizes', async (preset) => {
    const config = parseRunConfig({ workload: 'shear', preset });
    const configured = shearWorkload.configure(config.params, {});
    const problem = configured.prepare(42);
    const totals: number[] = [];
    for (const chunk of [1, 2, 3, 5, 8, 16, 33, 64, 100, 256]) {
      const shape = kernelShapeOf(1);
      const plan = configured.plan(chunk, shape);
      const session = await shearWorkload.open(gpu, problem, plan, shape);
      expect(seen.live, `chunk ${chunk}`).toBe(planBytes(plan));
      expect(gpu.ledger.current).toBe(seen.live);
      totals.push(seen.live);
      session.close();
      expect(seen.live).toBe(0);
    }
    expect(new Set(totals).size).toBe(10);
  });
});

const tiny = {
  stampSize: 12,
  halfLightRadiusArcsec: 0.2,
  shearGrid: [0.02],
  realizations: 4,
  chains: 2,
  draws: 8,
  warmup: 4,
};

/** What the device of these tests does wrong. It is the same one in all of them, so that kernels are compiled once. */
const planned: { -readonly [K in keyof FaultPlan]: FaultPlan[K] } = {};
let gpu: GpuContext;
let seen: ReturnType<typeof watchMemory>;
let submits = 0;
beforeAll(async () => {
  gpu = await GpuContext.open({ gpu: withFaults((await findNodeGpu())!, planned) });
  seen = watchMemory(gpu.device);
  const { queue } = gpu.device;
  const submit = queue.submit.bind(queue);
  queue.submit = (commands) => {
    submits++;
    return submit(commands);
  };
});
afterAll(() => gpu.destroy());

/** From here on the device follows this plan; submits are counted from here, too. */
function plant({ outOfMemoryAboveBytes, validationAtSubmit }: FaultPlan): void {
  planned.outOfMemoryAboveBytes = outOfMemoryAboveBytes;
  planned.validationAtSubmit = validationAtSubmit && submits + validationAtSubmit;
  Object.assign(seen, { live: 0, peak: 0, calls: 0 });
}

test('1,000 steps and looks take nothing that `open` had not taken', async () => {
  plant({});
  const { params } = parseRunConfig({ workload: 'shear', params: { ...tiny, draws: 1100 } });
  const configured = shearWorkload.configure(params, {});
  const problem = configured.prepare(42);
  // The kernels of the runs below.
  const shape = configured.shape(gpu.report);
  const plan = configured.plan(2, shape);
  const session = await shearWorkload.open(gpu, problem, plan, shape);
  const { calls } = seen;
  expect(calls).toBeGreaterThan(plan.buffers.length);
  await session.start([0, 1]);
  for (let step = 1; step <= 1000; step++) {
    expect((await session.advance(10_000, 1)).steps).toBe(step);
    if (step % 100 === 0) expect(await session.peek(1, 0)).toBeDefined();
  }
  expect(seen).toEqual({ live: planBytes(plan), peak: planBytes(plan), calls });
  while ((await session.advance(10_000)).phase !== 'done');
  expect(await session.collect()).toHaveLength(2);
  expect(seen.calls).toBe(calls);
  session.close();
  expect(seen.live).toBe(0);
});

describe('nothing is left', () => {
  async function run(faults: FaultPlan, listener: (run: () => RunController) => RunListener) {
    plant(faults);
    const config = parseRunConfig({ workload: 'shear', batch: { size: 2 }, params: tiny });
    const controller: RunController = new RunController({
      plan: planRun(shearWorkload, config, {}, gpu.report),
      gpu,
      listener: listener(() => controller),
    });
    const { state, failed } = await controller.run();
    expect(seen.peak).toBe(controller.plan.totalBytes);
    expect(seen.live).toBe(0);
    return { state, failed: failed.length, done: controller.store.size };
  }

  test('after a run', async () => {
    expect(await run({}, () => ({}))).toEqual({ state: 'finished', failed: 0, done: 4 });
  });
  test('after a run that was cancelled', async () => {
    const stopped = await run({}, (controller) => ({ itemDone: () => controller().stop() }));
    expect(stopped).toEqual({ state: 'stopped', failed: 0, done: 2 });
  });
  test('after chunks that failed', async () => {
    expect(await run({ validationAtSubmit: 5 }, () => ({}))).toEqual({ state: 'finished', failed: 2, done: 2 });
  });
  test('after memory ran out with one item at a time', async () => {
    plant({ outOfMemoryAboveBytes: 1000 });
    const config = parseRunConfig({ workload: 'shear', batch: { size: 2 }, params: tiny });
    const controller = new RunController({ plan: planRun(shearWorkload, config, {}, gpu.report), gpu, listener: {} });
    expect(await controller.run()).toMatchObject({ state: 'failed', error: { name: 'OutOfMemoryError' } });
    expect(seen.live).toBe(0);
  });
});
