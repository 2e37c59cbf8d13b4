import { expect, test } from 'vitest';
import type { ItemSummary } from '../../results/posterior/item-summary.ts';
import { posteriorSummaries, posteriors } from '../../results/posterior/narrow.ts';
import type { Peek } from '../../workloads/workload.ts';
import { DEFAULT_BATCH } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { RunController } from './controller.ts';
import type { FailedItem, RunProgress } from './progress.ts';
import type { RunOptions } from './run-options.ts';

const defaults = { means: [0, 1, 2], repeats: 2, noiseSigma: 1, chains: 4, draws: 40, warmup: 10, broken: [] };

function makeRun(
  params: Record<string, number | number[]>,
  size: number,
  paused = false,
  given: Pick<RunOptions, 'finished' | 'only' | 'now'> = {},
) {
  const workload = gaussianWorkload();
  const config = {
    workload: 'gaussian',
    preset: 'plain',
    seed: 7,
    precision: 'f32' as const,
    batch: { ...DEFAULT_BATCH, size },
    params: { ...defaults, ...params },
  };
  const log = {
    progress: [] as RunProgress[],
    items: [] as ItemSummary[],
    chunks: [] as (readonly number[])[],
    failures: [] as (readonly FailedItem[])[],
    peeks: [] as Peek[],
    /** Heard after an item was logged. */
    itemDone: () => {},
  };
  const run = new RunController({
    plan: planRun(workload, config, {}, null),
    gpu: null,
    paused,
    ...given,
    listener: {
      chunkDone: (items) => log.chunks.push(items),
      progress: (progress) => log.progress.push(progress),
      itemDone: (summary) => {
        log.items.push(...posteriorSummaries([summary]));
        log.itemDone();
      },
      chunkFailed: (items) => log.failures.push(items),
      peek: (peek) => log.peeks.push(peek),
    },
  });
  return { workload, run, log };
}

/** A run whose clock goes by with its work: so many milliseconds for each call of `advance`, on any machine. */
function makeWorkedRun(params: Record<string, number | number[]>, size: number, paused = false) {
  const worked = { ms: 20, advances: () => 0 };
  const made = makeRun(params, size, paused, { now: () => worked.ms * worked.advances() });
  worked.advances = () => made.workload.counters.advances;
  return { ...made, worked };
}

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
};

