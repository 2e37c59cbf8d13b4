/** Runs in several stages: each with items, buffers and kernels of its own, and the promises of a run hold within any of them. */

import { afterAll, describe, expect, test } from 'vitest';
import { posteriors } from '../../results/posterior/narrow.ts';
import type { Workload } from '../../workloads/workload.ts';
import { headOf } from '../checkpoint/head.ts';
import { readCheckpoint } from '../checkpoint/read.ts';
import { requireSameRun } from '../checkpoint/same-run.ts';
import { CheckpointWriter } from '../checkpoint/writer.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { runJson } from '../files/files-about.ts';
import { memoryCsv, timingCsv } from '../files/tables.ts';
import { planRun, requireFit } from '../plan/plan-run.ts';
import { collectBundle } from '../test-support/collect.ts';
import {
  bitsOf,
  closeFaultyDevices,
  expectAsUndisturbed,
  faultyRun,
  type Subject,
  survive,
  walks,
} from '../test-support/faulty-run.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { MemoryFiles } from '../test-support/memory-files.ts';
import { inTwoStages } from '../test-support/two-stages.ts';
import { type FinishedItem, RunController, type RunListener } from './controller.ts';
import type { RunProgress } from './progress.ts';

afterAll(closeFaultyDevices);

const [SHORT_ITEMS, LONG_ITEMS] = [
  [0, 2, 4],
  [1, 3, 5],
];
const [SHORT_DRAWS, LONG_DRAWS] = [8, 24];
/** The first stage of three items in chunks of two. */
const SHORT_SUBMITS = 2 * walks.chunkSubmits;
const inTheSecondStage = SHORT_SUBMITS + 5;

const staged: Subject = { ...walks, workload: inTwoStages(walks.workload) };
const drawsOf = (run: RunController) => posteriors(run.store.items()).map(({ draws }) => draws);
const bothOf = (run: RunController) => run.timings.map(({ stage, items }) => [stage, items]);

describe('on a device', () => {
  test.each([1, 2, 3, 6])('batch size %i: each stage has chunks of its own items, and the same bits', async (chunk) => {
    const faulty = await survive({ subject: staged, chunk });
    await expectAsUndisturbed(faulty);
    const { run } = faulty;
    expect(drawsOf(run)).toEqual([8, 24, 8, 24, 8, 24]);
    const each = Math.min(chunk, 3);
    expect(run.plan.stages.map(({ items, chunk: size }) => [items, size])).toEqual([
      [3, each],
      [3, each],
    ]);
    expect(run.plan).toMatchObject({ items: 6, chunk: each, chunks: 2 * Math.ceil(3 / each) });
    expect(run.timings.map(({ stage }) => stage)).toEqual(
      run.timings
        .map(({ stage }) => stage)
        .toSorted()
        .reverse(),
    );
  });

  test('bytes of every stage and rescue are known before, and the most of them is the peak', async () => {
    const params = { rescue: true };
    const { run } = await faultyRun({ subject: staged, params });
    const { stages, rescues, mostBytes, mostBytesIn, totalBytes } = run.plan;
    expect(stages.map(({ stage }) => stage?.items)).toEqual([SHORT_ITEMS, LONG_ITEMS]);
    expect(stages[1].totalBytes).toBeGreaterThan(stages[0].totalBytes);
    expect(totalBytes).toBe(stages[0].totalBytes);
    expect(rescues.map(({ stage, rescue }) => [stage, rescue])).toEqual([
      ['short', 1],
      ['short', 2],
      ['long', 1],
      ['long', 2],
    ]);
    const all = [...stages, ...rescues].map((plan) => plan.totalBytes);
    expect(mostBytes).toBe(Math.max(...all));
    await run.run();
    expect(run.progress.memory.peakBytes).toBe(mostBytes);
    expect(run.rescues.map(({ items }) => items)).toEqual([6, 6]);
    expect(mostBytesIn).toBe(mostBytes === stages[1].totalBytes ? 'stage long' : 'a rescue');
    const rows = memoryCsv(run.plan).trim().split('\n');
    expect(rows[0]).toBe('buffer,role,bytes,bytes_per_item,formula,rescue,chunk,stage');
    const totals = rows.filter((row) => row.startsWith('total')).map((row) => row.split(','));
    expect(totals.map((row) => Number(row[2]))).toEqual(all);
    expect(totals.map((row) => row.at(-1))).toEqual(['short', 'long', 'short', 'short', 'long', 'long']);
    // First results of all items, then better ones.
    expect(run.timings.map(({ rescue }) => rescue)).toEqual(run.timings.map(({ rescue }) => rescue).toSorted());
  });

  test('a device lost in the second stage costs its chunk alone', async () => {
    const faulty = await survive({ subject: staged, faults: { loseAfterSubmits: inTheSecondStage } });
    await expectAsUndisturbed(faulty);
    expect(faulty.kinds).toEqual(['loss', 'reopened', 'retry']);
    expect(faulty.run.events[2].items).toEqual([1, 3]);
    expect(bothOf(faulty.run)).toEqual([
      ['short', 2],
      ['short', 1],
      ['long', 2],
      ['long', 1],
    ]);
  });

  test.each([
    ['while it computes', { outOfMemoryAtSubmit: inTheSecondStage }],
    ['when it takes its buffers', { outOfMemoryAboveBytes: bytesOf('long') - 4 }],
  ])('out of memory in the second stage, %s: that stage goes on in halves', async (_, faults) => {
    const faulty = await survive({ subject: staged, faults });
    await expectAsUndisturbed(faulty);
    expect(faulty.kinds).toEqual(['split']);
    expect(faulty.run.events[0]).toMatchObject({ items: LONG_ITEMS, chunkBefore: 2, chunkAfter: 1 });
    expect(bothOf(faulty.run)).toEqual([
      ['short', 2],
      ['short', 1],
      ['long', 1],
      ['long', 1],
      ['long', 1],
    ]);
  });

  test('rescues of a stage that was split take no more memory than it could have', async () => {
    const room = bytesOf('long') - 4;
    const { run } = await faultyRun({
      subject: staged,
      params: { rescue: true },
      faults: { outOfMemoryAboveBytes: room },
    });
    await run.run();
    expect(run.progress.memory.peakBytes).toBeLessThanOrEqual(room);
  });

  test('kernels, their shape and the checkpoint tell the stages apart', async () => {
    const workload: Workload = {
      ...staged.workload,
      shaders: async (problem) => ({ 'walk.wgsl': `draws ${(problem as unknown as { draws: number }).draws}` }),
    };
    const { run } = await faultyRun({ subject: staged, workload });
    await run.run();
    expect(run.shaders).toEqual({
      'short/walk.wgsl': `draws ${SHORT_DRAWS}`,
      'long/walk.wgsl': `draws ${LONG_DRAWS}`,
    });
    const other = await faultyRun({ subject: staged, workload: { ...workload, shaders: async () => ({}) } });
    const hashes = await Promise.all(
      [run, other.run].map(async (each) => (await headOf(each.plan, each.problem, 'x', each.startedAt)).shaders),
    );
    expect(hashes[0]).not.toBe(hashes[1]);
    expect(JSON.parse(runJson(run)).ran.stages).toEqual([
      { name: 'short', items: 3, chunk: 2 },
      { name: 'long', items: 3, chunk: 2 },
    ]);
  });
});

