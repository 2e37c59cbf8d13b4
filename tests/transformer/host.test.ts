import { expect, test } from 'vitest';
import type { DecoderBatch, DecoderOptions, TextStart } from '../../src/nn/transformer/batch.ts';
import { COMPONENTS, capturedParts } from '../../src/nn/transformer/capture.ts';
import { openHostDecoder } from '../../src/nn/transformer/host/open.ts';
import { drawToken, surprise } from '../../src/nn/transformer/sampling/twin.ts';
import { type DecoderSpec, FAMILIES } from '../../src/nn/transformer/spec.ts';
import { plainDecoder } from './plain-decoder.ts';
import { SMALL, smallSource, smallWeights, someIds } from './small-decoders.ts';

const GREEDY = { temperature: 0, topK: 0, topP: 1 };

function optionsOf(spec: DecoderSpec, more: Partial<DecoderOptions> = {}): DecoderOptions {
  return {
    spec,
    storage: 'f32',
    slots: 5,
    context: 40,
    capture: { components: COMPONENTS, windows: 1, kept: true },
    sampling: GREEDY,
    ends: [],
    scored: true,
    ...more,
  };
}

const open = (spec: DecoderSpec, more: Partial<DecoderOptions> = {}, arithmetic: 'f64' | 'f32' = 'f64') =>
  openHostDecoder(smallSource(spec, smallWeights(spec)), optionsOf(spec, more), arithmetic);

const text = (spec: DecoderSpec, slot: number, length: number, more: Partial<TextStart> = {}): TextStart => ({
  slot,
  ids: someIds(spec.vocabulary, length, 11 + length),
  prompt: length,
  newTokens: 8,
  seed: 5 + length,
  windows: [[1, Number.POSITIVE_INFINITY]],
  strength: 0,
  ...more,
});

const toEnd = async (batch: DecoderBatch) => {
  while ((await batch.states()).some(({ done }) => !done)) await batch.advance(50);
};

test.each(FAMILIES)('the twin of %s is the equations written out', async (family) => {
  const spec = SMALL[family];
  const weights = smallWeights(spec);
  const batch = await open(spec, { steering: 'response' });
  const vectors = Float32Array.from({ length: spec.layers * spec.width }, (_, i) => Math.sin(i));
  await batch.steer(vectors);
  await batch.place([text(spec, 0, 9), text(spec, 3, 1, { strength: 0.7 })]);
  await toEnd(batch);
  const { size } = capturedParts(spec, COMPONENTS);
  for (const { slot, drawn, nll } of await batch.states()) {
    const start = text(spec, slot, slot === 0 ? 9 : 1);
    const ids = [...Array.from(start.ids), ...drawn];
    const strength = slot === 3 ? 0.7 : 0;
    const { logits, rows } = plainDecoder(spec, weights, ids, COMPONENTS, { vectors, strength, from: start.prompt });
    for (let i = start.ids.length; i < ids.length; i++)
      expect(drawToken(logits[i - 1], GREEDY, { seed: start.seed, position: i })).toBe(ids[i]);
    const got = await batch.rows(slot);
    expect(got).toHaveLength(ids.length * size);
    // Read back as f32.
    rows.flat().forEach((value, i) => {
      expect(Math.abs(got[i] - value)).toBeLessThan(2e-7 * (1 + Math.abs(value)));
    });
    nll!.forEach((value, i) => {
      expect(value).toBeCloseTo(surprise(logits[i], ids[i + 1]), 5);
    });
    const { counts, sums } = await batch.sums(slot);
    expect(counts).toEqual([ids.length - 1]);
    const mean = rows.slice(1).reduce((sum, row) => sum + row[4], 0);
    expect(sums[4]).toBeCloseTo(mean, 4);
  }
});

