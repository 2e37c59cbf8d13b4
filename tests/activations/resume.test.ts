/** Runs that are cut short in the middle of texts go on from the tokens that they had, and come to the same result. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headOf } from '../../src/engine/checkpoint/head.ts';
import { type Checkpoint, readCheckpoint } from '../../src/engine/checkpoint/read.ts';
import { requireSameRun } from '../../src/engine/checkpoint/same-run.ts';
import { CheckpointWriter } from '../../src/engine/checkpoint/writer.ts';
import type { RunController } from '../../src/engine/run/controller.ts';
import { collectBundle } from '../../src/engine/test-support/collect.ts';
import { MemoryFiles } from '../../src/engine/test-support/memory-files.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { DecoderForm } from '../../src/nn/transformer/decoder.ts';
import { bits, itemsOf, smallRun, TEXTS } from './small-run.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const PARAMS = { maxNewTokens: 12, temperature: 1, position: 'response[:5], prompt[-1]', components: 'all' };

describe.each([
  ['on the CPU', 'layered', false, 'combined'],
  ['on a device', 'layered', true, 'combined'],
  ['on a device in one dispatch', 'fused', true, 'combined'],
  ['in two stages', 'fused', true, 'two-stage'],
] as const)('%s', (_, form: DecoderForm, onDevice, pipeline) => {
  const device = () => (onDevice ? gpu : null);
  const told = { family: 'llama', form, params: { ...PARAMS, pipeline }, sizes: { 'activations.slots': 4 } } as const;

  /** Steps until it is stopped, keeping a checkpoint; at each of them what a killed run would leave. */
  async function cutShort(steps: number, chunk: number): Promise<MemoryFiles> {
    const files = new MemoryFiles();
    const writer = new CheckpointWriter(files, (error) => Promise.reject(error));
    let stepped = () => {};
    const run: RunController = smallRun(device(), {
      ...told,
      chunk,
      paused: true,
      listener: {
        chunkDone: (items) => writer.add(run.store.stored(run.plan.workload.results, items), run.progress),
        saved: (items) => {
          writer.save(items);
          stepped();
        },
      },
    });
    writer.begin(await headOf(run.plan, run.problem, run.report?.name ?? null, run.startedAt));
    await run.open();
    const ended = run.run();
    for (let step = 0; step < steps; step++) {
      const done = new Promise<void>((resolve) => {
        stepped = resolve;
      });
      run.step();
      await done;
    }
    run.stop();
    expect((await ended).state).toBe('stopped');
    await writer.flush();
    return files;
  }

  async function goOn(from: Checkpoint, chunk: number) {
    const run = smallRun(device(), { ...told, chunk, finished: from.finished, saved: from.saved });
    await requireSameRun(from.head, run);
    return { run, items: await itemsOf(run) };
  }

  test('after a few tokens, in chunks of any size', async () => {
    const whole = smallRun(device(), told);
    const expected = (await itemsOf(whole)).map(bits);
    const { resultId } = await collectBundle(whole);
    const from = await readCheckpoint(await cutShort(9, TEXTS));
    expect(from.finished).toEqual([]);
    const counts = from.saved.map(({ state }) => (state as { drawn: number[] }).drawn.length);
    expect(Math.max(...counts)).toBeGreaterThan(2);
    for (const chunk of [TEXTS, 3]) {
      const { run, items } = await goOn(from, chunk);
      expect(items.map(bits)).toEqual(expected);
      expect((await collectBundle(run)).resultId).toBe(resultId);
    }
  });

  test('what is saved is not computed again: a step later more is there', async () => {
    const from = await readCheckpoint(await cutShort(9, TEXTS));
    const drawn = (all: Checkpoint['saved']) =>
      all.reduce((sum, { state }) => sum + (state as { drawn: number[] }).drawn.length, 0);
    const run = smallRun(device(), { ...told, saved: from.saved, paused: true });
    const session = device()
      ? await run.plan.workload.open(gpu, run.problem, run.plan.buffers, run.plan.shape, run.plan.sizes)
      : await run.plan.workload.reference(run.problem, TEXTS);
    await session.start([...run.problem.items.keys()], from.saved);
    await session.advance(1, 1);
    expect(drawn(await session.saved!())).toBeGreaterThanOrEqual(drawn(from.saved));
    session.close();
  });
});

test('a file of texts under way that is damaged, or of another run, costs no result', async () => {
  const files = new MemoryFiles();
  const writer = new CheckpointWriter(files, (error) => Promise.reject(error));
  const run = smallRun(null, { family: 'llama', form: 'layered', params: PARAMS });
  writer.begin(await headOf(run.plan, run.problem, null, run.startedAt));
  writer.save([{ index: 1, state: { drawn: [1, 2], ended: false } }]);
  await writer.flush();
  expect((await readCheckpoint(files)).saved).toHaveLength(1);
  const bytes = await files.read('in-flight.lockstep');
  bytes[40] ^= 1;
  await files.write('in-flight.lockstep', [bytes]);
  expect((await readCheckpoint(files)).saved).toEqual([]);
  const other = new CheckpointWriter(files, (error) => Promise.reject(error), { next: 0, seal: 'of another run' });
  other.save([{ index: 1, state: null }]);
  await other.flush();
  expect((await readCheckpoint(files)).saved).toEqual([]);
  // What cannot be a text's is passed over, and the text begins anew.
  const odd = smallRun(null, { family: 'llama', form: 'layered', params: PARAMS, saved: [{ index: 1, state: 'odd' }] });
  const even = smallRun(null, { family: 'llama', form: 'layered', params: PARAMS });
  expect((await itemsOf(odd)).map(bits)).toEqual((await itemsOf(even)).map(bits));
});
