/**
 * Stages that share no fate: one that is out of memory works on less of an item at once, and one that fails leaves the others what they
 * would have been.
 */
import { afterAll, describe, expect, test } from 'vitest';
import type { Workload } from '../../workloads/workload.ts';
import { headOf } from '../checkpoint/head.ts';
import { type Checkpoint, readCheckpoint } from '../checkpoint/read.ts';
import { requireSameRun } from '../checkpoint/same-run.ts';
import { CheckpointWriter } from '../checkpoint/writer.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { failuresJson, readFailures } from '../files/failures.ts';
import { planRun, requireFit } from '../plan/plan-run.ts';
import { collectBundle } from '../test-support/collect.ts';
import {
  bitsOf,
  closeFaultyDevices,
  expectAsUndisturbed,
  faultyRun,
  type Subject,
  survive,
} from '../test-support/faulty-run.ts';
import { MemoryFiles } from '../test-support/memory-files.ts';
import { PIECE, rowsBytes, rowsDefaults, rowsWorkload } from '../test-support/rows.ts';
import { RunController, type RunOptions } from './controller.ts';

afterAll(closeFaultyDevices);

/** Rows of metrics 0, 1 and 2, all of them at once where there is room: a submit a stage. */
const [FIRST, SECOND, THIRD] = [20, 24, 28];

interface Given extends Partial<RunOptions> {
  readonly params?: Record<string, unknown>;
  readonly batch?: Record<string, unknown>;
  readonly workload?: ReturnType<typeof rowsWorkload>;
}

function configured({ params = {}, batch = {} }: Given, workload: Workload) {
  const given = { workload: 'rows', batch: { size: 1, ...batch }, params: { ...rowsDefaults, ...params } };
  return parseRunConfig(given, [workload]);
}

function onCpu(given: Given = {}) {
  const workload = (given.workload ?? rowsWorkload()) as unknown as Workload;
  const plan = planRun(workload, configured(given, workload), {}, null);
  return new RunController({ listener: {}, ...given, plan, gpu: null });
}

const onDevice: Subject = {
  workload: rowsWorkload() as unknown as Workload,
  // Two items a stage.
  params: { ...rowsDefaults, repeats: 2 },
  chunkSubmits: 1,
  submit: { first: 1, middle: 1, collect: 1, nextChunk: 2 },
};

const failures = (run: RunController) => readFailures('x', JSON.parse(failuresJson(run)));

