/**
 * Two experiments that only their own folders and registries name, one of posteriors and one of tables: what the engine promises holds for
 * both, and nothing that it writes speaks of another experiment.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { zipBundle } from '../../src/bundle/zip.ts';
import { headOf } from '../../src/engine/checkpoint/head.ts';
import { readCheckpoint } from '../../src/engine/checkpoint/read.ts';
import { requireSameRun } from '../../src/engine/checkpoint/same-run.ts';
import { CheckpointWriter } from '../../src/engine/checkpoint/writer.ts';
import { parseRunConfig } from '../../src/engine/config/run-config.ts';
import { wholeBundle } from '../../src/engine/files/bundle-files.ts';
import { openBundle } from '../../src/engine/files/open-bundle.ts';
import { planRun } from '../../src/engine/plan/plan-run.ts';
import { RunController } from '../../src/engine/run/controller.ts';
import { collectBundle } from '../../src/engine/test-support/collect.ts';
import {
  bitsOf,
  closeFaultyDevices,
  faultyRun,
  type Subject,
  survive,
  undisturbedRun,
} from '../../src/engine/test-support/faulty-run.ts';
import { MemoryFiles } from '../../src/engine/test-support/memory-files.ts';
import { workloads } from '../../src/workloads/index.ts';
import type { Workload } from '../../src/workloads/workload.ts';
import { FOREIGN_WORDS } from './foreign-words.ts';

afterAll(closeFaultyDevices);

/** One unit of work a submit, so that faults fall at the same place whatever the machine's speed. */
function steadily(id: string, sizes: Readonly<Record<string, number>>): Workload {
  const workload = workloads.find((each) => each.id === id)!;
  return {
    ...workload,
    configure: (params, inputs, options) => workload.configure(params, inputs, withSizes(options)),
    open: (gpu, problem, plan, shape, given) =>
      workload.open(gpu, problem, plan, shape, withSizes({ sizes: given }).sizes),
  };
  function withSizes<O extends { readonly sizes?: object }>(options: O = {} as O) {
    return { ...options, sizes: { ...options.sizes, ...sizes } } as O & { sizes: NonNullable<O['sizes']> };
  }
}

const toys: readonly Subject[] = [
  {
    workload: steadily('banana', { 'banana.transitionsPerDispatch': 1 }),
    params: { bananas: 6, chains: 2, warmup: 2, draws: 8, leapfrogs: 3 },
    chunkSubmits: 11,
    submit: { first: 1, middle: 6, collect: 11, nextChunk: 12 },
  },
  {
    workload: steadily('tally', { 'tally.throwsPerDispatch': 1 }),
    params: { tables: 6, throws: 10 },
    chunkSubmits: 11,
    submit: { first: 1, middle: 6, collect: 11, nextChunk: 12 },
  },
];

describe.each(toys.map((subject) => [subject.workload.id, subject] as const))('%s', (_, subject) => {
  const { workload, submit } = subject;

  test('gives the same bits for any batch size', async () => {
    const { bits, resultId } = await undisturbedRun(subject);
    for (const chunk of [1, 4, 6]) {
      const { run } = await faultyRun({ subject, chunk });
      await run.run();
      expect(bitsOf(run)).toEqual(bits);
      expect((await collectBundle(run)).resultId).toBe(resultId);
    }
  });

  test.each(['first', 'middle', 'collect', 'nextChunk'] as const)('out of memory at its %s submit', async (moment) => {
    const { run, kinds } = await survive({ subject, faults: { outOfMemoryAtSubmit: submit[moment] } });
    expect(kinds).toEqual(['split']);
    expect(bitsOf(run)).toEqual((await undisturbedRun(subject)).bits);
  });

  test.each(['first', 'middle', 'nextChunk'] as const)('the device is lost after its %s submit', async (moment) => {
    const { run, kinds } = await survive({ subject, faults: { loseAfterSubmits: submit[moment] } });
    expect(kinds).toEqual(['loss', 'reopened', 'retry']);
    expect(bitsOf(run)).toEqual((await undisturbedRun(subject)).bits);
  });

  test('cut short and gone on with, it comes to the same result', async () => {
    const config = parseRunConfig({ workload: workload.id, batch: { size: 2 }, params: subject.params }, [workload]);
    const files = new MemoryFiles();
    const walk = async (from?: Awaited<ReturnType<typeof readCheckpoint>>) => {
      const writer = new CheckpointWriter(files, (error) => Promise.reject(error), from);
      const run: RunController = new RunController({
        plan: planRun(workload, config, {}, null),
        gpu: null,
        finished: from?.finished,
        listener: {
          chunkDone: (items) => {
            writer.add(run.store.stored(workload.results, items), run.progress);
            if (!from) run.stop();
          },
        },
      });
      if (from) await requireSameRun(from.head, run);
      else writer.begin(await headOf(run.plan, run.problem, null, run.startedAt));
      const outcome = await run.run();
      await writer.flush();
      return { run, outcome };
    };
    expect((await walk()).outcome.state).toBe('stopped');
    const from = await readCheckpoint(files);
    expect(from.finished).toHaveLength(2);
    const { run, outcome } = await walk(from);
    const whole = new RunController({ plan: planRun(workload, config, {}, null), gpu: null, listener: {} });
    const undisturbed = await whole.run();
    expect(run.store.items()).toEqual(whole.store.items());
    expect(outcome.results).toEqual(undisturbed.results);
    expect((await collectBundle(run)).resultId).toBe((await collectBundle(whole)).resultId);
  });

  test('exported and opened again it is the same, and no file speaks of another experiment', async () => {
    const { run } = await faultyRun({ subject, chunk: 3 });
    const outcome = await run.run();
    const { files, resultId } = await collectBundle(run);
    const bundle = await wholeBundle({ run, report: run.report });
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const bytes of zipBundle(bundle.files)) pieces.push(bytes);
    const opened = await openBundle('toy.zip', new Blob(pieces), [workload]);
    expect(opened.resultId).toBe(resultId);
    expect(opened.store.items()).toEqual(run.store.items());
    expect(opened.store.summaries()).toEqual(run.store.summaries());
    expect(opened.outcome.results).toEqual(outcome.results);
    const told = new TextDecoder();
    for (const [path, bytes] of files) {
      if (/\.(nc|wgsl)$/.test(path)) continue;
      // The table of sizes in run.json is that of the whole program.
      const text = told.decode(bytes).replace(/"sizes": \{[^}]*\}/, '');
      expect(text.match(FOREIGN_WORDS), path).toBeNull();
    }
  });
});

test('tables of a run are files, and on the terminal', async () => {
  const { run } = await faultyRun({ subject: toys[1], chunk: 6 });
  await run.run();
  const { files } = await collectBundle(run);
  const rows = new TextDecoder().decode(files.get('counts.csv')).trim().split('\n');
  expect(rows[0]).toBe('first,second_1,second_2,second_3,second_4,second_5,second_6');
  const sum = rows
    .slice(1)
    .flatMap((row) => row.split(',').slice(1))
    .reduce((total, cell) => total + Number(cell), 0);
  expect(sum).toBe(60);
  expect([...files.keys()]).toContain('table_1_s42/arrays.nc');
});
