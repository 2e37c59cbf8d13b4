/**
 * What becomes of a run on real devices that misbehave on demand, by fault and moment. Out of memory and a lost device: what had no result runs
 * again, with the bits of a run that nothing disturbed. A pixel that is no number, a call that is refused: nothing runs again, and that item or chunk
 * alone fails. Where nothing helps the run ends. Always: finished items stay, no memory stays behind, and the user is told.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultPlan } from '../../gpu/faults.ts';
import type { RunInputs } from '../../workloads/workload.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import {
  bitsOf,
  closeFaultyDevices,
  eventsOfKind,
  expectAsUndisturbed,
  expectChunkAgain,
  expectRescueAgain,
  faultyRun,
  momentsOf,
  shear,
  steady,
  survive,
  tinyParams,
  undisturbedRun,
  walks,
} from '../test-support/faulty-run.ts';
import { RunController } from './controller.ts';
import type { RunListener } from './run-options.ts';

const CHUNK = 2;
const ITEMS = 6;
const { chunkSubmits: CHUNK_SUBMITS, submit: SUBMIT } = steady;
let planBytes: number;

beforeAll(async () => {
  ({ planBytes } = await undisturbedRun(steady));
});
afterAll(closeFaultyDevices);

describe('out of memory', () => {
  test('at allocation: the chunk is halved', async () => {
    const faulty = await survive({ faults: { outOfMemoryAboveBytes: planBytes - 4 } });
    await expectAsUndisturbed(faulty);
    expect(faulty.kinds).toEqual(['split']);
    const { run } = faulty;
    expect(run.events[0]).toMatchObject({ chunkBefore: 2, chunkAfter: 1, items: [0, 1, 2, 3, 4, 5] });
    expect(run.events[0].message).toMatch(
      /the batch size \(shear\.chunk\) went from 2 to 1 for the 6 realizations left \(.* to .*\)\..*no room/i,
    );
    expect(run.timings.map(({ items }) => items)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(run.progress.memory.peakBytes).toBeLessThan(planBytes);
    expect(run.plan.chunk).toBe(2);
  });

  test.each([
    ['at the first submit', SUBMIT.first, [0, 1, 2, 3, 4, 5], [1, 1, 1, 1, 1, 1]],
    ['in the middle of a chunk', SUBMIT.middle, [0, 1, 2, 3, 4, 5], [1, 1, 1, 1, 1, 1]],
    ['between chunks', SUBMIT.nextChunk, [2, 3, 4, 5], [2, 1, 1, 1, 1]],
    ['in the middle of the last chunk', 2 * CHUNK_SUBMITS + SUBMIT.middle, [4, 5], [2, 2, 1, 1]],
  ])('%s: what has no result runs again in halves', async (_, outOfMemoryAtSubmit, again, chunks) => {
    const faulty = await survive({ faults: { outOfMemoryAtSubmit } });
    await expectAsUndisturbed(faulty);
    expect(faulty.kinds).toEqual(['split']);
    expect(faulty.run.events[0]).toMatchObject({ chunkBefore: 2, chunkAfter: 1, items: again });
    expect(faulty.run.timings.map(({ items }) => items)).toEqual(chunks);
  });

  test('while the results are collected: the chunk runs again', async () => {
    const faulty = await survive({ faults: { outOfMemoryAtSubmit: SUBMIT.collect } });
    await expectAsUndisturbed(faulty);
    expect(faulty.run.events[0]).toMatchObject({ kind: 'split', items: [0, 1, 2, 3, 4, 5] });
  });

  test('a chunk of six is halved until it fits', async () => {
    const { run: small } = await faultyRun({ chunk: 1 });
    const faulty = await survive({ chunk: 6, faults: { outOfMemoryAboveBytes: small.plan.totalBytes } });
    await expectAsUndisturbed(faulty);
    expect(faulty.run.events.map(({ chunkBefore, chunkAfter }) => [chunkBefore, chunkAfter])).toEqual([
      [6, 3],
      [3, 1],
    ]);
  });

  test('with one item at a time: the run stops and keeps what it has', async () => {
    const faulty = await survive({ chunk: 1, faults: { outOfMemoryAtSubmit: 2 * CHUNK_SUBMITS + SUBMIT.middle } });
    expect(faulty.run.outcome).toMatchObject({
      state: 'failed',
      failed: [],
      error: { name: 'OutOfMemoryError', message: expect.stringContaining('batch size 1') },
    });
    expect(faulty.run.outcome?.error?.kept).toContain('2 finished realizations are kept');
    expect(faulty.run.outcome?.error?.todo).toContain('resumed');
    expect([...bitsOf(faulty.run).keys()]).toEqual([0, 1]);
    expect(faulty.kinds).toEqual(['failed']);
  });
});

/**
 * Each device that takes a lost one's place compiles its kernels: those of shear are tried once here, at every moment in
 * faults-matrix.validate.ts. What the engine does is the same for every experiment.
 */
