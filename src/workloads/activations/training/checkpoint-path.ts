/** Checkpoints along a training: at which steps, and what they are called. Each is stored as the model is, so the last equals it to the bit. */
import { ConfigError } from '../../workload.ts';

/** A checkpoint of the averaged weights: `model.safetensors` of its step. */
export interface PathCheckpoint {
  readonly step: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** All of them are held until the training is saved. */
const MOST = 1000;

/**
 * The first weights, the last, and others evenly between; none for 0.
 * @param count 0, or two and more
 * @throws ConfigError
 */
export function checkpointSteps(count: number, steps: number): readonly number[] {
  if (count === 0) return [];
  const most = Math.min(MOST, steps + 1);
  if (!Number.isSafeInteger(count) || count < 2 || count > most)
    throw new ConfigError(
      'checkpoints',
      `${count} is none of 0 and 2 to ${most.toLocaleString('en-US')}: the first weights and the last are always among them.`,
    );
  return Array.from({ length: count }, (_, i) => Math.round((i * steps) / (count - 1)));
}

/** The folder beside the model that they lie in. */
export const PATH_FOLDER = 'checkpoints';

const DIGITS = 6;

/** "step-000100.safetensors". */
export const checkpointName = (step: number) => `step-${String(step).padStart(DIGITS, '0')}.safetensors`;

export const isCheckpointName = (name: string) => /^step-\d{6,}\.safetensors$/.test(name);
