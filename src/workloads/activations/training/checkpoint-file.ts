/** A training of a small model that is not over, as a file. */
import * as v from 'valibot';
import { damaged, decodeTraining, encodeTraining } from '../../../nn/training/checkpoint-file.ts';
import { trainedTensors } from '../../../nn/transformer/training/tensors.ts';
import { checkStoryRecipe, specOf } from './recipe.ts';
import type { StoryCheckpoint } from './run.ts';

const FORMAT = 'lockstep-activations-training-1';

const number = v.pipe(v.number(), v.finite());
const ABOUT = v.object({
  recipe: v.unknown(),
  judgements: v.array(v.object({ step: number, nats: number, error: number, texts: number })),
  order: v.object({ normParts: number, gradientParts: number }),
});

export function encodeStoryCheckpoint(checkpoint: StoryCheckpoint): Uint8Array<ArrayBuffer> {
  const { recipe, judgements, order, ...kept } = checkpoint;
  return encodeTraining(FORMAT, { recipe, judgements, order }, kept);
}

/**
 * @param vocabulary tokens of the texts that it is gone on with
 * @throws FileError for a file that is damaged or none of ours; ConfigError for a recipe that cannot be trained
 */
export function decodeStoryCheckpoint(file: string, bytes: Uint8Array, vocabulary: number): StoryCheckpoint {
  const { about, kept } = decodeTraining(file, bytes, FORMAT);
  const found = v.safeParse(ABOUT, about);
  if (!found.success) throw damaged(file);
  const { recipe: written, judgements, order } = found.output;
  const recipe = checkStoryRecipe(written);
  const { size } = trainedTensors(specOf(recipe, vocabulary)).table;
  return { recipe, judgements, order, ...kept(size) };
}