describe('device lost', () => {
  const { chunkSubmits, submit } = walks;

  test.each(momentsOf(walks))(
    '%s: another is opened and the chunk in flight starts again',
    (_, loseAfterSubmits, again) => expectChunkAgain(walks, loseAfterSubmits, again),
  );

  test('in the middle of a chunk of shear posteriors: the same', () => expectChunkAgain(steady, SUBMIT.middle, [0, 1]));

  test('each time in another chunk: the run goes on', async () => {
    const faulty = await survive({ subject: walks, faults: { loseAfterSubmits: chunkSubmits + 3, loseTimes: 2 } });
    await expectAsUndisturbed(faulty);
    expect(faulty.devices).toHaveLength(3);
    expect(eventsOfKind(faulty.run, 'loss').map(({ items }) => items)).toEqual([
      [2, 3],
      [4, 5],
    ]);
  });

  test('twice in the same place: the run stops and says what to do', async () => {
    // The second device is lost after five submits.
    const faults: { -readonly [K in keyof FaultPlan]: FaultPlan[K] } = {
      loseAfterSubmits: chunkSubmits + 3,
      loseTimes: 2,
    };
    const listener: RunListener = {
      event: ({ kind }) => {
        if (kind === 'loss') faults.loseAfterSubmits = 5;
      },
    };
    const faulty = await survive({ subject: walks, faults, listener });
    expect(faulty.run.outcome).toMatchObject({ state: 'failed', error: { name: 'DeviceLostError' } });
    expect(faulty.run.outcome?.error).toMatchObject({
      message: expect.stringContaining('a second time before one more walk had finished (batch size 2)'),
      kept: expect.stringContaining('2 finished walks are kept'),
      todo: expect.stringContaining('batch size below 2'),
    });
    expect(faulty.kinds).toEqual(['loss', 'reopened', 'retry', 'loss', 'failed']);
    expect([...bitsOf(faulty.run).keys()]).toEqual([0, 1]);
  });

  test('and no other can be opened: the run ends with what it has', async () => {
    const faulty = await survive({ subject: walks, faults: { loseAfterSubmits: submit.nextChunk }, reopens: false });
    expect(faulty.run.outcome).toMatchObject({ state: 'failed', error: { name: 'DeviceLostError' } });
    expect([...bitsOf(faulty.run).keys()]).toEqual([0, 1]);
    expect(faulty.kinds).toEqual(['loss']);
  });

  test('and no other opens for a while: three attempts, and the run ends with the reason', async () => {
    let attempts = 0;
    const reopens = async () => {
      attempts++;
      throw new Error('the GPU process is gone');
    };
    const faulty = await survive({ subject: walks, faults: { loseAfterSubmits: submit.nextChunk }, reopens });
    expect(attempts).toBe(3);
    expect(faulty.run.outcome).toMatchObject({
      state: 'failed',
      error: {
        name: 'DeviceLostError',
        message: expect.stringContaining('does not open again: the GPU process is gone'),
        kept: expect.stringContaining('2 finished walks are kept'),
        todo: expect.stringContaining('Resume this run'),
      },
    });
    expect([...bitsOf(faulty.run).keys()]).toEqual([0, 1]);
    expect(faulty.kinds).toEqual(['loss', 'failed']);
  });

  test.each([
    ['before the first chunk', 0, []],
    ['in the middle of a chunk', chunkSubmits + submit.middle, [0, 1]],
  ])('%s, and stopped while no other opens: the run ends at once', async (_, loseAfterSubmits, kept) => {
    const reopens = () => {
      faulty.run.stop();
      return new Promise<never>(() => undefined);
    };
    const faulty = await faultyRun({ subject: walks, faults: { loseAfterSubmits }, reopens });
    await faulty.run.open();
    expect(await faulty.run.run()).toMatchObject({ state: 'stopped', failed: [], error: undefined });
    expect([...bitsOf(faulty.run).keys()]).toEqual(kept);
    expect(faulty.run.events.map(({ kind }) => kind)).toEqual(['loss']);
    expect(faulty.devices[0].ledger.current).toBe(0);
  });

  test('while posteriors are sampled again: they start that rescue anew', () =>
    expectRescueAgain({ subject: walks, params: { walks: 2, rescue: true } }, chunkSubmits + submit.middle));
});