test.each(FAMILIES)('texts of %s are equal to the bit in any company, in f32', async (family) => {
  const spec = SMALL[family];
  const sampling = { temperature: 0.8, topK: 12, topP: 0.9 };
  const lengths = [9, 1, 14, 4, 6];
  const run = async (order: readonly number[], most: number) => {
    const batch = await open(spec, { sampling }, 'f32');
    await batch.place(order.map((length, slot) => text(spec, slot, length)));
    while ((await batch.states()).some(({ done }) => !done)) await batch.advance(0, most);
    const states = await batch.states();
    return Promise.all(
      order.map(
        async (length, slot) => [length, states[slot].drawn, states[slot].nll, await batch.rows(slot)] as const,
      ),
    );
  };
  const all = await run(lengths, 1000);
  for (const other of [await run(lengths.toReversed(), 3), ...(await Promise.all(lengths.map((n) => run([n], 1))))])
    for (const [length, ...rest] of other) expect([length, ...rest]).toEqual(all.find(([own]) => own === length));
});

test('a text that is given comes to the same as one that was drawn, and ends are no part of it', async () => {
  const spec = SMALL.qwen2;
  const batch = await open(spec);
  await batch.place([text(spec, 0, 6)]);
  await toEnd(batch);
  const [{ drawn }] = await batch.states();
  const rows = await batch.rows(0);
  const given = [...Array.from(text(spec, 0, 6).ids), ...drawn];
  await batch.place([text(spec, 1, 6, { ids: given, newTokens: 0 })]);
  await toEnd(batch);
  expect(await batch.rows(1)).toEqual(rows);
  const ended = await open(spec, { ends: [drawn[3]] });
  await ended.place([text(spec, 0, 6)]);
  await toEnd(ended);
  expect((await ended.states())[0].drawn).toEqual(drawn.slice(0, drawn.indexOf(drawn[3])));
});

test('storage of weights is felt, and a text that does not fit is refused', async () => {
  const spec = SMALL.llama;
  const residuals = async (storage: DecoderOptions['storage']) => {
    const batch = await open(spec, { storage });
    await batch.place([text(spec, 0, 12, { newTokens: 0 })]);
    await toEnd(batch);
    return batch.rows(0);
  };
  const exact = await residuals('f32');
  const rms = Math.sqrt(exact.reduce((sum, x) => sum + x * x, 0) / exact.length);
  // Roundings of 2⁻¹¹, 2⁻⁸ and 1/254 of a row's largest, over few layers.
  for (const [storage, most] of [
    ['f16', 1e-2],
    ['bf16', 6e-2],
    ['int8', 2e-1],
  ] as const) {
    const other = await residuals(storage);
    const off = Math.max(...other.map((x, i) => Math.abs(x - exact[i]))) / rms;
    expect(off).toBeGreaterThan(1e-5);
    expect(off).toBeLessThan(most);
  }
  const batch = await open(spec);
  await expect(batch.place([text(spec, 0, 39)])).rejects.toThrow(/47 positions, and there is place for 40/);
  await expect(batch.place([text(spec, 0, 2, { ids: [1, 61] })])).rejects.toThrow(/id 61 .* vocabulary of 61/);
});

test('a weight that a half does not hold is refused by its name, and held by others', async () => {
  const spec = SMALL.qwen2;
  const weights = new Map(smallWeights(spec));
  const name = 'blocks.1.down.weight';
  const changed = weights.get(name)!.slice();
  changed[7] = -70_144;
  weights.set(name, changed);
  const options = (storage: DecoderOptions['storage']): DecoderOptions => ({
    spec,
    storage,
    slots: 1,
    context: 8,
    capture: { components: [], windows: 0, kept: false },
    sampling: { temperature: 0, topK: 0, topP: 1 },
    ends: [],
    scored: false,
  });
  const open = (storage: DecoderOptions['storage']) =>
    openHostDecoder(smallSource(spec, weights), options(storage), 'f32');
  await expect(open('f16')).rejects.toThrow(
    'blocks.1.down.weight: a number of it is -70144, and halves end at ±65,504. Store the weights as bf16 or f32.',
  );
  for (const storage of ['f32', 'bf16', 'int8'] as const) (await open(storage)).close();
});
