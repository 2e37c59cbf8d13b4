/** Sizes of the activations experiment, for the batch table. */
import type { BatchEntry } from '../../batch/entry.ts';
import { activationsDecoderSizes } from './decoder-sizes.ts';
import { activationsFusedSizes } from './fused-sizes.ts';
import { activationsTrainingSizes } from './training-sizes.ts';

export const activationsSizes = [
  ...activationsDecoderSizes,
  ...activationsFusedSizes,
  ...activationsTrainingSizes,
] as const satisfies readonly BatchEntry[];