test('every item of every chunk gets a result once, the last partial chunk included', async () => {
  const { run, workload, log } = makeRun({}, 4);
  const outcome = await run.run();
  expect(outcome.state).toBe('finished');
  expect(log.items.map((item) => item.info.index)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(run.store.items().map((item) => item.info.seed)).toEqual([7, 8, 9, 10, 11, 12]);
  expect(outcome.progress).toMatchObject({ fraction: 1, etaMs: 0, items: { done: 6, failed: 0, total: 6 } });
  expect(outcome.progress.gradients).toBe(6 * 4 * 50);
  expect(workload.counters.open).toBe(0);
});

test('the same seed gives the same draws for any chunk size', async () => {
  const draws = async (size: number) => {
    const { run } = makeRun({}, size);
    await run.run();
    return posteriors(run.store.items()).map((item) => item.parameters);
  };
  const one = await draws(1);
  expect(await draws(4)).toEqual(one);
  expect(await draws(64)).toEqual(one);
});

test('a chunk that fails is reported and does not take the others with it', async () => {
  const { run, workload, log } = makeRun({ broken: [3] }, 2);
  const outcome = await run.run();
  expect(outcome.state).toBe('finished');
  expect(run.store.items().map((item) => item.info.index)).toEqual([0, 1, 4, 5]);
  expect(log.failures).toHaveLength(1);
  expect(outcome.failed.map((item) => [item.info.index, item.reason])).toEqual([
    [2, 'item 3 has no gradient'],
    [3, 'item 3 has no gradient'],
  ]);
  expect(workload.counters.open).toBe(0);
});

test('a run of which nothing is left fails with the reason', async () => {
  const { run } = makeRun({ means: [0], repeats: 1, broken: [0] }, 1);
  expect(await run.run()).toMatchObject({ state: 'failed', error: { message: 'item 0 has no gradient' } });
});

test('stop frees the session and keeps finished items', async () => {
  const { run, workload, log } = makeRun({ draws: 400 }, 2);
  let openAtStop = 0;
  log.itemDone = () => {
    if (log.items.length < 2) return;
    openAtStop = workload.counters.open;
    run.stop();
  };
  const outcome = await run.run();
  expect(openAtStop).toBe(1);
  expect(outcome.state).toBe('stopped');
  expect(run.store.size).toBeGreaterThanOrEqual(2);
  expect(run.store.size).toBeLessThan(6);
  expect(workload.counters.open).toBe(0);
});

test('step moves the chunk by exactly one transition, pause holds it, resume finishes it', async () => {
  const { run, workload, log } = makeRun({}, 6, true);
  const ended = run.run();
  await until(() => log.progress.at(-1)?.state === 'paused');
  expect(workload.counters.advances).toBe(0);
  for (let n = 1; n <= 3; n++) {
    run.step();
    await until(() => log.progress.at(-1)?.state === 'paused' && log.progress.at(-1)?.transitions.done === n);
  }
  expect(log.peeks.map((peek) => peek.step)).toEqual([1, 2, 3]);
  const held = workload.counters.advances;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(workload.counters.advances).toBe(held);
  run.resume();
  expect((await ended).state).toBe('finished');
});

test('stepping over the end of a chunk collects it and holds before the next', async () => {
  const { run, log } = makeRun({ draws: 4, warmup: 0 }, 3, true);
  const ended = run.run();
  for (let n = 0; n < 4; n++) run.step();
  await until(() => log.items.length === 3 && log.progress.at(-1)?.state === 'paused');
  expect(log.progress.at(-1)).toMatchObject({ chunk: { index: 1, count: 2 }, transitions: { done: 0 } });
  run.stop();
  expect((await ended).state).toBe('stopped');
});

test('while paused, another chain can be looked at', async () => {
  const { run, log } = makeRun({}, 6, true);
  const ended = run.run();
  run.step();
  await until(() => log.peeks.length === 1);
  run.watch({ item: 4, part: 2 });
  await until(() => log.peeks.length === 2);
  expect(log.peeks[1]).toMatchObject({ item: 4, step: 1, own: { chain: 2 } });
  run.stop();
  await ended;
});

test('time stands still while paused', async () => {
  let clock = 0;
  const { run, log } = makeRun({}, 6, true, { now: () => clock });
  const ended = run.run();
  await until(() => log.progress.at(-1)?.state === 'paused');
  const before = run.progress.elapsedMs;
  clock += 60_000;
  expect(run.progress.elapsedMs).toBe(before);
  run.stop();
  await ended;
});

test('the time of a step counts, so that rates after it are those of the work', async () => {
  const { run, log, worked } = makeWorkedRun({}, 6, true);
  const ended = run.run();
  const elapsed: number[] = [];
  for (let n = 1; n <= 3; n++) {
    run.step();
    await until(() => log.progress.at(-1)?.transitions.done === n);
    elapsed.push(log.progress.at(-1)!.elapsedMs);
  }
  expect(elapsed).toEqual([worked.ms, 2 * worked.ms, 3 * worked.ms]);
  run.stop();
  await ended;
});

test('progress is told at most about ten times a second', async () => {
  const { run, log } = makeWorkedRun({ draws: 4000 }, 6);
  const outcome = await run.run();
  const stateChanges = 3;
  expect(log.progress.length).toBeLessThanOrEqual(outcome.progress.elapsedMs / 100 + 1 + stateChanges);
  expect(log.progress.length).toBeGreaterThan(2);
  expect(log.progress.every((progress, i) => i === 0 || progress.fraction >= log.progress[i - 1].fraction)).toBe(true);
});

test('finished items are told first and kept as they are, and only the others run', async () => {
  const whole = makeRun({}, 2);
  await whole.run.run();
  const { results } = whole.workload;
  const had = [1, 2, 5].map((index) => ({ stored: results.stored(whole.run.store.item(index)!), attempts: 2 }));
  const { run, log, workload } = makeRun({}, 2, false, { finished: had });
  const outcome = await run.run();
  expect(outcome).toMatchObject({
    state: 'finished',
    progress: { fraction: 1, etaMs: 0, items: { done: 6, failed: 0, total: 6 } },
  });
  expect(log.items.map(({ info, attempts }) => [info.index, attempts])).toEqual([
    [1, 2],
    [2, 2],
    [5, 2],
    [0, 1],
    [3, 1],
    [4, 1],
  ]);
  expect(log.chunks).toEqual([[0, 3], [4]]);
  expect(run.events).toMatchObject([{ kind: 'resumed', message: expect.stringContaining('3 galaxies are finished') }]);
  expect(run.store.items()).toEqual(whole.run.store.items());
  expect(workload.counters.open).toBe(0);
});

test('a run whose items are all finished opens no session', async () => {
  const whole = makeRun({}, 2);
  await whole.run.run();
  const finished = whole.run.store
    .items()
    .map((item) => ({ stored: whole.workload.results.stored(item), attempts: 1 }));
  const { run, workload } = makeRun({}, 2, false, { finished });
  expect(await run.run()).toMatchObject({ state: 'finished', progress: { items: { done: 6, total: 6 } } });
  expect(workload.counters.advances).toBe(0);
});

test('a result of another seed is not taken for one of this run', () => {
  const [first] = makeRun({}, 2).run.problem.items;
  const stored = { info: { ...first, seed: 1000 }, about: {}, arrays: [] };
  expect(() => makeRun({}, 2, false, { finished: [{ stored, attempts: 1 }] })).toThrow('not a result of this config');
});

test('only some items: those run with the results that they have among all, and are counted alone', async () => {
  const whole = makeRun({}, 2);
  await whole.run.run();
  const { run, log } = makeRun({}, 2, false, { only: [1, 4, 5] });
  expect(await run.run()).toMatchObject({
    state: 'finished',
    progress: { fraction: 1, items: { done: 3, failed: 0, total: 3 } },
  });
  expect(log.chunks).toEqual([[1, 4], [5]]);
  expect(run.store.items()).toEqual([1, 4, 5].map((index) => whole.run.store.item(index)));
});

test('stopped before it has opened: nothing runs', async () => {
  const { run, workload } = makeRun({}, 2);
  run.stop();
  expect(await run.run()).toMatchObject({ state: 'stopped', progress: { items: { done: 0 } } });
  expect(workload.counters).toEqual({ open: 0, advances: 0 });
});
