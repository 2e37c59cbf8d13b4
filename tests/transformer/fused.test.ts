/** Whole generations in one dispatch against a plain decoder in f64, and against themselves: other batches, slots and pieces, equal bits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext, openTestContext } from '../../src/gpu/testing.ts';
import { compileWithNaga, runWithNaga } from '../../src/gpu/testing-naga.ts';
import {
  type DecoderBatch,
  type DecoderOptions,
  type TextStart,
  WEIGHT_STORAGES,
  type WeightStorage,
} from '../../src/nn/transformer/batch.ts';
import { COMPONENTS } from '../../src/nn/transformer/capture.ts';
import { fusedShader } from '../../src/nn/transformer/fused/kernel.ts';
import { openFused, settingsWords } from '../../src/nn/transformer/fused/open.ts';
import { FUSED, planFused } from '../../src/nn/transformer/fused/plan.ts';
import { type FusedShape, fusedShape, groupSlots } from '../../src/nn/transformer/fused/shape.ts';
import { textsLayout, textWords } from '../../src/nn/transformer/fused/texts.ts';
import { fusedWeights } from '../../src/nn/transformer/fused/weights.ts';
import { drawToken, likeliest, surprise } from '../../src/nn/transformer/sampling/twin.ts';
import { FAMILIES, type Family } from '../../src/nn/transformer/spec.ts';
import { plainDecoder } from './plain-decoder.ts';
import { optionsOf, SMALL, smallSource, smallWeights, textOf } from './small-decoders.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** Keys in blocks of 8, so that texts of some dozen positions have several. */
const SIZES = { ...defaultSizes, 'activations.fusedKeys': 8 };
/** A workgroup a text, as on GPUs; of few threads, since those of a software adapter wait for each other. */
const SHARED = { 'activations.fusedThreads': 8 };
type Form = 'shared' | 'own';
const shapeOf = (form: Form, of: Partial<FusedShape> = {}): FusedShape => ({
  ...fusedShape(gpu.report, { ...SIZES, ...SHARED }, form === 'shared'),
  ...of,
});

const openWith = (options: DecoderOptions, shape: FusedShape) =>
  openFused(gpu, smallSource(options.spec, smallWeights(options.spec)), options, shape, SIZES);

async function finish(batch: DecoderBatch, most?: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    await batch.advance(1000, most);
    if ((await batch.states()).every(({ done }) => done)) return;
  }
  throw new Error('texts did not end');
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
};

/** Every family as software adapters run it; what differs most in the other form, too. */
const forms: (readonly [Family, Form])[] = [
  ...FAMILIES.map((family) => [family, 'own'] as const),
  ['gpt2', 'shared'],
  ['gemma2', 'shared'],
];

