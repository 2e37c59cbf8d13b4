/** A run that is asked for when its device is lost already, or is being lost: it gets another and ends; it never hangs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../gpu/context.ts';
import { closeTestContexts, openNullContext, openTestContext } from '../gpu/testing.ts';
import { workloads } from '../workloads/index.ts';
import { DeviceOwner } from './device-owner.ts';
import { tinyRun as config, connectHost } from './test-support/connect-host.ts';
import { openSilentDevice, WAITS } from './test-support/silent-device.ts';

afterAll(closeTestContexts);

/** The device that all of them come back with: compiling kernels anew for each would take most of the time. */
let next: GpuContext;
/** The experiments without their own self-tests, which take the longest on a device; what is left waits for it in every other way. */
const hasty = workloads.map((workload) => ({ ...workload, selfTest: undefined }));

beforeAll(async () => {
  next = await openTestContext();
});

/** A host that opens this device first. */
function hostOf(first: GpuContext, registry: typeof workloads = hasty) {
  const devices = [first];
  return connectHost(async () => devices.shift() ?? next, registry);
}

async function expectFinished(host: ReturnType<typeof hostOf>): Promise<void> {
  expect(await host.arrival((all) => all.find(({ type }) => type === 'finished'))).toMatchObject({
    outcome: { state: 'finished', failed: [] },
  });
  expect(host.devices).toHaveLength(2);
  expect(next.ledger.current).toBe(0);
}

const WEBGPU = { type: 'reply', value: { mode: 'webgpu' } };
const kinds = ({ messages }: ReturnType<typeof hostOf>) =>
  messages.flatMap((message) => (message.type === 'runEvent' ? [message.event.kind] : []));

describe('a run on a device', () => {
  test('that was destroyed a moment before: another is opened', async () => {
    const host = hostOf(await openTestContext());
    await host.ask('init');
    host.devices[0].device.destroy();
    expect(await host.ask('run', config)).toMatchObject(WEBGPU);
    await expectFinished(host);
    expect(kinds(host)).toEqual([]);
  });

  test('that had passed its self-test and was destroyed a moment before: the run itself opens another', async () => {
    const host = hostOf(await openTestContext());
    await host.ask('init');
    host.tell('prepare');
    await host.arrival((all) => host.reports(all)[0]);
    host.devices[0].device.destroy();
    expect(await host.ask('run', config)).toMatchObject(WEBGPU);
    await expectFinished(host);
  });

  test('that was lost while nobody used it: the page hears of it, and another is opened', async () => {
    const host = hostOf(await openTestContext());
    await host.ask('init');
    host.devices[0].device.destroy();
    const lost = await host.arrival((all) => all.find(({ type }) => type === 'error'));
    expect(lost).toMatchObject({ error: { name: 'DeviceLostError' } });
    expect(await host.ask('run', config)).toMatchObject(WEBGPU);
    await expectFinished(host);
  });

  test.each(WAITS)('that goes away and falls silent during its self-test, at %s', async (wait) => {
    const { gpu, arm } = await openSilentDevice();
    // The experiments' own part alone waits for the queue.
    const host = hostOf(gpu, wait === 'onSubmittedWorkDone' ? workloads : hasty);
    await host.ask('init');
    arm(wait);
    host.tell('prepare');
    expect(await host.ask('run', config)).toMatchObject(WEBGPU);
    await expectFinished(host);
    expect(kinds(host)).toEqual([]);
  });

  test.each(WAITS)('that goes away and falls silent during the run, at %s', async (wait) => {
    const { gpu, arm } = await openSilentDevice();
    const host = hostOf(gpu);
    await host.ask('init');
    host.tell('prepare');
    await host.arrival((all) => host.reports(all)[0]);
    arm(wait);
    expect(await host.ask('run', config)).toMatchObject(WEBGPU);
    await expectFinished(host);
    expect(kinds(host)).toEqual(['loss', 'reopened', 'retry']);
  });

  test('that is lost again while it is tried: the run is refused with the loss', async () => {
    const devices = await Promise.all([openSilentDevice(), openSilentDevice()]);
    for (const { arm } of devices) arm('popErrorScope');
    const opened = devices.map(({ gpu }) => gpu);
    const host = connectHost(async () => opened.shift()!);
    await host.ask('init');
    expect(await host.ask('run', config)).toMatchObject({
      type: 'refusal',
      error: { name: 'DeviceLostError', kept: expect.stringContaining('kept'), todo: expect.stringContaining('again') },
    });
    expect(host.devices).toHaveLength(2);
  });
});