/** Bytes of a stage of `walks` in chunks of two: a seed and state of 16 bytes a chain, draws and their staging of 4 each. */
function bytesOf(stage: 'short' | 'long'): number {
  return 2 * 2 * (16 + 2 * 4 * (stage === 'long' ? LONG_DRAWS : SHORT_DRAWS));
}

interface Given {
  readonly params?: Record<string, unknown>;
  readonly size?: number;
  readonly listener?: (run: () => RunController) => RunListener;
  readonly finished?: readonly FinishedItem[];
}

const defaults = { means: [0, 1, 2], repeats: 4, noiseSigma: 1, chains: 4, warmup: 10, draws: 90, broken: [-1] };

/** On the CPU: twelve items in two stages of six. */
function onCpu({ params = {}, size = 2, listener, finished }: Given = {}) {
  const gaussian = gaussianWorkload();
  const workload = inTwoStages(gaussian as unknown as Workload);
  // Time goes by with the work: whatever the machine's speed, progress is told after every piece of it.
  const now = () => 100 * gaussian.counters.advances;
  const config = parseRunConfig({ workload: 'gaussian', batch: { size }, params: { ...defaults, ...params } }, [
    workload,
  ]);
  const plan = planRun(workload, config, {}, null);
  const run: RunController = new RunController({
    plan,
    gpu: null,
    listener: listener?.(() => run) ?? {},
    finished,
    now,
  });
  return run;
}

describe('stop and resume', () => {
  test.each([
    ['inside the second stage', 4, { rescue: false }],
    ['inside the first stage', 2, { rescue: false }],
    ['while posteriors are sampled again', 7, { rescue: true }],
  ])('%s: the run goes on as it would have, and ends the same', async (_, chunks, params) => {
    const whole = onCpu({ params });
    await whole.run();
    const files = new MemoryFiles();
    const writer = new CheckpointWriter(files, (error) => {
      throw error;
    });
    let done = 0;
    const cut = onCpu({
      params,
      listener: (run) => ({
        chunkDone(items) {
          const { store, plan, progress } = run();
          writer.add(store.stored(plan.workload.results, items), progress);
          if (++done === chunks) run().stop();
        },
      }),
    });
    writer.begin(await headOf(cut.plan, cut.problem, null, cut.startedAt));
    expect(await cut.run()).toMatchObject({ state: 'stopped' });
    await writer.flush();
    const { head, finished, progress } = await readCheckpoint(files);
    expect(progress?.stage).toBe(cut.progress.stage);
    const rest = onCpu({ params, finished });
    await requireSameRun(head, rest);
    expect(await rest.run()).toMatchObject({ state: 'finished', progress: { fraction: 1 } });
    expect(bitsOf(rest)).toEqual(bitsOf(whole));
    expect(rest.rescues).toEqual(whole.rescues);
    expect((await collectBundle(rest)).resultId).toBe((await collectBundle(whole)).resultId);
    const [all, again] = [whole, rest].map(({ timings }) => timings.reduce((sum, { items }) => sum + items, 0));
    expect(again).toBe(all - 2 * chunks);
  });
});

