/** A training that is not over, as a safetensors file: weights, moments, moving average, and what its next steps hang on. */
import { FileError } from '../../bundle/file-error.ts';
import { decodeSafetensors, encodeSafetensors, metadataObject } from '../../bundle/safetensors.ts';
import { OPTIMISER_PARTS } from '../optimiser/kernels.ts';
import type { KeptTraining } from './loop.ts';

/** In the order of `TrainerState.optimiser`. */
const PARTS = ['weights', 'first_moment', 'second_moment', 'average'] as const;
const AGAIN = 'Begin the training anew.';

/**
 * @param about what the experiment needs to build the same training again; kept as JSON beside the counters
 * @param more further vectors of the experiment's own, by name
 */
export function encodeTraining(
  format: string,
  about: Readonly<Record<string, unknown>>,
  { state, elapsedMs }: KeptTraining,
  more: Readonly<Record<string, Float32Array<ArrayBuffer>>> = {},
): Uint8Array<ArrayBuffer> {
  const { optimiser, ...counters } = state;
  const size = optimiser.length / OPTIMISER_PARTS;
  const tensors = new Map([
    ...PARTS.map((name, i) => [name, { shape: [size], data: optimiser.slice(i * size, (i + 1) * size) }] as const),
    ...Object.entries(more).map(([name, data]) => [name, { shape: [data.length], data }] as const),
  ]);
  return encodeSafetensors({
    tensors,
    metadata: { format, training: JSON.stringify({ ...about, elapsedMs, ...counters }) },
  });
}

/** A file read back; what it says of the experiment is for the experiment to judge. */
export interface TrainingFile {
  readonly about: Readonly<Record<string, unknown>>;
  /** A vector of the experiment's own; undefined where there is none. @throws FileError unless it has that size */
  more(name: string, size: number): Float32Array<ArrayBuffer> | undefined;
  /** What to go on from. @throws FileError unless the flat vector has that size */
  kept(size: number): KeptTraining;
}

/** @throws FileError for a file that is damaged or of another format */
export function decodeTraining(file: string, bytes: Uint8Array, format: string): TrainingFile {
  const { metadata, tensors } = decodeSafetensors(file, bytes);
  if (metadata.format !== format) throw new FileError(file, 'it is no checkpoint of a training', AGAIN);
  const { elapsedMs, step, skipped, lossScale, since, ...about } = metadataObject(file, metadata, 'training', AGAIN);
  const numbers = { elapsedMs, step, skipped, lossScale, since };
  if (!Object.values(numbers).every(Number.isFinite)) throw damaged(file);
  const vector = (name: string, size: number) => {
    const data = tensors.get(name)?.data;
    if (data?.length === size) return data;
    throw new FileError(file, `${name} has ${data?.length ?? 0} numbers, where ${size} are expected`, AGAIN);
  };
  return {
    about,
    more: (name, size) => (tensors.has(name) ? vector(name, size) : undefined),
    kept(size) {
      const optimiser = new Float32Array(PARTS.length * size);
      PARTS.forEach((name, i) => {
        optimiser.set(vector(name, size), i * size);
      });
      const { elapsedMs, ...counters } = numbers as Record<keyof typeof numbers, number>;
      return { elapsedMs, state: { ...counters, optimiser } };
    },
  };
}

/** What an experiment throws where its own part is not as it writes it. */
export function damaged(file: string): FileError {
  return new FileError(file, 'its metadata entry "training" is missing or damaged', AGAIN);
}