describe('a run whose device is lost', () => {
  /** A host whose run has begun, held before its first transition, with what opens after the first device. */
  async function begun(openNext: () => Promise<GpuContext>) {
    const devices = [await openTestContext()];
    const host = connectHost(async () => devices.shift() ?? openNext(), hasty);
    await host.ask('init');
    expect(await host.ask('run', config, { paused: true })).toMatchObject(WEBGPU);
    return host;
  }
  const outcomeOf = (host: ReturnType<typeof connectHost>) =>
    host.arrival((all) => all.find((message) => message.type === 'finished')?.outcome);

  test('is not given one that computes wrongly, and ends with what failed', async () => {
    const other = await openNullContext();
    const host = await begun(async () => other);
    host.devices[0].device.destroy();
    host.tell('resume');
    expect(await outcomeOf(host)).toMatchObject({
      state: 'failed',
      error: {
        name: 'SelfTestError',
        message: expect.stringMatching(
          /^The GPU device was lost, and what opens now computes wrongly\. The self-test of f32 on /,
        ),
        kept: 'No realization had finished.',
        todo: expect.stringContaining('driver'),
      },
    });
    expect(kinds(host)).toEqual(['loss', 'failed']);
    expect(host.devices).toEqual([host.devices[0], other]);
  });

  test('ends at once when it is stopped while no other opens', async () => {
    let asked = () => {};
    const asking = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const host = await begun(() => {
      asked();
      return new Promise(() => undefined);
    });
    host.devices[0].device.destroy();
    host.tell('resume');
    await asking;
    host.tell('stop');
    expect(await outcomeOf(host)).toMatchObject({ state: 'stopped', failed: [] });
    expect(kinds(host)).toEqual(['loss']);
  });

  test('that was asked to stop before it had begun ends without a result', async () => {
    const host = hostOf(next);
    await host.ask('init');
    const reply = host.ask('run', config);
    host.tell('stop');
    expect(await reply).toMatchObject(WEBGPU);
    expect(await outcomeOf(host)).toMatchObject({ state: 'stopped', progress: { items: { done: 0 } } });
  });
});

describe('a device that does not open', () => {
  const owner = (openGpu: () => Promise<GpuContext>) =>
    new DeviceOwner({ registry: hasty, post: () => undefined, busy: () => false, openGpu, openLimitMs: 20 });

  test('is not waited for without end, and closed should it open after all', async () => {
    let open: (gpu: GpuContext) => void = () => undefined;
    const devices = owner(
      () =>
        new Promise((resolve) => {
          open = resolve;
        }),
    );
    expect(await devices.init()).toMatchObject({ mode: 'cpu', reason: expect.stringContaining('within 0.02 s') });
    const late = await openNullContext();
    open(late);
    expect((await late.lost).reason).toBe('destroyed');
  });

  test('in the place of a lost one: refused with the reason, and asked for again the next time', async () => {
    const opened = [await openNullContext()];
    const devices = owner(async () => {
      const next = opened.shift();
      if (!next) throw new Error('the GPU process is gone');
      return next;
    });
    const { gpu } = await devices.opened();
    gpu!.destroy();
    await expect(devices.replace(gpu!, { workload: 'shear', precision: 'f32' })).rejects.toThrow(
      'the GPU process is gone',
    );
    opened.push(next);
    expect(await devices.replace(gpu!, { workload: 'shear', precision: 'f32' })).toBe(next);
  });
});
