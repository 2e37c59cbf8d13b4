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
    group,
    kind: 'chunk',
    unit: 'texts',
    default: 256,
    minimum: 1,
    maximum: 65_536,
    where: 'gpu',
    presets: { software: 16, cpu: 8 },
  },
  {
    key: 'activations.slots',
    group,
    kind: 'chunk',
    unit: 'texts',
    default: 64,
    minimum: 1,
    maximum: 4096,
    where: 'gpu',
    inside: 'activations.chunk',
  },
] as const satisfies readonly BatchEntry[];
