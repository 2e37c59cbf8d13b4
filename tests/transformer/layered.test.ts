/** A decoder layer by layer against a plain one in f64, and against itself: other batches, slots, pieces and cuts, equal bits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSizes, type SizeOverrides } from '../../src/batch/sizes.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { planBytes } from '../../src/gpu/plan.ts';
import { linkShader, type ShaderSpec } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext, openTestContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import {
  type DecoderBatch,
  type DecoderOptions,
  type TextStart,
  WEIGHT_STORAGES,
} from '../../src/nn/transformer/batch.ts';
import { COMPONENTS } from '../../src/nn/transformer/capture.ts';
import { decoderShape, openDecoder, planDecoder } from '../../src/nn/transformer/decoder.ts';
import { StepKernels } from '../../src/nn/transformer/layered/kernels.ts';
import { layeredSetup } from '../../src/nn/transformer/layered/setup.ts';
import type { LayeredShape } from '../../src/nn/transformer/layered/shape.ts';
import { drawToken, likeliest, surprise } from '../../src/nn/transformer/sampling/twin.ts';
import { FAMILIES } from '../../src/nn/transformer/spec.ts';
import { plainDecoder } from './plain-decoder.ts';
import { optionsOf, SMALL, smallSource, smallWeights, textOf } from './small-decoders.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** Keys in blocks of 8, so that texts of some dozen positions have several; little workgroup memory, which SwiftShader compiles long. */
const SIZES = { ...defaultSizes, 'activations.softwareKeys': 8, 'activations.productInner': 8 };

function open(options: DecoderOptions, shape: Partial<LayeredShape> = {}, sizes: SizeOverrides = {}) {
  const all = { ...SIZES, ...sizes };
  const own = { ...(decoderShape(gpu.report, options, all, 'layered') as LayeredShape), ...shape };
  return openDecoder(gpu, smallSource(options.spec, smallWeights(options.spec)), options, own, all);
}

async function finish(batch: DecoderBatch, most?: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    await batch.advance(1000, most);
    if ((await batch.states()).every(({ done }) => done)) return;
  }
  throw new Error('texts did not end');
}

/** What came of texts, by their slots. */
async function outcomes(batch: DecoderBatch, slots: readonly number[]) {
  const states = await batch.states();
  return Promise.all(
    slots.map(async (slot) => {
      const { drawn, nll, fed } = states.find((state) => state.slot === slot)!;
      const { counts, sums } = await batch.sums(slot);
      return { drawn, nll, fed, counts, sums, rows: await batch.rows(slot) };
    }),
  );
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
};

