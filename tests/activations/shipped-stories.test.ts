/** The model that ships: its files follow from the grammar, it knows stories that it has not seen, and training and generation agree on it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import { filesOnDisk } from '../../src/cli/shipped-files.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { DecoderBatch } from '../../src/nn/transformer/batch.ts';
import { decoderShape, openDecoder } from '../../src/nn/transformer/decoder.ts';
import { openHostDecoder } from '../../src/nn/transformer/host/open.ts';
import { trainedTensors } from '../../src/nn/transformer/training/tensors.ts';
import { decoderGradient, type Parameters } from '../../src/nn/transformer/training/twin.ts';
import type { WeightSource } from '../../src/nn/transformer/weights.ts';
import { baselines, type Corpus, predicted, storyCorpus } from '../../src/workloads/activations/training/corpus.ts';
import { derivedFiles } from '../../src/workloads/activations/training/folder.ts';
import { DEFAULT_RECIPE, specOf } from '../../src/workloads/activations/training/recipe.ts';
import { shippedModel } from '../../src/workloads/language-models/shipped-model.ts';
import { setShippedFiles } from '../../src/workloads/shipped-files.ts';

const root = new URL('../../public/', import.meta.url);
let gpu: GpuContext;
let corpus: Corpus;
beforeAll(async () => {
  setShippedFiles(filesOnDisk(root));
  corpus = storyCorpus(DEFAULT_RECIPE);
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** Matrices [in][out], as they are trained. */
async function parametersOf(source: WeightSource): Promise<Parameters> {
  const rows = new Map<string, number[]>();
  for await (const { tensor, values } of source.pieces(1 << 20))
    rows.set(tensor.name, [...(rows.get(tensor.name) ?? []), ...values]);
  return new Map(
    trainedTensors(source.spec).tensors.map(({ name, kind, shape, parts }) => {
      if (kind !== 'matrix') return [name, Float64Array.from(rows.get(parts[0].name)!)];
      const values = new Float64Array(shape[0] * shape[1]);
      for (const { name: part, from, columns } of parts)
        for (let column = 0; column < columns; column++)
          for (let row = 0; row < shape[0]; row++)
            values[row * shape[1] + from + column] = rows.get(part)![column * shape[0] + row];
      return [name, values];
    }),
  );
}

test('tokenizer and configuration are those of the grammar and the recipe, to the byte', () => {
  const spec = specOf(DEFAULT_RECIPE, Object.keys(corpus.vocabulary).length);
  for (const [name, bytes] of derivedFiles(spec, corpus.vocabulary))
    expect(readFileSync(new URL(`models/stories/${name}`, root)).equals(bytes), name).toBe(true);
});

test('stories that it has not seen are known better than by words before, and generation scores them as training does', async () => {
  const { source, ends } = await shippedModel();
  const texts = corpus.heldOut.slice(0, 24);
  const options = {
    spec: source.spec,
    storage: 'f32',
    slots: texts.length,
    context: 128,
    capture: { components: [], windows: 0, kept: false },
    sampling: { temperature: 0, topK: 0, topP: 1 },
    ends,
    scored: true,
  } as const;
  const natsBy = async (decoder: DecoderBatch) => {
    try {
      await decoder.place(
        texts.map((ids, slot) => ({ slot, ids, prompt: 1, newTokens: 0, seed: 1, windows: [], strength: 0 })),
      );
      while (!(await decoder.states()).every(({ done }) => done)) await decoder.advance(100);
      return (await decoder.states()).map(({ nll }) => nll!.reduce((sum, each) => sum + each, 0));
    } finally {
      decoder.close();
    }
  };
  const shape = decoderShape(gpu.report, options, defaultSizes);
  const nats = await natsBy(await openDecoder(gpu, source, options, shape, defaultSizes));
  const exact = await natsBy(await openHostDecoder(source, options, 'f64'));
  const parameters = await parametersOf(source);
  for (const [i, ids] of texts.slice(0, 4).entries()) {
    const [tokens, targets] = [ids.subarray(0, -1), ids.subarray(1)];
    const weights = new Float64Array(tokens.length).fill(1);
    const { loss } = decoderGradient(source.spec, parameters, { batch: 1, tokens, targets, weights });
    // f32 against f64 over some fifty tokens; the other twin hands its f64 out in f32.
    expect(Math.abs(nats[i] - loss)).toBeLessThan(1e-4);
    expect(Math.abs(exact[i] - loss)).toBeLessThan(2e-5);
  }
  const mean = nats.reduce((sum, each) => sum + each, 0) / predicted(texts);
  expect(mean).toBeLessThan(baselines(corpus).bigram / 3);
  // 24 texts of 45 tokens, whose means differ by .1.
  expect(Math.abs(mean - corpus.entropy!)).toBeLessThan(0.12);
});
