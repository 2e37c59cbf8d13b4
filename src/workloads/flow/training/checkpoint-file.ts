/** A training that is not over, as a safetensors file: weights, moments, moving average, and what its next steps hang on. */
import { FileError } from '../../../bundle/file-error.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../bundle/safetensors.ts';
import { mlpLayout } from '../../../nn/mlp.ts';
import { checkRecipe } from './check-recipe.ts';
import type { TrainingCheckpoint } from './run.ts';
import { taskShape, velocityInputs } from './setup.ts';

const FORMAT = 'lockstep-training-1';
/** In the order of `TrainerState.optimiser`. */
const PARTS = ['weights', 'first_moment', 'second_moment', 'average'] as const;
const AGAIN = 'Begin the training anew.';

export function encodeCheckpoint({ state, ...rest }: TrainingCheckpoint): Uint8Array<ArrayBuffer> {
  const { optimiser, ...counters } = state;
  const size = optimiser.length / PARTS.length;
  const tensors = new Map(
    PARTS.map((name, i) => [name, { shape: [size], data: optimiser.slice(i * size, (i + 1) * size) }] as const),
  );
  return encodeSafetensors({
    tensors,
    metadata: { format: FORMAT, training: JSON.stringify({ ...rest, ...counters }) },
  });
}

/** @throws FileError for a file that is damaged or none of ours; ConfigError for a recipe that cannot be trained */
export function decodeCheckpoint(file: string, bytes: Uint8Array): TrainingCheckpoint {
  const { metadata, tensors } = decodeSafetensors(file, bytes);
  if (metadata.format !== FORMAT) throw new FileError(file, 'it is no checkpoint of a training', AGAIN);
  const { step, skipped, lossScale, since, ...rest } = trainingOf(file, metadata.training);
  const task = checkRecipe(rest.recipe);
  const { width, depth, activation } = rest.recipe;
  const inputs = velocityInputs(taskShape(task));
  const { size } = mlpLayout({ inputs, outputs: task.thetaDim, width, depth, activation });
  const optimiser = new Float32Array(PARTS.length * size);
  PARTS.forEach((name, i) => {
    const data = tensors.get(name)?.data;
    if (data?.length !== size)
      throw new FileError(file, `${name} has ${data?.length ?? 0} numbers, where ${size} are expected`, AGAIN);
    optimiser.set(data, i * size);
  });
  return { ...rest, state: { step, skipped, lossScale, since, optimiser } };
}

type Counters = Omit<TrainingCheckpoint['state'], 'optimiser'>;

function trainingOf(file: string, text: string | undefined): Omit<TrainingCheckpoint, 'state'> & Counters {
  try {
    const value = JSON.parse(text ?? '') as Omit<TrainingCheckpoint, 'state'> & Counters;
    const { recipe, scaling, normParts, elapsedMs, step, skipped, lossScale, since } = value;
    const numbers = [normParts, elapsedMs, step, skipped, lossScale, since, ...scaling.mean, ...scaling.sd];
    if (recipe.optimiser && numbers.every(Number.isFinite)) return value;
  } catch {
    // Said below.
  }
  throw new FileError(file, 'its metadata entry "training" is missing or damaged', AGAIN);
}