describe.each(FAMILIES)('%s', (family) => {
  const spec = SMALL[family];
  const weights = smallWeights(spec);

  it('computes and draws what the plain decoder does', async () => {
    const batch = await open(optionsOf(family));
    const texts = [0, 1, 2].map((slot) => textOf(family, slot));
    await batch.place(texts);
    await finish(batch);
    const found = await outcomes(batch, [0, 1, 2]);
    for (const [slot, text] of texts.entries()) {
      const { drawn, nll, fed, counts, sums, rows: kept } = found[slot];
      const ids = [...Array.from(text.ids), ...drawn];
      expect(drawn).toHaveLength(text.newTokens);
      expect(fed).toBe(ids.length);
      const { logits, rows } = plainDecoder(spec, weights, ids, COMPONENTS);
      // Gaps between the best two are far above what f32 moves.
      for (let i = text.ids.length; i < ids.length; i++) expect(ids[i]).toBe(likeliest(logits[i - 1]));
      // Some dozen f32 sums of terms of size one behind each other, each wrong by 1e-7 or so.
      expect(farthest(kept, rows.flat())).toBeLessThan(2e-5);
      const surprises = ids.slice(1).map((id, i) => surprise(logits[i], id));
      expect(farthest(nll ?? [], surprises)).toBeLessThan(2e-5);
      expect(counts).toEqual([text.prompt, ids.length - text.prompt]);
      const size = rows[0].length;
      for (const [window, [from, to]] of text.windows.entries()) {
        // f32 sums over ascending positions of the rows that were kept: to the bit.
        const expected = new Float32Array(size);
        for (let position = from; position < Math.min(to, ids.length); position++)
          for (let k = 0; k < size; k++) expected[k] += kept[position * size + k];
        expect(sums.slice(window * size, (window + 1) * size)).toEqual(expected);
      }
    }
    expect(batch.work).toBe(found.reduce((sum, { fed }) => sum + fed, 0));
    batch.close();
  });

  it('gives equal bits for any batch, slot, piece and cut, drawn or given, together or one after the other', async () => {
    const sampling = { temperature: 0.9, topK: 20, topP: 0.95 };
    interface Run {
      readonly slots: number;
      readonly place: (text: number) => number;
      readonly most?: number;
      readonly given?: readonly Uint32Array[];
      /** A text joins when the one before it has been at work for a while. */
      readonly joining?: boolean;
      readonly shape?: Partial<LayeredShape>;
      readonly sizes?: SizeOverrides;
    }
    const run = async ({ slots, place, most, given, joining = false, shape, sizes }: Run) => {
      const batch = await open(optionsOf(family, { slots, sampling }), shape, sizes);
      const texts = [0, 1, 2].filter((text) => place(text) < slots);
      const starts = texts.map((text) => {
        const start = textOf(family, text);
        const response = given?.[text];
        const ids = response ? [...Array.from(start.ids), ...response] : start.ids;
        return { ...start, ids, newTokens: response ? 0 : start.newTokens, slot: place(text) };
      });
      if (joining)
        for (const start of starts) {
          await batch.place([start]);
          await batch.advance(1000, 4);
        }
      else await batch.place(starts);
      await finish(batch, most);
      const found = await outcomes(batch, texts.map(place));
      batch.close();
      return found;
    };
    const inOrder = (text: number) => text;
    const first = await run({ slots: 3, place: inOrder });
    for (const [i, { drawn }] of first.entries()) {
      const text = textOf(family, i);
      const ids = [...Array.from(text.ids), ...drawn];
      const { logits } = plainDecoder(spec, weights, ids);
      for (let at = text.ids.length; at < ids.length; at++)
        expect(ids[at]).toBe(drawToken(logits[at - 1], sampling, { seed: text.seed, position: at }));
    }
    expect(await run({ slots: 1, place: inOrder })).toEqual(first.slice(0, 1));
    expect(await run({ slots: 8, place: (text) => 7 - 3 * text, most: 7 })).toEqual(first);
    expect(await run({ slots: 64, place: (text) => [63, 5, 20][text], most: 1, joining: true })).toEqual(first);
    // Prompts in pieces of one to four positions; a few logits at a time.
    const small = { 'activations.rowsAtOnce': 4, 'activations.logitRows': 3 };
    expect(await run({ slots: 3, place: inOrder, sizes: small })).toEqual(first);
    // Matrices, sums and kept rows each in several buffers; what stays whole is larger than that.
    expect(await run({ slots: 3, place: inOrder, shape: { bindingBytes: 6000 } })).toEqual(first);
    const given = await run({ slots: 3, place: (text) => 2 - text, given: first.map(({ drawn }) => drawn) });
    expect(given.map(({ drawn: none, ...rest }) => rest)).toEqual(first.map(({ drawn: none, ...rest }) => rest));
  });

  it('ends texts, and is steered', async () => {
    const free = await open(optionsOf(family, { scored: false }));
    await free.place([textOf(family, 0)]);
    await finish(free);
    const [{ drawn }] = await free.states();
    free.close();
    const end = drawn[5];
    const first = drawn.indexOf(end);
    const vectors = Float32Array.from({ length: spec.layers * spec.width }, (_, i) => Math.sin(i));
    for (const steering of ['response', 'all'] as const) {
      const batch = await open(optionsOf(family, { ends: [1_000_000, end], steering }));
      await batch.steer(vectors);
      await batch.place([textOf(family, 0), textOf(family, 1, { strength: 0.7 })]);
      await finish(batch);
      const [plain, steered] = await batch.states();
      expect(plain.drawn).toEqual(drawn.slice(0, first));
      expect(plain.fed).toBe(textOf(family, 0).ids.length + first);
      const text = textOf(family, 1);
      const ids = [...Array.from(text.ids), ...steered.drawn];
      const from = steering === 'all' ? 0 : text.prompt;
      const { rows } = plainDecoder(spec, weights, ids, COMPONENTS, { vectors, strength: 0.7, from });
      expect(farthest(await batch.rows(1), rows.flat())).toBeLessThan(3e-5);
      // Given up half-way for another, as by a slider that moves on.
      await batch.place([textOf(family, 1, { strength: -3 })]);
      await batch.advance(0, 2);
      await batch.steer(vectors);
      await batch.place([textOf(family, 1, { strength: 0.7 })]);
      await finish(batch);
      expect((await batch.states())[1].drawn).toEqual(steered.drawn);
      batch.close();
    }
  });
});

/** As on a GPU, small enough for SwiftShader to compile it: shares of keys, lanes that read alone. */
const TILES: Partial<LayeredShape> = { quads: false, threads: 4, pairs: 1, rows: 4, attentionThreads: 16, keys: 8 };

