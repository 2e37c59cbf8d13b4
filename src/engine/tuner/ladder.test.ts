/** The ladder on sessions that really run, with a clock that says how long each chunk took. */
import { afterAll, expect, test } from 'vitest';
import { closeTestContexts, openNullContext } from '../../gpu/testing.ts';
import type { Workload } from '../../workloads/workload.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { TunerDevice } from './device.ts';
import { climbLadder } from './ladder.ts';
import { settingOf } from './setting.ts';
import { settled } from './settled.ts';

afterAll(closeTestContexts);

/** Milliseconds of a chunk, by its size, the session (1, 2, … of that size) and the chunk (1, 2, …) in the session. */
type Cost = (chunk: number, session: number, step: number) => number;

async function climb(items: number, cost: Cost, endsAt = 1e9) {
  let clock = 0;
  const sessions = new Map<number, number>();
  const { counters, ...gaussian }: Workload & { readonly counters: { readonly open: number } } = gaussianWorkload();
  const workload: Workload = {
    ...gaussian,
    open: async (gpu, problem, plan, ...rest) => {
      const session = await gaussian.open(gpu, problem, plan, ...rest);
      const opened = (sessions.get(plan.chunk) ?? 0) + 1;
      sessions.set(plan.chunk, opened);
      let step = 0;
      return {
        start: async (given) => {
          clock += cost(plan.chunk, opened, ++step);
          return session.start(given);
        },
        advance: (...given) => session.advance(...given),
        peek: (...given) => session.peek(...given),
        collect: () => session.collect(),
        close: () => session.close(),
      };
    },
  };
  const params = { means: [0], repeats: items, draws: 4, warmup: 0, chains: 1 };
  const device = new TunerDevice(await openNullContext(), () => expect.fail('no device is lost'));
  const task = {
    workload,
    config: parseRunConfig({ params }, [workload]),
    inputs: {},
    device,
    signal: new AbortController().signal,
    tell: () => undefined,
    now: () => clock,
  };
  const told: number[] = [];
  const ladder = await climbLadder({
    setting: settingOf(task, 'f32'),
    largest: items,
    trialMs: 6000,
    endsAt,
    tell: ({ chunk, attempt }) => told.push(attempt === 1 ? chunk : -chunk),
  });
  expect(counters.open).toBe(0);
  return { ...ladder, told, rates: settled(ladder.trials).map(({ chunk, itemsPerSecond }) => [chunk, itemsPerSecond]) };
}

test('on a quiet machine every size is measured once, up to the largest', async () => {
  const { told, rates, ended } = await climb(12, () => 100);
  expect(told).toEqual([1, 2, 4, 8, 12]);
  expect(rates).toEqual([
    [1, 10],
    [2, 20],
    [4, 40],
    [8, 80],
    [12, 120],
  ]);
  expect(ended).toContain('largest chunk that fits');
});

test('sizes that were slowed down are measured again, and the ladder goes on', async () => {
  const { told, rates } = await climb(32, (chunk, session) =>
    session === 1 && (chunk === 4 || chunk === 8) ? 1000 : 100,
  );
  expect(told).toEqual([1, 2, 4, 8, -4, -8, 16, 32]);
  expect(rates.at(-1)).toEqual([32, 320]);
});

test('a size whose steps scatter is measured again, and the quieter attempt counts', async () => {
  const { told, rates, trials } = await climb(2, (chunk, session, step) =>
    chunk === 1 && session === 1 && step > 2 ? 300 : 100,
  );
  expect(told).toEqual([1, 2, -1]);
  expect(trials[0].spread).toBe(3);
  expect(rates[0]).toEqual([1, 10]);
});

test('growth that has really stopped ends it, once measured again; three sizes in a row below 8 do not', async () => {
  const linear = await climb(64, (chunk) => 100 * chunk);
  expect(linear.told).toEqual([1, 2, 4, 8, -2, -4, -8]);
  expect(linear.ended).toContain('stopped growing');
});

test('nothing is measured again when the time is up', async () => {
  const { told, ended } = await climb(12, (_chunk, _session, step) => (step % 2 ? 100 : 300), 1200);
  expect(told.every((chunk) => chunk > 0)).toBe(true);
  expect(ended).toContain('time for tuning was up');
});
