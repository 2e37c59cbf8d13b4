/** Sizes of the activations experiment, for the batch table. */
import type { BatchEntry } from '../../batch/entry.ts';
import { activationsDecoderSizes } from './decoder-sizes.ts';
import { activationsFusedSizes } from './fused-sizes.ts';
import { activationsTrainingSizes } from './training-sizes.ts';

const group = 'Activations';

export const activationsSizes = [
  ...activationsDecoderSizes,
  ...activationsFusedSizes,
  ...activationsTrainingSizes,
  {
    key: 'activations.chunk',
    label: 'Texts in a chunk',
    group,
    kind: 'chunk',
    unit: 'texts',
    default: 256,
    minimum: 1,
    maximum: 65_536,
    changes: 'How many texts are one job: those that are done make room for the next of them.',
    memory: 'Of those side by side: keys, values and sums of each.',
    where: 'gpu',
    presets: { software: 16, cpu: 8 },
  },
  {
    key: 'activations.slots',
    label: 'Texts side by side',
    group,
    kind: 'chunk',
    unit: 'texts',
    default: 64,
    minimum: 1,
    maximum: 4096,
    changes: 'How many texts of a chunk go on at once, at most the chunk itself.',
    memory: 'Keys and values of every position, and sums of activations, of each.',
    where: 'gpu',
    inside: 'activations.chunk',
  },
] as const satisfies readonly BatchEntry[];