describe('out of memory in a stage', () => {
  test.each([
    ['while it computes', { outOfMemoryAtSubmit: 2 }],
    ['when it takes its buffers', { outOfMemoryAboveBytes: rowsBytes(2, SECOND, 1) - 4 }],
  ])('%s: first fewer items at once, for this stage alone', async (_, faults) => {
    const params = { metrics: [0, 1] };
    const whole = await faultyRun({ subject: onDevice, params });
    await whole.run.run();
    const { run } = await faultyRun({ subject: onDevice, params, faults });
    expect(await run.run()).toMatchObject({ state: 'finished', failed: [] });
    expect(bitsOf(run)).toEqual(bitsOf(whole.run));
    expect(run.events).toHaveLength(1);
    expect(run.events[0]).toMatchObject({
      kind: 'split',
      items: [2, 3],
      chunkBefore: 2,
      chunkAfter: 1,
      bytesBefore: rowsBytes(2, SECOND, 1),
      bytesAfter: rowsBytes(1, SECOND, 1),
    });
    expect(run.events[0]).not.toHaveProperty('entry');
    expect(run.timings.map(({ items }) => items)).toEqual([2, 1, 1]);
  });

  test.each([
    ['while it computes', { outOfMemoryAtSubmit: 3 }],
    ['when it takes its buffers', { outOfMemoryAboveBytes: rowsBytes(1, SECOND, 1) - 4 }],
  ])('%s: with one item at a time its entry of the table is halved, to the same bits', async (_, faults) => {
    const faulty = await survive({ subject: onDevice, chunk: 1, params: {}, faults });
    await expectAsUndisturbed(faulty);
    const { run } = faulty;
    const [event] = run.events;
    expect(event).toMatchObject({
      kind: 'split',
      items: [2, 3],
      entry: PIECE,
      chunkBefore: SECOND,
      chunkAfter: SECOND / 2,
      bytesBefore: rowsBytes(1, SECOND, 1),
      bytesAfter: rowsBytes(1, SECOND / 2, 1),
    });
    expect(event.message).toMatch(
      /^Rows: stage metric 1 was out of memory; tally\.throwsPerDispatch went from 24 to 12 \(14\.0 KiB to 8\.0 KiB\) for it alone/,
    );
    expect(failures(run).events[0]).toMatchObject({ entry: PIECE, bytesBefore: event.bytesBefore, chunkAfter: 12 });
  });

  test('both, one after the other, and back at the configured size for the next stage', async () => {
    const faults = { outOfMemoryAboveBytes: rowsBytes(1, 12, 1) };
    const faulty = await survive({ subject: onDevice, faults });
    await expectAsUndisturbed(faulty);
    expect(faulty.run.events.map(({ entry, chunkBefore, chunkAfter }) => [entry, chunkBefore, chunkAfter])).toEqual([
      [undefined, 2, 1],
      [PIECE, FIRST, 10],
      [undefined, 2, 1],
      [PIECE, SECOND, 12],
      [undefined, 2, 1],
      [PIECE, THIRD, 14],
      [PIECE, 14, 7],
    ]);
  });

  test('at the minimum its items fail with what to lower, and the run is done with the others', async () => {
    const whole = await faultyRun({ subject: onDevice, chunk: 1 });
    await whole.run.run();
    // Enough for what the second stage takes with one row at a time, not for what the third holds anyway.
    const faults = { outOfMemoryAboveBytes: rowsBytes(1, 1, 2) - 4 };
    const { run, devices } = await faultyRun({ subject: onDevice, chunk: 1, faults });
    expect(await run.run()).toMatchObject({
      state: 'finished',
      progress: { fraction: 1, items: { done: 4, failed: 2, total: 6 } },
    });
    expect(devices[0].ledger.current).toBe(0);
    const bits = bitsOf(whole.run);
    expect(bitsOf(run)).toEqual(new Map([...bits].filter(([index]) => index < 4)));
    const { failed } = failures(run);
    expect(failed.map(({ info, error }) => [info.runId, error])).toEqual([
      ['metric_2_0', 'OutOfMemoryError'],
      ['metric_2_1', 'OutOfMemoryError'],
    ]);
    expect(failed[0].reason).toMatch(
      /^Stage metric 2 is out of memory with one metric at a time\. The GPU has no room/,
    );
    expect(failed[0].reason).toContain(`${PIECE} cannot go below 1; sizes that change a result are left as they are.`);
    expect(failed[0].reason).toMatch(/Lower rows of metric 2: its error grows/);
    expect(run.events.at(-1)).toMatchObject({ kind: 'failed', items: [4, 5] });
    const halved = run.events.filter(({ kind }) => kind === 'split');
    expect(halved.map(({ chunkAfter }) => chunkAfter)).toEqual([10, 5, 12, 6, 3, 14, 7, 3, 1]);
  });

  test('a run of which nothing fits has failed', async () => {
    const { run } = await faultyRun({ subject: onDevice, chunk: 1, faults: { outOfMemoryAboveBytes: 64 } });
    expect(await run.run()).toMatchObject({
      state: 'failed',
      error: {
        name: 'OutOfMemoryError',
        message: expect.stringContaining('Stage metric 0'),
        kept: 'No metric had finished.',
      },
    });
  });

  test('what it has saved goes on in smaller pieces', async () => {
    const workload = rowsWorkload();
    const whole = onCpu({ params: { metrics: [1] } });
    await whole.run();
    const run = onCpu({
      workload,
      params: { metrics: [0, 1], room: rowsBytes(1, 7, 1) },
      saved: [{ index: 1, state: Array.from(rowsSums(whole)).slice(0, 17) }],
    });
    expect(await run.run()).toMatchObject({ state: 'finished', failed: [] });
    expect(run.events.map(({ chunkAfter }) => chunkAfter)).toEqual([10, 12, 6]);
    expect(bitsOf(run).get(1)!.replace('"index":1', '"index":0')).toBe(bitsOf(whole).get(0));
    expect(workload.counters.rows).toBe(FIRST + SECOND - 17);
  });
});

const rowsSums = (run: RunController) =>
  (run.store.items()[0] as unknown as { arrays: { values: Float64Array }[] }).arrays[0].values;

