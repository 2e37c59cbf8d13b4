/** The self-test through the worker's protocol: a report for every device, and no run on one that failed. */
import { afterAll, expect, test } from 'vitest';
import { parseRunConfig } from '../engine/run-config.ts';
import type { SelfTestReport } from '../engine/self-test/report.ts';
import { openWrongContext } from '../engine/test-support/wrong-device.ts';
import type { GpuContext } from '../gpu/context.ts';
import { closeTestContexts, openTestContext } from '../gpu/testing.ts';
import { workloads } from '../workloads/index.ts';
import { EngineHost } from './host.ts';
import type { Message, Request } from './protocol.ts';

afterAll(closeTestContexts);

const config = parseRunConfig({
  params: {
    realizations: 1,
    shearGrid: [0],
    warmup: 0,
    draws: 4,
    rescue: false,
  },
});

/** A host that opens such devices, every message it sends, and those already opened. */
function connect(open: () => Promise<GpuContext>) {
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const devices: GpuContext[] = [];
  const host = new EngineHost(
    (message) => {
      messages.push(message);
      for (const look of waiting) look();
    },
    workloads,
    async () => {
      const gpu = await open();
      devices.push(gpu);
      return gpu;
    },
  );
  /** The message that `pick` finds, once it is there. */
  const arrival = <T>(pick: (all: readonly Message[]) => T | undefined) =>
    new Promise<T>((resolve) => {
      const look = () => {
        const found = pick(messages);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const reports = (all: readonly Message[]): SelfTestReport[] =>
    all.flatMap((message) => (message.type === 'selfTest' ? [message.report] : []));
  let id = 0;
  const ask = (request: Omit<Extract<Request, { id: number }>, 'id'> & Record<string, unknown>) => {
    id++;
    const mine = id;
    host.receive({ ...request, id: mine } as Request);
    return arrival((all) =>
      all.find((message) => (message.type === 'reply' || message.type === 'refusal') && message.id === mine),
    );
  };
  const tell = (request: Request) => host.receive(request);
  return { ask, tell, arrival, reports, messages, devices };
}

test('a device is tried once, when somebody uses the page; a run starts, and a new device is tried anew', async () => {
  const { ask, tell, arrival, reports, messages, devices } = connect(openTestContext);
  await ask({ type: 'init' });
  expect(reports(messages)).toEqual([]);
  tell({ type: 'prepare' });
  tell({ type: 'prepare' });
  const report = await arrival((all) => reports(all)[0]);
  expect(report.precisions).toMatchObject([{ precision: 'f32', passed: true }]);
  expect(devices[0].ledger.current).toBe(0);
  expect(await ask({ type: 'run', config })).toMatchObject({ type: 'reply', to: 'run' });
  expect(await arrival((all) => all.find(({ type }) => type === 'finished'))).toMatchObject({
    outcome: { state: 'finished' },
  });
  devices[0].device.destroy();
  await devices[0].lost;
  expect(await ask({ type: 'run', config })).toMatchObject({ type: 'reply', to: 'run' });
  expect(await arrival((all) => reports(all)[1])).toMatchObject({ precisions: [{ passed: true }] });
  expect(reports(messages)).toHaveLength(2);
  expect(devices).toHaveLength(2);
});

test('a run and the tuner are refused on a device that computes wrongly, with what failed', async () => {
  const { ask, arrival, reports, devices } = connect(() =>
    openWrongContext((wgsl) => wgsl.replaceAll('15u), 26u), 6u)', '15u), 26u), 7u)')),
  );
  await ask({ type: 'init' });
  for (const type of ['run', 'tune'] as const) {
    const refusal = await ask({ type, config });
    expect(refusal).toMatchObject({
      type: 'refusal',
      error: {
        name: 'SelfTestError',
        message: expect.stringMatching(
          /^The self-test of f32 on .* failed\. Random bits: wrong words of 512 is 512, allowed 0;/,
        ),
        kept: expect.stringContaining('Nothing was started'),
        todo: expect.stringContaining('driver'),
      },
    });
  }
  expect((await arrival((all) => reports(all)[0])).precisions[0].passed).toBe(false);
  expect(devices[0].ledger.current).toBe(0);
});
