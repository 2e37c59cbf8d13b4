/** A training of a velocity network that is not over, as a file. */
import { mlpLayout } from '../../../nn/mlp.ts';
import { damaged, decodeTraining, encodeTraining } from '../../../nn/training/checkpoint-file.ts';
import { checkRecipe } from './check-recipe.ts';
import type { TrainingCheckpoint } from './run.ts';
import { taskShape, velocityInputs } from './setup.ts';

const FORMAT = 'lockstep-training-1';

type About = Pick<TrainingCheckpoint, 'recipe' | 'scaling' | 'normParts'>;

export function encodeCheckpoint({ recipe, scaling, normParts, ...kept }: TrainingCheckpoint): Uint8Array<ArrayBuffer> {
  return encodeTraining(FORMAT, { recipe, scaling, normParts }, kept);
}

/** @throws FileError for a file that is damaged or none of ours; ConfigError for a recipe that cannot be trained */
export function decodeCheckpoint(file: string, bytes: Uint8Array): TrainingCheckpoint {
  const { about: written, kept } = decodeTraining(file, bytes, FORMAT);
  if (!isWhole(written)) throw damaged(file);
  // Trainings that began before there were shoulders go on without.
  const about = { ...written, recipe: { ...written.recipe, shoulder: written.recipe.shoulder ?? 0 } };
  const task = checkRecipe(about.recipe);
  const { width, depth, activation } = about.recipe;
  const inputs = velocityInputs(taskShape(task));
  const { size } = mlpLayout({ inputs, outputs: task.thetaDim, width, depth, activation });
  return { ...about, ...kept(size) };
}

function isWhole(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, unknown>> & About {
  const { recipe, scaling, normParts } = value as Partial<About>;
  const list = (values: unknown): readonly unknown[] => (Array.isArray(values) ? values : [values]);
  const numbers = [normParts, ...list(scaling?.mean), ...list(scaling?.sd)];
  return recipe?.optimiser !== undefined && numbers.every(Number.isFinite);
}