test('an item that fails in the second stage fails alone with its chunk, and the stage goes on', async () => {
  const run = onCpu({ params: { broken: [7] } });
  expect(await run.run()).toMatchObject({ state: 'finished', progress: { items: { done: 10, failed: 2, total: 12 } } });
  expect(run.store.failed().map(({ info }) => info.index)).toEqual([5, 7]);
});

test('progress names the stage, never goes back, and counts work by its cost', async () => {
  const seen: RunProgress[] = [];
  const run = onCpu({ listener: () => ({ progress: (progress) => seen.push(progress) }) });
  await run.run();
  expect([...new Set(seen.map(({ stage }) => stage))]).toEqual(['short', 'long']);
  expect(seen.map(({ fraction }) => fraction)).toEqual(seen.map(({ fraction }) => fraction).toSorted((a, b) => a - b));
  // 10 + 90 transitions an item in the first stage, 10 + 270 in the second.
  const first = seen.findLast(({ stage }) => stage === 'short')!;
  expect(first.fraction).toBeCloseTo(100 / (100 + 280), 1);
  expect(timingCsv(run.timings).split('\n')[0]).toMatch(/,gradients,stage$/);
});

test('a run of one stage speaks of none', async () => {
  const workload = gaussianWorkload() as unknown as Workload;
  const config = parseRunConfig({ workload: 'gaussian', params: defaults }, [workload]);
  const run = new RunController({ plan: planRun(workload, config, {}, null), gpu: null, listener: {} });
  await run.run();
  expect(run.plan.stages).toHaveLength(1);
  expect(run.progress).not.toHaveProperty('stage');
  expect(timingCsv(run.timings)).not.toContain('stage');
  expect(memoryCsv(run.plan)).not.toContain('stage');
  expect(JSON.parse(runJson(run)).ran).not.toHaveProperty('stages');
});

describe('planning', () => {
  const report = (maxBufferSize: number) =>
    ({
      name: 'test adapter',
      features: [],
      limits: { maxBufferSize, maxStorageBufferBindingSize: maxBufferSize, maxComputeWorkgroupsPerDimension: 65535 },
    }) as never;
  const plan = (maxBufferSize: number, size: number | 'auto' = 6) => {
    const { workload } = staged;
    const params = { ...staged.params, walks: 12 };
    return planRun(
      workload,
      parseRunConfig({ workload: 'walks', batch: { size }, params }, [workload]),
      {},
      report(maxBufferSize),
    );
  };
  /** Of an item in its largest buffer. */
  const [short, long] = [2 * 8 * 4, 2 * 24 * 4];

  test('a later stage takes as many at once as fit, at most as many as were asked for', () => {
    expect(plan(6 * long).stages.map(({ chunk }) => chunk)).toEqual([6, 6]);
    expect(plan(4 * long).stages.map(({ chunk }) => chunk)).toEqual([6, 4]);
    expect(plan(4 * long).tooLarge).toBeUndefined();
    expect(plan(4 * long, 'auto').stages.map(({ chunk }) => chunk)).toEqual([6, 4]);
  });

  test('a batch too large for the first stage, or a later one of which not one item fits, is refused', () => {
    expect(() => requireFit(plan(4 * short))).toThrow('The largest that fits is 4.');
    expect(() => requireFit(plan(long - 4, 1))).toThrow(/^Stage long: .*Not even one walk fits/);
  });

  test('stages that leave an item out, or list one twice, are a defect that is said', () => {
    const { workload } = staged;
    const listing = (items: readonly number[]): Workload => ({
      ...workload,
      stages: (params) => [{ name: 'only', params, items }],
    });
    const config = parseRunConfig({ workload: 'walks', params: { ...staged.params, walks: 3 } }, [workload]);
    for (const items of [
      [0, 1],
      [0, 1, 1],
      [0, 1, 3],
    ])
      expect(() => planRun(listing(items), config, {}, null)).toThrow('not each of 3 once');
    expect(planRun(listing([0, 1, 2]), config, {}, null).items).toBe(3);
  });
});