describe.each(forms)('%s, %s', (family, form) => {
  const open = (options: DecoderOptions) => openWith(options, shapeOf(form));
  const spec = SMALL[family];
  const weights = smallWeights(spec);

  it('computes and draws what the plain decoder does', async () => {
    const batch = await open(optionsOf(family));
    await batch.place([0, 1, 2].map((slot) => textOf(family, slot)));
    await finish(batch);
    const states = await batch.states();
    expect(states.map(({ slot }) => slot)).toEqual([0, 1, 2]);
    for (const { slot, drawn, fed, nll } of states) {
      const text = textOf(family, slot);
      const ids = [...Array.from(text.ids), ...drawn];
      expect(drawn).toHaveLength(text.newTokens);
      expect(fed).toBe(ids.length);
      const { logits, rows } = plainDecoder(spec, weights, ids, COMPONENTS);
      // Gaps between the best two are far above what f32 moves.
      for (let i = text.ids.length; i < ids.length; i++) expect(ids[i]).toBe(likeliest(logits[i - 1]));
      const found = await batch.rows(slot);
      // Some dozen f32 sums of terms of size one behind each other, each wrong by 1e-7 or so.
      expect(farthest(found, rows.flat())).toBeLessThan(2e-5);
      expect(
        farthest(
          nll ?? [],
          ids.slice(1).map((id, i) => surprise(logits[i], id)),
        ),
      ).toBeLessThan(2e-5);
      const { counts, sums } = await batch.sums(slot);
      expect(counts).toEqual([text.prompt, ids.length - text.prompt]);
      const size = rows[0].length;
      for (const [window, [from, to]] of text.windows.entries()) {
        // f32 sums over ascending positions of the rows that were kept: to the bit.
        const expected = new Float32Array(size);
        for (let position = from; position < Math.min(to, ids.length); position++)
          for (let k = 0; k < size; k++) expected[k] += found[position * size + k];
        expect(sums.slice(window * size, (window + 1) * size)).toEqual(expected);
      }
    }
    expect(batch.work).toBe(states.reduce((sum, { fed }) => sum + fed, 0));
    batch.close();
  });

  it('gives equal bits for any batch, slot and piece, drawn or given', async () => {
    const sampling = { temperature: 0.9, topK: 20, topP: 0.95 };
    const run = async (
      slots: number,
      place: (text: number) => number,
      most?: number,
      given?: readonly Uint32Array[],
    ) => {
      const batch = await open(optionsOf(family, { slots, sampling }));
      const texts = [0, 1, 2].filter((text) => place(text) < slots);
      await batch.place(
        texts.map((text) => {
          const start = textOf(family, text);
          const response = given?.[text];
          const ids = response ? [...Array.from(start.ids), ...response] : start.ids;
          return { ...start, ids, newTokens: response ? 0 : start.newTokens, slot: place(text) };
        }),
      );
      await finish(batch, most);
      const states = await batch.states();
      const found = await Promise.all(
        texts.map(async (text) => {
          const state = states.find(({ slot }) => slot === place(text));
          return { state, rows: await batch.rows(place(text)), sums: (await batch.sums(place(text))).sums };
        }),
      );
      batch.close();
      return found.map(({ state, rows, sums }) => ({ drawn: state?.drawn, nll: state?.nll, rows, sums }));
    };
    const first = await run(3, (text) => text);
    for (const [i, { drawn, rows }] of first.entries()) {
      const text = textOf(family, i);
      const ids = [...Array.from(text.ids), ...(drawn ?? [])];
      const { logits } = plainDecoder(spec, weights, ids);
      expect(rows.length).toBeGreaterThan(0);
      for (let at = text.ids.length; at < ids.length; at++)
        expect(ids[at]).toBe(drawToken(logits[at - 1], sampling, { seed: text.seed, position: at }));
    }
    expect(await run(1, (text) => text)).toEqual(first.slice(0, 1));
    expect(await run(8, (text) => 7 - 3 * text, 7)).toEqual(first);
    expect(await run(64, (text) => [63, 5, 20][text], 1)).toEqual(first);
    const drawn = first.map((text) => text.drawn ?? new Uint32Array());
    const given = await run(3, (text) => 2 - text, undefined, drawn);
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
    const batch = await open(optionsOf(family, { ends: [1_000_000, end], steering: 'response' }));
    await batch.steer(Float32Array.from({ length: spec.layers * spec.width }, (_, i) => Math.sin(i)));
    await batch.place([textOf(family, 0), textOf(family, 1, { strength: 0.7 })]);
    await finish(batch);
    const [plain, steered] = await batch.states();
    expect(plain.drawn).toEqual(drawn.slice(0, first));
    expect(plain.fed).toBe(textOf(family, 0).ids.length + first);
    const text = textOf(family, 1);
    const ids = [...Array.from(text.ids), ...steered.drawn];
    const { rows } = plainDecoder(spec, weights, ids, COMPONENTS, {
      vectors: Array.from({ length: spec.layers * spec.width }, (_, i) => Math.sin(i)),
      strength: 0.7,
      from: text.prompt,
    });
    expect(farthest(await batch.rows(1), rows.flat())).toBeLessThan(3e-5);
    batch.close();
  });
});

describe('storages', () => {
  it.each(WEIGHT_STORAGES)('%s: near f32 in both forms', async (storage) => {
    const run = async (of: WeightStorage, shape: FusedShape) => {
      const batch = await openWith(optionsOf('llama', { slots: 1, storage: of }), shape);
      await batch.place([textOf('llama', 0, { newTokens: 0 })]);
      await finish(batch);
      const rows = await batch.rows(0);
      batch.close();
      return rows;
    };
    const exact = await run('f32', shapeOf('own'));
    const rows = await run(storage, shapeOf('own'));
    // Sums in another order.
    const shapes = [{}, { outputs: 3 }, ...(storage === 'f16' ? [{ threads: 64, sharing: 16, searchBanks: 4 }] : [])];
    for (const of of shapes) expect(farthest(await run(storage, shapeOf('shared', of)), rows)).toBeLessThan(1e-5);
    // 24, 11, 8 and 7 bits of weights of size one, over two blocks.
    const tolerance = { f32: 1e-5, f16: 0.01, bf16: 0.1, int8: 0.2 }[storage];
    expect(farthest(rows, exact)).toBeLessThan(tolerance);
    if (storage !== 'f32') expect(farthest(rows, exact)).toBeGreaterThan(tolerance / 1000);
  });
});

