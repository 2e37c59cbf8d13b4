/** Chunk and dispatch sizes of the experiment, for the batch table. */
import type { BatchEntry } from '../../batch/entry.ts';

export const tallySizes = [
  {
    key: 'tally.chunk',
    group: 'Tally',
    kind: 'chunk',
    unit: 'tables',
    default: 4096,
    minimum: 1,
    maximum: 65_536,
    where: 'gpu',
    presets: { software: 64, cpu: 16 },
  },
  {
    key: 'tally.threads',
    group: 'Tally',
    kind: 'chunk',
    unit: 'threads',
    default: 64,
    minimum: 1,
    maximum: 256,
    where: 'gpu',
  },
  {
    key: 'tally.throwsPerDispatch',
    group: 'Tally',
    kind: 'chunk',
    unit: 'throws',
    default: 4096,
    minimum: 1,
    maximum: 1_048_576,
    where: 'gpu',
  },
] as const satisfies readonly BatchEntry[];