describe('a stage that fails', () => {
  const hows = ['compile', 'throw', 'nan'] as const;

  test.each(hows)('%s, on a device: the others are what they would have been', async (how) => {
    const whole = await faultyRun({ subject: onDevice });
    await whole.run.run();
    const bits = [...bitsOf(whole.run)];
    for (const broken of [0, 1, 2]) {
      // Rows in pieces: it fails in the middle of an item.
      const given = { params: { broken, how }, batch: { sizes: { [PIECE]: 8 } } };
      const { run } = await faultyRun({ subject: onDevice, ...given });
      expect(await run.run()).toMatchObject({ state: 'finished', error: undefined });
      expect(bitsOf(run)).toEqual(new Map(bits.filter(([index]) => Math.floor(index / 2) !== broken)));
      const { failed, state } = failures(run);
      expect(state).toBe('finished');
      expect(failed.map(({ info }) => info.index)).toEqual([2 * broken, 2 * broken + 1]);
      const reason = { compile: /does not compile/, throw: /no gradient/, nan: /row 3 is not a number/ }[how];
      expect(failed[0].reason).toMatch(reason);
      expect(run.progress).toMatchObject({ fraction: 1, items: { done: 4, failed: 2 } });
      expect(run.events.every(({ kind }) => kind === 'failed')).toBe(true);
    }
  });

  test('a stage that does not open is tried once, however many chunks it has', async () => {
    const run = onCpu({ params: { broken: 1, how: 'compile', repeats: 3 } });
    expect(await run.run()).toMatchObject({ state: 'finished' });
    expect(run.events).toHaveLength(1);
    expect(run.events[0]).toMatchObject({ kind: 'failed', items: [3, 4, 5], reason: 'does not compile' });
  });

  test('a device lost in a stage is opened again as ever', async () => {
    const faulty = await survive({ subject: onDevice, faults: { loseAfterSubmits: 2 } });
    await expectAsUndisturbed(faulty);
    expect(faulty.kinds).toEqual(['loss', 'reopened', 'retry']);
  });

  test('a stage that costs the device twice is given up; the others go on with a third', async () => {
    const faulty = await survive({ subject: onDevice, faults: { loseAfterSubmits: 1, loseTimes: 2 } });
    expect(faulty.state).toBe('finished');
    expect(faulty.devices).toHaveLength(3);
    expect(faulty.kinds).toEqual(['loss', 'reopened', 'retry', 'loss', 'reopened', 'failed']);
    expect(faulty.run.store.failed().map(({ info, error }) => [info.index, error])).toEqual([
      [0, 'DeviceLostError'],
      [1, 'DeviceLostError'],
    ]);
    expect(faulty.run.progress).toMatchObject({ fraction: 1, items: { done: 4, failed: 2 } });
  });

  test('the only stage of a run, out of memory at the minimum, says what to lower, too', async () => {
    const run = onCpu({ params: { metrics: [1], room: 1 } });
    expect(await run.run()).toMatchObject({
      state: 'failed',
      error: { name: 'OutOfMemoryError', todo: expect.stringMatching(/cannot go below 1.*Lower rows of metric 1/) },
    });
  });

  test('all of them: the run has failed with the first reason', async () => {
    const run = onCpu({ params: { metrics: [1], broken: 1, how: 'compile' } });
    expect(await run.run()).toMatchObject({ state: 'failed', error: { message: 'does not compile' } });
  });
});

/** What is there of a run that was killed after so many rows of its items: its checkpoint. */
async function killedAfter(rows: number, given: Given): Promise<Checkpoint> {
  const files = new MemoryFiles();
  const writer = new CheckpointWriter(files, (error) => {
    throw error;
  });
  const workload = rowsWorkload();
  let clock = 0;
  const run: RunController = onCpu({
    ...given,
    workload,
    // Long enough for the state to be kept after every piece.
    now: () => {
      clock += 10_000;
      return clock;
    },
    listener: {
      chunkDone: (items) => writer.add(run.store.stored(run.plan.workload.results, items), run.progress),
      saved: (items) => {
        if (!run.outcome) writer.save(items);
      },
      progress: () => {
        if (workload.counters.rows >= rows) run.stop();
      },
    },
  });
  writer.begin(await headOf(run.plan, run.problem, null, run.startedAt));
  expect(await run.run()).toMatchObject({ state: 'stopped' });
  await writer.flush();
  return readCheckpoint(files);
}

