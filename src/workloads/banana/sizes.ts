/** Chunk and dispatch sizes of the experiment, for the batch table. */
import type { BatchEntry } from '../../batch/entry.ts';

export const bananaSizes = [
  {
    key: 'banana.chunk',
    group: 'Banana',
    kind: 'chunk',
    unit: 'posteriors',
    default: 1024,
    minimum: 1,
    maximum: 65_536,
    where: 'gpu',
    presets: { software: 64, cpu: 16 },
  },
  {
    key: 'banana.threads',
    group: 'Banana',
    kind: 'chunk',
    unit: 'threads',
    default: 64,
    minimum: 1,
    maximum: 256,
    where: 'gpu',
  },
  {
    key: 'banana.transitionsPerDispatch',
    group: 'Banana',
    kind: 'chunk',
    unit: 'transitions',
    default: 64,
    minimum: 1,
    maximum: 4096,
    where: 'gpu',
  },
] as const satisfies readonly BatchEntry[];
