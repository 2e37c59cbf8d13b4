/**
 * An adapter that turns slow in the middle of a chunk: submits shrink to single transitions, grow again, and the answer stays the same. Its time is
 * counted, not measured: what a submit takes follows from its transitions, on any machine.
 */

import { afterAll, afterEach, expect, test, vi } from 'vitest';
import type { GpuContext } from '../../../gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../../gpu/testing.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import type { ParamValues } from '../../params.ts';
import type { Session } from '../../workload.ts';
import { kernelShapeOf } from '../test-support/gpu-probe.ts';
import { shearWorkload } from '../workload.ts';

afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(closeTestContexts);

const params: ParamValues = {
  profile: 'gaussian',
  stampSize: 12,
  halfLightRadiusArcsec: 0.2,
  shearGrid: [0.02],
  realizations: 2,
  chains: 2,
  warmup: 16,
  draws: 600,
};
const problem = shearWorkload.configure(params, {}).prepare(42);
/** Above what the pacer calls too long. */
const SLOW_MS = 260;

interface Adapter {
  readonly gpu: GpuContext;
  /** Of every submit, as the kernels are told. */
  readonly units: number[];
  slow: boolean;
}

/** A device on which a unit of work takes a millisecond, and `SLOW_MS` more while it is slow. */
async function openCounted(): Promise<Adapter> {
  const gpu = await openTestContext();
  const { device } = gpu;
  const { queue } = device;
  // Some bindings make the queue's object anew for whoever asks.
  Object.defineProperty(device, 'queue', { value: queue });
  const units: number[] = [];
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  /** Milliseconds of the submits that nobody has waited for yet, and of the next one. */
  let pending = 0;
  let next = 0;
  const write = queue.writeBuffer.bind(queue);
  queue.writeBuffer = (...given: Parameters<typeof write>) => {
    const [buffer, , data] = given;
    if (buffer.label === 'control') {
      units.push((data as Uint32Array)[1]);
      next = (data as Uint32Array)[1] + (adapter.slow ? SLOW_MS : 0);
    }
    return write(...given);
  };
  const submit = queue.submit.bind(queue);
  queue.submit = (commands) => {
    pending += next;
    next = 0;
    return submit(commands);
  };
  const done = queue.onSubmittedWorkDone.bind(queue);
  let before = Promise.resolve();
  queue.onSubmittedWorkDone = () => {
    const took = pending;
    pending = 0;
    const native = done();
    const mine = before.then(async () => {
      await native;
      now += took;
      return undefined;
    });
    // Two may really be done at once: who waited for the first reads the clock before the second moves it.
    before = mine.then(() => new Promise((resolve) => setTimeout(resolve)));
    return mine;
  };
  const adapter: Adapter = { gpu, units, slow: false };
  return adapter;
}

async function begin({ gpu }: Adapter): Promise<Session<PosteriorItem>> {
  const session = await shearWorkload.open(
    gpu,
    problem,
    shearWorkload.configure(params, {}).plan(2, kernelShapeOf(1)),
    kernelShapeOf(1),
  );
  await session.start([0, 1]);
  return session;
}

async function finish({ gpu }: Adapter, session: Session<PosteriorItem>): Promise<string> {
  while ((await session.advance(1000)).phase !== 'done');
  const items = await session.collect();
  session.close();
  expect(gpu.ledger.current).toBe(0);
  return JSON.stringify(items, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value));
}

test('submits of a slow adapter shrink to one transition, and grow when it is quick again', async () => {
  const adapter = await openCounted();
  const { units } = adapter;
  const calm = await finish(adapter, await begin(adapter));
  const session = await begin(adapter);
  units.length = 0;
  while ((units.at(-1) ?? 0) < 8) expect((await session.advance(0)).phase).not.toBe('done');

  adapter.slow = true;
  const before = units.length;
  const largest = units.at(-1)!;
  const untilFloor = 2 * Math.ceil(Math.log2(largest)) + 4;
  while (units.at(-1) !== 1) {
    expect(units.length - before, `${units}`).toBeLessThan(untilFloor);
    expect((await session.advance(0)).phase).not.toBe('done');
  }
  // One submit was under way when it turned slow, and one is queued behind whatever is being timed.
  const shrinking = units.slice(before + 2);
  expect(shrinking).toEqual(shrinking.toSorted((a, b) => b - a));
  for (let n = 0; n < 3; n++) await session.advance(0);
  expect(units.slice(-3)).toEqual([1, 1, 1]);

  adapter.slow = false;
  const floor = units.length;
  const end = await finish(adapter, session);
  expect(Math.max(...units.slice(floor))).toBeGreaterThan(4);
  expect(end).toBe(calm);
});