describe('kill and resume', () => {
  const pieces = { sizes: { [PIECE]: 6 } };
  test.each([
    ['in the first stage', 12, {}],
    ['between stages', 20, {}],
    ['in the second stage', 33, {}],
    ['after a halving', 33, { params: { room: rowsBytes(1, 3, 1) } }],
    ['of a stage that failed', 20, { params: { broken: 0, how: 'nan' } }],
  ] as const)('%s: it goes on inside the item, to the same bits', async (_, rows, given) => {
    const { params }: Given = given;
    const calm = onCpu({ params });
    await calm.run();
    const { head, finished, saved } = await killedAfter(rows, { batch: pieces, ...given });
    const workload = rowsWorkload();
    const rest = onCpu({ workload, batch: pieces, ...given, finished, saved });
    await requireSameRun(head, rest);
    expect(await rest.run()).toMatchObject({ state: 'finished' });
    expect(bitsOf(rest)).toEqual(bitsOf(calm));
    expect((await collectBundle(rest)).resultId).toBe((await collectBundle(calm)).resultId);
    // Not one row again of those that were done, but of the stage that had failed.
    const again = JSON.stringify(given).includes('broken') ? FIRST : 0;
    expect(workload.counters.rows).toBeLessThanOrEqual(FIRST + SECOND + THIRD - rows + again);
    expect(workload.counters.rows).toBeGreaterThan(0);
  });
});

describe('planning', () => {
  const report = (maxBufferSize: number) =>
    ({
      name: 'test adapter',
      features: [],
      limits: { maxBufferSize, maxStorageBufferBindingSize: maxBufferSize, maxComputeWorkgroupsPerDimension: 65535 },
    }) as never;
  const plan = (maxBufferSize: number, given: Given = {}) => {
    const workload = rowsWorkload() as unknown as Workload;
    return planRun(workload, configured(given, workload), {}, report(maxBufferSize));
  };
  const ROW = 64 * 4;

  test('a stage of which nothing fits is planned with less of an item at once', () => {
    const { stages, tooLarge, mostBytes } = plan(22 * ROW, { params: { metrics: [0, 1] } });
    expect(tooLarge).toBeUndefined();
    expect(stages.map(({ inner }) => inner)).toEqual([
      { entry: PIECE, value: 4096, configured: 4096, minimum: 1, rows: FIRST },
      { entry: PIECE, value: 12, configured: 4096, configuredBytes: rowsBytes(1, SECOND, 1), minimum: 1, rows: SECOND },
    ]);
    expect(stages[1].totalBytes).toBe(rowsBytes(1, 12, 1));
    expect(mostBytes).toBe(Math.max(...stages.map(({ totalBytes }) => totalBytes)));
  });

  test('one that never fits is known before, and is no reason to refuse the others', () => {
    const whole = plan(2048 + 4);
    expect(() => requireFit(whole)).not.toThrow();
    expect(whole.stages.map(({ tooLarge }) => tooLarge !== undefined)).toEqual([false, false, true]);
    expect(whole.stages[2].tooLarge).toMatch(/Not even one metric fits.*cannot go below 1.*Lower rows of metric 2/);
    expect(whole.mostBytes).toBe(whole.stages[1].totalBytes);
    expect(() => requireFit(plan(16))).toThrow(/Not even one metric fits/);
  });

  test('a run says what it was planned with, and lists what never fits as failed', async () => {
    // Metric 600 holds more than a mebibyte; 3000 rows of metric 0 take more than that, too.
    const { run } = await faultyRun({
      subject: onDevice,
      batch: { memoryBudgetMiB: 1 },
      chunk: 1,
      params: { metrics: [0, 600], rows: 3000, repeats: 1 },
    });
    expect(await run.run()).toMatchObject({ state: 'finished', progress: { items: { done: 1, failed: 1 } } });
    expect(run.events.map(({ kind }) => kind)).toEqual(['split', 'failed']);
    expect(run.events[0]).toMatchObject({ entry: PIECE, chunkBefore: 3000, chunkAfter: 1500 });
    expect(run.events[0].message).toMatch(
      /^Rows: stage metric 0 would not fit; tally\.throwsPerDispatch went from 3000 to 1500/,
    );
    expect(run.store.failed()[0].reason).toContain('the memory budget is 1.0 MiB');
  });

  test('a size that would change a result is never offered for halving', () => {
    const rows = rowsWorkload();
    const stages: Workload['stages'] = (params, inputs) =>
      rows.stages!(params, inputs).map((stage) => ({ ...stage, chunkEntry: 'c2st.batch' as const }));
    const workload = { ...rows, stages } as unknown as Workload;
    expect(() => planRun(workload, configured({}, workload), {}, null)).toThrow(
      'stage metric 0 would halve c2st.batch, which is of the kind statistical',
    );
  });
});
