/** Sizes of the cells experiment's chunks, kernels and training, for the batch table. */
import type { BatchEntry } from '../../batch/entry.ts';

export const cellsSizes = [
  {
    key: 'cells.chunk',
    label: 'Cells in a chunk',
    group: 'Cells',
    kind: 'chunk',
    unit: 'cells',
    default: 64,
    minimum: 1,
    maximum: 65_536,
    changes: 'How many cells are sampled in lock-step as one job.',
    memory: 'Activations of every gene of every cell in the chunk, and their tokens.',
    where: 'gpu',
    presets: { software: 8, cpu: 4 },
  },
] as const satisfies readonly BatchEntry[];
