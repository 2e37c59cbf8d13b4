/** Posteriors that fail are sampled again: which, how often, and that neither results nor memory depend on the batch size. */

import { expect, test } from 'vitest';
import type { ItemSummary } from '../../results/posterior/item-summary.ts';
import { posterior, posteriorSummaries, posteriors } from '../../results/posterior/narrow.ts';
import { DEFAULT_BATCH } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { type FinishedItem, RunController, type RunListener } from './controller.ts';
import type { RunProgress } from './progress.ts';

const defaults = { means: [0, 1, 2], repeats: 4, noiseSigma: 1, chains: 4, warmup: 10, broken: [], rescue: true };

function makeRun(
  params: Record<string, number | boolean | number[]>,
  size = 4,
  listener: RunListener = {},
  options: { readonly heavy?: boolean; readonly finished?: readonly FinishedItem[] } = {},
) {
  const workload = options.heavy ? heavyWorkload() : gaussianWorkload();
  const config = {
    workload: 'gaussian',
    preset: 'plain',
    seed: 7,
    precision: 'f32' as const,
    batch: { ...DEFAULT_BATCH, size },
    params: { ...defaults, ...params },
  };
  // Time goes by with the work: whatever the machine's speed, progress is told after every piece of it.
  const now = () => 100 * workload.counters.advances;
  return {
    workload,
    run: new RunController({
      plan: planRun(workload, config, {}, null),
      gpu: null,
      listener,
      now,
      finished: options.finished,
    }),
  };
}

/** Each of its gradients takes a CPU a quarter of an hour, it says. */
function heavyWorkload(): ReturnType<typeof gaussianWorkload> {
  const workload = gaussianWorkload();
  const configure: typeof workload.configure = (...given) => {
    const configured = workload.configure(...given);
    return { ...configured, work: { ...configured.work, flopPerUnit: 1e12 } };
  };
  return { ...workload, configure };
}

test('posteriors that fail are sampled again with more draws, the others keep theirs', async () => {
  const told: ItemSummary[] = [];
  const { run, workload } = makeRun({ draws: 260 }, 4, {
    itemDone: (summary) => told.push(...posteriorSummaries([summary])),
  });
  const outcome = await run.run();
  const summaries = run.store.summaries();
  const again = summaries.filter(({ attempts }) => attempts > 1);
  // With 4 × 260 draws some miss a threshold and some do not: otherwise this test would show nothing.
  expect(again.length).toBeGreaterThan(0);
  expect(again.length).toBeLessThan(summaries.length);
  for (const { info, attempts } of summaries)
    expect(posterior(run.store.item(info.index)!).draws).toBe(260 * 4 ** (attempts - 1));
  expect(summaries.every(({ converged }) => converged)).toBe(true);
  expect(run.rescues[0]).toMatchObject({ rescue: 1, items: again.length });
  expect(told).toHaveLength(12 + run.rescues.reduce((sum, { items }) => sum + items, 0));
  expect(outcome).toMatchObject({ state: 'finished', progress: { fraction: 1, items: { done: 12, total: 12 } } });
  // All passes, not the last one alone.
  const chunks = run.timings.length;
  expect(run.timings.filter(({ rescue }) => rescue > 0).length).toBeGreaterThan(0);
  expect(run.progress.chunk).toMatchObject({ index: chunks - 1, count: chunks });
  expect(workload.counters.open).toBe(0);
});

test('the same items are rescued, with the same draws, for batches of 1, 4 and 12', async () => {
  const results = async (size: number) => {
    const { run } = makeRun({ draws: 260 }, size);
    await run.run();
    return posteriors(run.store.items()).map(({ parameters }, i) => ({
      parameters,
      attempts: run.store.summaries()[i].attempts,
    }));
  };
  const one = await results(1);
  expect(await results(4)).toEqual(one);
  expect(await results(12)).toEqual(one);
});

test('two rescues at most; what is left is counted and keeps its result', async () => {
  const { run } = makeRun({ draws: 4, means: [0], repeats: 3 });
  const outcome = await run.run();
  expect(outcome.state).toBe('finished');
  expect(run.store.summaries().map(({ attempts, converged }) => [attempts, converged])).toEqual([
    [3, false],
    [3, false],
    [3, false],
  ]);
  expect(run.rescues).toEqual([
    { rescue: 1, items: 3, converged: 0 },
    { rescue: 2, items: 3, converged: 0 },
  ]);
});

test('without harder parameters nothing is sampled again', async () => {
  const { run } = makeRun({ draws: 4, rescue: false });
  await run.run();
  expect(run.rescues).toEqual([]);
  expect(run.store.summaries().every(({ attempts }) => attempts === 1)).toBe(true);
});

test('progress never goes back, says which rescue is under way, and counts every item once', async () => {
  const seen: RunProgress[] = [];
  const { run } = makeRun({ draws: 260, repeats: 40 }, 4, { progress: (progress) => seen.push(progress) });
  await run.run();
  seen.forEach((progress, i) => {
    if (i > 0) expect(progress.fraction).toBeGreaterThanOrEqual(seen[i - 1].fraction);
    expect(progress.items.done).toBeLessThanOrEqual(120);
  });
  expect(new Set(run.timings.map(({ rescue }) => rescue)).size).toBeGreaterThan(1);
  const { itemsPerSecond, elapsedMs } = run.progress;
  expect(itemsPerSecond).toBeLessThanOrEqual((1.1 * 120) / (elapsedMs / 1000));
});

test('stop during a rescue keeps the results of the first pass', async () => {
  const { run, workload }: ReturnType<typeof makeRun> = makeRun({ draws: 260, repeats: 8 }, 24, {
    progress: ({ rescue }) => rescue > 0 && run.stop(),
  });
  const outcome = await run.run();
  expect(outcome).toMatchObject({ state: 'stopped', progress: { items: { done: 24 } } });
  expect(workload.counters.open).toBe(0);
});

test('a rescue on the CPU takes four times the work of the first pass at most, and says what it leaves', async () => {
  // 20 gradients an item, 68 in rescue 1 (12 items fit 4 × 12 × 20), 260 in rescue 2 (3 items); so few draws never pass.
  const few = { draws: 4, warmup: 1 };
  const attempts = (run: RunController) => run.store.summaries().map((summary) => summary.attempts);
  const expected = [3, 3, 3, ...Array(9).fill(2)];
  const { run, workload } = makeRun(few, 4, {}, { heavy: true });
  const outcome = await run.run();
  expect(attempts(run)).toEqual(expected);
  expect(outcome).toMatchObject({ state: 'finished', progress: { fraction: 1 } });
  expect(run.events).toMatchObject([{ kind: 'unrescued', items: [3, 4, 5, 6, 7, 8, 9, 10, 11] }]);
  expect(run.events[0].message).toMatch(
    /^Gaussian: 9 galaxies could not be sampled again: a rescue on the CPU takes 4 times/,
  );
  // The same work where it is little is done.
  const { run: light } = makeRun(few);
  await light.run();
  expect(attempts(light)).toEqual(Array(12).fill(3));
  // Cut short in the middle of the last rescue, the run ends where it would have.
  const stored = run.store.stored(workload.results, [...Array(12).keys()]);
  const cut = stored.map((item, i) => (i === 1 || i === 2 ? { ...item, attempts: 2 } : item));
  const { run: resumed } = makeRun(few, 4, {}, { heavy: true, finished: cut });
  await resumed.run();
  expect(attempts(resumed)).toEqual(expected);
});