describe('a pixel that is not a number', () => {
  test.each([
    ['with another item in its chunk', 2, 3],
    ['alone in its chunk', 1, 3],
    ['in the last chunk', 2, 5],
    ['in the first chunk, with all others', 6, 0],
  ])('%s costs its own item only', async (_, chunk, spoiltItem) => {
    const faulty = await survive({ chunk, inputs: { faults: { spoiltItem } } });
    const { run } = faulty;
    expect(run.outcome).toMatchObject({ state: 'finished', progress: { items: { done: 5, failed: 1, total: 6 } } });
    expect([...bitsOf(run).keys()]).toEqual([0, 1, 2, 3, 4, 5].filter((index) => index !== spoiltItem));
    expect(run.store.failed()).toMatchObject([{ info: { index: spoiltItem }, error: 'NotFiniteError' }]);
    expect(run.store.failed()[0].reason).toContain('NaN in row 6, column 6');
    expect(faulty.kinds).toEqual(['failed']);
  });

  test('costs its own item only on the f64 twin, too', async () => {
    const config = parseRunConfig({
      workload: 'shear',
      batch: { size: 2 },
      params: { ...tinyParams, realizations: 3, chains: 1, draws: 4, warmup: 2 },
    });
    const twin = async (inputs: RunInputs) => {
      const run = new RunController({ plan: planRun(shear, config, inputs, null), gpu: null, listener: {} });
      await run.run();
      return run;
    };
    const [calm, run] = [await twin({}), await twin({ faults: { spoiltItem: 1 } })];
    expect(run.outcome).toMatchObject({ state: 'finished', progress: { items: { done: 2, failed: 1, total: 3 } } });
    expect(run.store.failed()).toMatchObject([{ info: { index: 1 }, error: 'NotFiniteError' }]);
    expect(run.store.failed()[0].reason).toContain('NaN in row 6, column 6');
    expect(run.events.map(({ kind }) => kind)).toEqual(['failed']);
    const expected = bitsOf(calm);
    expected.delete(1);
    expect(bitsOf(run)).toEqual(expected);
  });

  test('and a device lost in the same chunk', async () => {
    const faults = { loseAfterSubmits: SUBMIT.collect };
    const { run, kinds } = await survive({ faults, inputs: { faults: { spoiltItem: 1 } } });
    expect([...bitsOf(run).keys()]).toEqual([0, 2, 3, 4, 5]);
    expect(kinds).toEqual(['loss', 'reopened', 'retry', 'failed']);
  });
});

describe('a call that WebGPU refuses', () => {
  test('at allocation: the run ends, and the chunk is not halved', async () => {
    const { run, kinds } = await survive({ faults: { validationAtSubmit: 0 } });
    expect(run.outcome).toMatchObject({ state: 'failed', error: { name: 'ValidationError' } });
    expect(run.outcome?.error?.todo).toContain('report');
    expect(kinds).toEqual([]);
  });

  test.each([
    ['at the first submit', SUBMIT.first, [0, 1]],
    ['in the middle of a chunk', SUBMIT.middle, [0, 1]],
    ['between chunks', SUBMIT.nextChunk, [2, 3]],
    ['in the middle of the last chunk', 2 * CHUNK_SUBMITS + SUBMIT.middle, [4, 5]],
  ])(
    '%s: that chunk fails, the others go on, nothing is tried again as memory',
    async (_, validationAtSubmit, lost) => {
      const { run, kinds } = await survive({ faults: { validationAtSubmit } });
      expect(run.outcome?.state).toBe('finished');
      expect(run.store.failed().map(({ info, error }) => [info.index, error])).toEqual(
        lost.map((index) => [index, 'ValidationError']),
      );
      expect(run.store.failed()[0].reason).toContain('WebGPU refused');
      expect(bitsOf(run).size).toBe(ITEMS - CHUNK);
      expect(kinds).toEqual(['failed']);
    },
  );
});

describe('slow submits', () => {
  test.each([
    ['from the first on', 0],
    ['from the middle of a chunk on', SUBMIT.middle],
    ['from the second chunk on', CHUNK_SUBMITS],
  ])('%s: slower, but the same', async (_, slowAfterSubmits) => {
    const faulty = await survive({ faults: { slowSubmitMs: 15, slowAfterSubmits } });
    await expectAsUndisturbed(faulty);
    expect(faulty.kinds).toEqual([]);
    expect(faulty.run.progress.busyMs).toBeGreaterThan(15 * (3 * 25 - slowAfterSubmits) * 0.8);
  });
});