describe('the kernel', () => {
  it('compiles with Tint and Naga for every family, storage and form', async () => {
    const tint = await openNullContext();
    const variants = FAMILIES.flatMap((family, turn) =>
      (['shared', 'lanes', 'quads'] as const).flatMap((form, by) =>
        [0, 2]
          .map((half) => ((turn + by) % 2) + half)
          .map((at) => {
            const storage = WEIGHT_STORAGES[at];
            const odd = (turn + at) % 2 === 1;
            const options = optionsOf(family, { storage, steering: odd ? 'all' : undefined, scored: odd });
            const own = { rows: 2, block4: 2, quads: form === 'quads' };
            const shape = shapeOf(
              form === 'shared' ? 'shared' : 'own',
              form === 'shared' ? { outputs: 1 + (at % 2) } : { own },
            );
            return { form, label: `${family} ${storage} ${form}`, linked: linkShader(fusedShader(options, shape)) };
          }),
      ),
    );
    for (const { linked } of variants) await tint.compile(linked);
    // wgpu has no subgroup operations here.
    const others = variants.filter(({ form }) => form !== 'quads');
    const outcomes = await compileWithNaga(others.map(({ label, linked }) => ({ label, wgsl: linked.wgsl })));
    expect(outcomes.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });
});

describe('on wgpu', () => {
  it.each([
    ['llama', 'own'],
    ['gemma2', 'shared'],
  ] as const)('%s, %s: draws and sums what the plain decoder does', async (family, form) => {
    const options = optionsOf(family, { slots: 2, capture: { components: COMPONENTS, windows: 2, kept: false } });
    const shape = shapeOf(form, form === 'own' ? { threads: 8, own: { rows: 1, block4: 2, quads: false } } : {});
    const { matrices, vectors } = await fusedWeights(
      smallSource(options.spec, smallWeights(options.spec)),
      options,
      shape,
      1 << 20,
    );
    const { buffers } = planFused(options, shape, SIZES);
    const words = (name: string) => new Uint32Array((buffers.find((each) => each.name === name)?.bytes ?? 4) / 4);
    const texts = words(FUSED.texts);
    const layout = textsLayout(options);
    const starts = [0, 1].map((slot) => textOf(family, slot, { newTokens: 9 }));
    for (const start of starts) {
      texts.set(textWords(start), start.slot * layout.text);
      texts.set(Array.from(start.ids), layout.ids + start.slot * options.context);
    }
    const settings = settingsWords(options);
    settings[4] = options.context;
    const storage: Record<number, Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>> = {
      0: matrices,
      1: vectors,
      2: words(FUSED.cache),
      3: texts,
      4: words(FUSED.sums),
    };
    if (form === 'own') storage[7] = words(FUSED.scratch);
    const found = await runWithNaga({
      wgsl: linkShader(fusedShader(options, shape)).wgsl,
      storage,
      uniforms: { 6: settings },
      workgroups: Math.ceil(options.slots / groupSlots(shape)),
    });
    const left = new Uint32Array(found[3]);
    const sums = new Float32Array(found[4]);
    for (const { slot, ids: prompt, windows } of starts) {
      const at = layout.ids + slot * options.context;
      const ids = [...left.subarray(at, at + prompt.length + 9)];
      const { logits, rows } = plainDecoder(options.spec, smallWeights(options.spec), ids, COMPONENTS);
      for (let i = prompt.length; i < ids.length; i++) expect(ids[i]).toBe(likeliest(logits[i - 1]));
      const size = rows[0].length;
      const expected = windows.flatMap(([from, to]) =>
        Array.from({ length: size }, (_, k) => rows.slice(from, to).reduce((sum, row) => sum + row[k], 0)),
      );
      // Sums of a dozen rows, each as near as above.
      expect(farthest(sums.subarray(slot * 2 * size, (slot + 1) * 2 * size), expected)).toBeLessThan(2e-4);
    }
  });
});

describe('texts', () => {
  it('are refused where they do not fit', async () => {
    const batch = await openWith(optionsOf('llama'), shapeOf('own'));
    const place = (of: Partial<TextStart>) => () => batch.place([textOf('llama', 0, of)]);
    expect(place({ newTokens: 100 })).toThrow(/there is place for 40/);
    expect(place({ ids: [61], prompt: 1 })).toThrow(/id 61 .* vocabulary of 61/);
    expect(place({ slot: 3 })).toThrow(/slot 3/);
    expect(place({ windows: [] })).toThrow(/0 windows instead of 2/);
    batch.close();
  });
});
