/** What a model that is being trained writes of some beginnings, on the device that trains it. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { decoderShape, openDecoder } from '../../../nn/transformer/decoder.ts';
import type { DecoderSpec } from '../../../nn/transformer/spec.ts';
import { trainedSource } from '../../../nn/transformer/training/trained-weights.ts';
import { written } from '../../language-models/stories/contrast.ts';
import { BEGIN, END, SPECIAL, wordIds } from '../../language-models/stories/tokenizer.ts';

/** Beginnings that are gone on with: one that leaves all open, one that went well, one that did not. */
export const BEGINNINGS = [
  'One day Lily was at the park.',
  'Tom looked for his red ball. It was by the tree.',
  'Mia had a blue kite and ran with it. The wind was strong and the kite broke.',
] as const;

/** Behind a beginning; stories end before. */
const MOST_NEW = 80;

export interface SampleWish {
  readonly spec: DecoderSpec;
  readonly weights: Float32Array;
  readonly vocabulary: Readonly<Record<string, number>>;
  readonly sizes: BatchSizes;
  readonly temperature: number;
  readonly seed: number;
}

/** The beginnings, gone on with to their ends. Throws as `GpuContext` does. */
export async function sampleStories(gpu: GpuContext, wish: SampleWish): Promise<string[]> {
  const { spec, weights, vocabulary, sizes, temperature, seed } = wish;
  const words = Object.keys(vocabulary);
  const prompts = BEGINNINGS.map((text) => [BEGIN, ...wordIds(text, vocabulary)]);
  const longest = Math.max(...prompts.map(({ length }) => length));
  const newTokens = Math.min(MOST_NEW, spec.positions - longest);
  const options = {
    spec,
    storage: 'f32',
    slots: prompts.length,
    context: spec.positions,
    capture: { components: [], windows: 0, kept: false },
    sampling: { temperature, topK: 0, topP: 1 },
    ends: [END],
    scored: false,
  } as const;
  const shape = decoderShape(gpu.report, options, sizes);
  const decoder = await openDecoder(gpu, trainedSource(spec, weights), options, shape, sizes);
  try {
    await decoder.place(
      prompts.map((ids, slot) => ({
        slot,
        ids,
        prompt: ids.length,
        newTokens,
        seed: seed + slot,
        windows: [],
        strength: 0,
      })),
    );
    for (;;) {
      const states = await decoder.states();
      if (states.every(({ done }) => done))
        return states.map(({ slot, drawn }) => textOf([...prompts[slot], ...drawn], words));
      await decoder.advance(100);
    }
  } finally {
    decoder.close();
  }
}

/** Words as they are written, without tokens that are none. */
const textOf = (ids: readonly number[], words: readonly string[]) =>
  written(
    ids
      .filter((id) => id >= SPECIAL.length)
      .map((id) => words[id])
      .join(' '),
  );
