/**
 * Runs that are cut short, and faults of what keeps them: what has finished is kept, what is run again is equal bit for bit, and the run says what
 * happened. What cannot be gone on with is refused with the reason.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { FaultPlan } from '../../gpu/faults.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { RunController } from '../run/controller.ts';
import { collectBundle } from '../test-support/collect.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { MemoryFiles } from '../test-support/memory-files.ts';
import { damageMessage } from './events.ts';
import { withStorageFaults } from './faults.ts';
import type { CheckpointFiles } from './files.ts';
import { headOf } from './head.ts';
import { type Checkpoint, readCheckpoint } from './read.ts';
import { requireSameRun } from './same-run.ts';
import { CheckpointWriter } from './writer.ts';

const ITEMS = 5;
/** With 4 × 220 draws some posteriors miss a threshold and are sampled again. */
const PARAMS = { means: [0], repeats: ITEMS, draws: 220, rescue: true };

/** A run with its checkpoint; `stopAfter` chunks it ends as a killed one does: without another word. */
async function runWith(files: CheckpointFiles, stopAfter = Number.POSITIVE_INFINITY, from?: Checkpoint, seed = 7) {
  const workload = gaussianWorkload();
  const config = parseRunConfig({ seed, batch: { size: 1 }, params: PARAMS }, [workload]);
  const problems: Error[] = [];
  const sampled: number[] = [];
  let chunks = 0;
  const writer = new CheckpointWriter(files, (error) => problems.push(error as Error), from);
  const run: RunController = new RunController({
    plan: planRun(workload, config, {}, null),
    gpu: null,
    finished: from?.finished,
    listener: {
      chunkDone(items) {
        sampled.push(...items);
        writer.add(run.store.stored(workload.results, items), run.progress);
        if (++chunks === stopAfter) run.stop();
      },
    },
  });
  if (from) {
    await requireSameRun(from.head, run);
    for (const { number } of from.damaged) writer.replace(number);
  } else writer.begin(await headOf(run.plan, run.problem, null, run.startedAt));
  const outcome = await run.run();
  await writer.flush();
  return { run, outcome, problems, sampled, resultId: async () => (await collectBundle(run)).resultId };
}

let whole: Awaited<ReturnType<typeof runWith>>;
let wholeId: string;
beforeAll(async () => {
  whole = await runWith(new MemoryFiles());
  wholeId = await whole.resultId();
  expect(whole.sampled.length, 'some items are sampled again').toBeGreaterThan(ITEMS + 1);
});

/** What must hold after going on from `files`, whatever became of them. */
async function expectWhole(files: MemoryFiles, keptItems: number) {
  const from = await readCheckpoint(files);
  expect(from.finished).toHaveLength(keptItems);
  const resumed = await runWith(files, undefined, from);
  expect(await resumed.resultId()).toBe(wholeId);
  expect(resumed.run.store.items()).toEqual(whole.run.store.items());
  expect(resumed.run.rescues).toEqual(whole.run.rescues);
  return { from, resumed };
}

describe('cut short, without a fault', () => {
  test.each([1, 3, ITEMS, ITEMS + 1])('after chunk %i, in the first pass or in a rescue', async (chunks) => {
    const files = new MemoryFiles();
    await runWith(files, chunks);
    const kept = Math.min(chunks, ITEMS);
    const { from, resumed } = await expectWhole(files, kept);
    expect(from.damaged).toEqual([]);
    expect(resumed.sampled).toHaveLength(whole.sampled.length - chunks);
  });
});

describe('storage is full', () => {
  test('at the start: the run goes on without a checkpoint', async () => {
    const faults: FaultPlan = { storageFull: true };
    const { outcome, problems, resultId } = await runWith(withStorageFaults(new MemoryFiles(), faults));
    expect(outcome.state).toBe('finished');
    expect(problems.map(({ name }) => name)).toEqual(['QuotaExceededError']);
    expect(await resultId()).toBe(wholeId);
  });

  test('in the middle: the run goes on, what was written before stays of use', async () => {
    const probe = new MemoryFiles();
    await runWith(probe, 3);
    const bytes = [...probe.files.values()].reduce((sum, { length }) => sum + length, 0);
    const files = new MemoryFiles(bytes + 100);
    const { outcome, problems, resultId } = await runWith(files);
    expect(outcome.state).toBe('finished');
    expect(problems).toHaveLength(1);
    expect(await resultId()).toBe(wholeId);
    files.quotaBytes = Number.POSITIVE_INFINITY;
    await expectWhole(files, 3);
  });
});

describe('a file is damaged', () => {
  test('a chunk, as it was written: its item is run again and the message names it', async () => {
    const files = new MemoryFiles();
    await runWith(withStorageFaults(files, { corruptCheckpoint: true }), 4);
    const { from } = await expectWhole(files, 3);
    expect(damageMessage(from.damaged, 5, 'galaxies')).toBe(
      'A file of the checkpoint could not be used (chunk-000000.lockstep: its hash does not match its contents). What it held counts as not run: 5 galaxies were left when the run was resumed.',
    );
  });

  test('a rescue: its item goes back to its first result and is sampled again', async () => {
    const files = new MemoryFiles();
    await runWith(files, ITEMS + 1);
    files.files.get(`chunk-00000${ITEMS}.lockstep`)![100] ^= 4;
    const { from, resumed } = await expectWhole(files, ITEMS);
    expect(from.finished.every(({ attempts }) => attempts === 1)).toBe(true);
    expect(resumed.sampled).toHaveLength(whole.sampled.length - ITEMS);
  });

  test('a chunk is missing', async () => {
    const files = new MemoryFiles();
    await runWith(files, 4);
    files.files.delete('chunk-000001.lockstep');
    const { from } = await expectWhole(files, 3);
    expect(from.damaged[0].reason).toContain('it is missing');
  });

  test('the head: refused, the chunks stay as they are', async () => {
    const files = new MemoryFiles();
    await runWith(files, 4);
    files.files.get('head.lockstep')![100] ^= 4;
    await expect(readCheckpoint(files)).rejects.toThrow('its hash does not match');
    expect(files.files.size).toBe(5);
  });
});

test('a run of another seed is not taken for the one to go on with', async () => {
  const files = new MemoryFiles();
  await runWith(files, 2);
  const from = await readCheckpoint(files);
  await expect(runWith(files, undefined, from, 8)).rejects.toThrow('not a result of this configuration');
});

test.each([
  [{ version: '0.0.1' }, /begun by version 0\.0\.1/],
  [{ mode: 'webgpu', adapter: 'NVIDIA ampere' }, /begun on NVIDIA ampere, and this is the CPU/],
  [{ runtime: 'deno 1' }, /begun in deno 1/],
])('begun elsewhere, %j: refused with the reason', async (place, reason) => {
  const files = new MemoryFiles();
  await runWith(files, 2);
  const from = await readCheckpoint(files);
  const other = { ...from, head: { ...from.head, place: { ...from.head.place, ...place } } } as Checkpoint;
  await expect(runWith(files, undefined, other)).rejects.toThrow(reason);
});