describe('shapes and storages', () => {
  it('computes the same with the kernels of a GPU', async () => {
    for (const family of FAMILIES) {
      const batch = await open(optionsOf(family, { slots: 1 }), TILES);
      await batch.place([textOf(family, 0)]);
      await finish(batch);
      const [{ drawn, rows: kept }] = await outcomes(batch, [0]);
      const ids = [...Array.from(textOf(family, 0).ids), ...drawn];
      const { rows } = plainDecoder(SMALL[family], smallWeights(SMALL[family]), ids, COMPONENTS);
      expect(farthest(kept, rows.flat())).toBeLessThan(2e-5);
      batch.close();
    }
  });

  it.each(WEIGHT_STORAGES)('%s: near f32', async (storage) => {
    const rows: Float32Array[] = [];
    for (const stored of ['f32', storage] as const) {
      const batch = await open(optionsOf('llama', { slots: 1, storage: stored }));
      await batch.place([textOf('llama', 0, { newTokens: 0 })]);
      await finish(batch);
      rows.push(await batch.rows(0));
      batch.close();
    }
    // 24, 11, 8 and 7 bits of weights of size one, over two blocks.
    const tolerance = { f32: 0, f16: 0.01, bf16: 0.1, int8: 0.2 }[storage];
    expect(farthest(rows[0], rows[1])).toBeLessThanOrEqual(tolerance);
    if (storage !== 'f32') expect(farthest(rows[0], rows[1])).toBeGreaterThan(tolerance / 1000);
  });

  it('compile with Tint and Naga for every family and storage', async () => {
    const tint = await openNullContext();
    const texts = new Map<string, string>();
    for (const family of FAMILIES)
      for (const storage of WEIGHT_STORAGES) {
        const options = optionsOf(family, { storage, steering: storage === 'f32' ? 'all' : 'response' });
        // Once as on a GPU, once as on adapters of software whose lanes read alone.
        const software = { ...gpu.report, subgroupSize: 8, loopIterationLimit: 65_535 };
        for (const report of [{ ...gpu.report, software: false }, software]) {
          const shape = decoderShape(report, options, defaultSizes, 'layered') as LayeredShape;
          const kernels = new StepKernels(layeredSetup(options, shape, defaultSizes)).all(defaultSizes);
          for (const { name, shader } of kernels)
            texts.set(linkShader(shader as ShaderSpec).wgsl, `${family} ${storage} ${name}`);
        }
      }
    for (const wgsl of texts.keys()) await tint.compile({ module: 'layered', wgsl, locate: () => NOWHERE });
    const found = await compileWithNaga([...texts].map(([wgsl, label]) => ({ label, wgsl })));
    expect(found.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });
});

const NOWHERE = { file: '', line: 0, column: 0, excerpt: '' };

describe('memory', () => {
  it('is what was planned, to the byte', async () => {
    const options = optionsOf('gemma2', { steering: 'all' });
    const before = gpu.ledger.current;
    const batch = await open(options);
    const plan = planDecoder(options, decoderShape(gpu.report, options, SIZES, 'layered'), SIZES);
    expect(gpu.ledger.current - before).toBe(planBytes(plan));
    batch.close();
    expect(gpu.ledger.current).toBe(before);
  });

  it('is known of large models by their spec alone, and no buffer is above what a binding may have', () => {
    const limits = { ...gpu.report.limits, maxStorageBufferBindingSize: 128 * 2 ** 20, maxBufferSize: 256 * 2 ** 20 };
    const spec = {
      ...SMALL.gemma2,
      layers: 26,
      width: 2304,
      heads: 8,
      kvHeads: 4,
      head: 256,
      hidden: 9216,
      vocabulary: 256_000,
      positions: 8192,
      window: { size: 4096, layers: 'even' as const },
    };
    const options: DecoderOptions = {
      ...optionsOf('gemma2'),
      spec,
      storage: 'bf16',
      slots: 16,
      context: 512,
      capture: { components: COMPONENTS, windows: 3, kept: false },
      scored: false,
    };
    const report = { ...gpu.report, software: false, limits };
    const { buffers } = planDecoder(options, decoderShape(report, options, defaultSizes), defaultSizes);
    expect(Math.max(...buffers.map(({ bytes }) => bytes))).toBeLessThanOrEqual(128 * 2 ** 20);
    const weights = buffers.filter(({ name }) => /^embedding|\.(qkv|o|up|down)/.test(name));
    // 2,614,341,888 parameters but 105 norms of 2304, two bytes each; columns of the embedding fill no block up.
    expect(weights.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(2 * (2_614_341_888 - 105 * 2304));
    expect(weights.filter(({ name }) => name.startsWith('embedding')).length).toBe(9);
  });
});

describe('texts', () => {
  it('are refused where they do not fit', async () => {
    const batch = await open(optionsOf('llama'));
    const place = (of: Partial<TextStart>) => batch.place([textOf('llama', 0, of)]);
    await expect(place({ newTokens: 100 })).rejects.toThrow(/slot 0: 103 ids .* context holds 40/);
    await expect(place({ ids: [61], prompt: 1 })).rejects.toThrow(/id 61, and the vocabulary has 61/);
    await expect(place({ slot: 3 })).rejects.toThrow(/slots 0 to 2/);
    await expect(place({ windows: [] })).rejects.toThrow(/0 windows, and 2 are summed/);
    await expect(place({ strength: 1 })).rejects.toThrow(/opened without steering/);
    batch.close();
    const tooLong = open(optionsOf('llama', { context: 65 }));
    await expect(tooLong).rejects.toThrow(/context is 65, and the model has 64 positions/);
  });
});
