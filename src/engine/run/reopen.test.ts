/** Which devices may take the place of a lost one, and for how long they are waited for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../gpu/context.ts';
import { closeTestContexts, openNullContext, openTestContext } from '../../gpu/testing.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { planRun, type RunPlan } from '../plan/plan-run.ts';
import { steadyShear, tinyParams } from '../test-support/faulty-run.ts';
import { type Reopening, reopenDevice } from './reopen.ts';

let gpu: GpuContext;
let plan: RunPlan;
beforeAll(async () => {
  gpu = await openNullContext();
  plan = planOn(gpu);
});
afterAll(closeTestContexts);

function planOn({ report }: GpuContext, chunk = 2): RunPlan {
  const config = parseRunConfig({ workload: 'shear', batch: { size: chunk }, params: tinyParams });
  return planRun(steadyShear, config, {}, report);
}

const reopening = (given: Partial<Reopening>): Reopening => ({
  reopen: openNullContext,
  plan,
  adapter: gpu.report.name,
  pausesMs: [0, 1, 1],
  ...given,
});
const refusal = (given: Partial<Reopening>) => reopenDevice(reopening(given)).catch((error: Error) => error);
const never = () => new Promise<never>(() => undefined);

describe('a device', () => {
  test('of the same adapter takes the place of the lost one, at the second attempt, too', async () => {
    let attempts = 0;
    const reopen = async () => {
      if (++attempts === 1) throw new Error('not yet');
      return openNullContext();
    };
    const next = await reopenDevice(reopening({ reopen }));
    expect(next.report.name).toBe(gpu.report.name);
    expect(attempts).toBe(2);
  });

  test('of another adapter is refused by both names, and left to who opened it', async () => {
    const other = await openTestContext();
    expect(other.report.name).not.toBe(gpu.report.name);
    expect(await refusal({ reopen: async () => other })).toMatchObject({
      name: 'DeviceLostError',
      message: expect.stringContaining(`what opens now is ${other.report.name} instead of ${gpu.report.name}`),
      todo: expect.stringContaining(`when ${gpu.report.name} is there again`),
    });
    // A closed device would reject.
    await other.finished();
  });

  test('that wants kernels of another shape is refused', async () => {
    const { record } = plan.shape;
    const wider = { ...record, threadsPerChain: 2 * Number(record.threadsPerChain) };
    const planned = { ...plan, shape: { ...plan.shape, record: wider } };
    expect(await refusal({ plan: planned })).toMatchObject({
      name: 'DeviceLostError',
      message: expect.stringContaining(`${gpu.report.name} now wants kernels of another shape`),
    });
  });

  test('that allows less than the plan takes is refused with what does not fit', async () => {
    const next = await openNullContext();
    const limits = { ...next.report.limits, maxBufferSize: 1024, maxStorageBufferBindingSize: 1024 };
    Object.assign(next.report, { limits });
    expect(await refusal({ reopen: async () => next })).toMatchObject({
      message: expect.stringMatching(/now allows less \(.+\): its results could differ/),
    });
  });
});

describe('an opening', () => {
  test('that fails each time ends with the last reason', async () => {
    let attempts = 0;
    const reopen = async () => {
      throw new Error(`attempt ${++attempts}`);
    };
    expect(await refusal({ reopen })).toMatchObject({
      name: 'DeviceLostError',
      message: 'The GPU device was lost and does not open again: attempt 3',
      todo: expect.stringContaining('Resume this run'),
    });
  });

  test('that takes longer than the limit is given up, and not tried again', async () => {
    let attempts = 0;
    let fail = () => {};
    const reopen = () => {
      attempts++;
      return new Promise<never>((_, reject) => {
        fail = () => reject(new Error('much later'));
      });
    };
    expect(await refusal({ reopen, limitMs: 20 })).toMatchObject({
      message: expect.stringContaining('does not open again: no answer within 0.02 s'),
    });
    fail();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(attempts).toBe(1);
  });

  test('ends at once when the user stops the run, before it and during it', async () => {
    const stop = new AbortController();
    const waiting = refusal({ reopen: never, stop: stop.signal });
    stop.abort();
    expect(await waiting).toBe(stop.signal.reason);
    expect(await refusal({ reopen: never, stop: stop.signal })).toBe(stop.signal.reason);
  });
});
