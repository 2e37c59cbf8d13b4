/** What a text comes to does not hang on what is computed beside it, before it or in which pieces: equal to the bit. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectBundle } from '../../src/engine/test-support/collect.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { DatasetItem } from '../../src/results/dataset/item.ts';
import { bits, itemsOf, type SmallRun, smallRun, TEXTS } from './small-run.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** Tokens are drawn, and some texts end before the others. */
const PARAMS = {
  maxNewTokens: 9,
  temperature: 0.9,
  topK: 20,
  topP: 0.95,
  position: 'response[:5], prompt[-1], all[1:]',
  components: 'all',
};

describe.each([
  ['llama', 'fused'],
  ['llama', 'layered'],
  ['gemma2', 'layered'],
  ['gpt2', 'layered'],
] as const)('%s, %s', (family, form) => {
  const told: SmallRun = { family, form, params: PARAMS };
  let whole: readonly DatasetItem[];
  let id: string;
  beforeAll(async () => {
    const run = smallRun(gpu, told);
    whole = await itemsOf(run);
    id = (await collectBundle(run)).resultId;
  });

  test('texts end where they will, and every one is another', () => {
    const finishes = whole.map(({ attributes }) => attributes.finish);
    expect(new Set(finishes)).toEqual(new Set(['end', 'length']));
    expect(new Set(whole.map(({ arrays }) => bits(arrays))).size).toBe(TEXTS);
  });

  test.each([
    ['one at a time', 1, {}],
    ['in chunks of 3', 3, {}],
    ['in chunks of 8', 8, {}],
    ['one slot', TEXTS, { 'activations.slots': 1 }],
    ['three slots, the next where one is done', TEXTS, { 'activations.slots': 3 }],
    ['prompts in pieces', TEXTS, { 'activations.rowsAtOnce': 11 }],
  ] as const)('%s', async (_, chunk, sizes) => {
    const run = smallRun(gpu, { ...told, chunk, sizes });
    const items = await itemsOf(run);
    for (const [i, item] of items.entries()) expect(bits(item), `text ${i}`).toBe(bits(whole[i]));
    expect((await collectBundle(run)).resultId).toBe(id);
    expect(run.progress.memory?.peakBytes).toBe(run.plan.totalBytes);
    expect(run.store.bytes).toBe(run.plan.resultBytes);
  });

  test('in another order', async () => {
    const { plan, problem } = smallRun(gpu, told);
    const session = await plan.workload.open(gpu, problem, plan.buffers, plan.shape, plan.sizes);
    const order = whole.map((_, i) => (i * 7 + 3) % TEXTS);
    await session.start(order);
    while ((await session.advance(50)).phase !== 'done');
    const items = await session.collect();
    session.close();
    expect(items.map((item) => bits(item))).toEqual(order.map((i) => bits(whole[i])));
    expect(gpu.ledger.current).toBe(0);
  });

  test('read again in a second pass', async () => {
    const items = await itemsOf(smallRun(gpu, { ...told, params: { ...PARAMS, pipeline: 'two-stage' } }));
    for (const [i, { arrays, attributes }] of items.entries()) {
      expect(bits(arrays), `text ${i}`).toBe(bits(whole[i].arrays));
      expect(attributes).toEqual(whole[i].attributes);
    }
  });

  test('prompts that are only read have the activations that they have before a response', async () => {
    const params = { ...PARAMS, maxNewTokens: 0, position: 'prompt[-1], prompt[1:]' };
    const run = smallRun(gpu, { ...told, params });
    const read = await itemsOf(run);
    expect(run.store.bytes).toBe(run.plan.resultBytes);
    const written = await itemsOf(smallRun(gpu, { ...told, params: { ...params, maxNewTokens: 9 } }));
    const activations = ({ arrays }: DatasetItem) => bits(arrays.filter(({ group }) => group === 'activations'));
    expect(read.map(activations)).toEqual(written.map(activations));
    expect(read[0].attributes).toMatchObject({ tokens: 0, finish: 'length', response: '' });
  });

  test('positions counted from the end are those counted from the beginning', async () => {
    const position = 'response[-3:], all[-1], response[:-2]';
    const items = await itemsOf(smallRun(gpu, { ...told, params: { ...PARAMS, position }, chunk: 4 }));
    const long = items.find(({ attributes }) => attributes.finish === 'length')!;
    const forward = 'response[6:9], response[8:9], response[:7]';
    const same = (await itemsOf(smallRun(gpu, { ...told, params: { ...PARAMS, position: forward } })))[long.info.index];
    expect(bits(long.arrays)).toBe(bits(same.arrays));
  });
});
