/** What a chunk of tables says of itself while it goes on. */
import type { ChunkProgress } from '../workload.ts';
import type { TallyParams } from './experiment.ts';

export function chunkProgress(
  { throws }: TallyParams,
  items: number,
  thrown: number,
  busy: Pick<ChunkProgress, 'busyMs' | 'clock'>,
): ChunkProgress {
  return {
    phase: thrown >= throws ? 'done' : 'sample',
    steps: thrown,
    stepsTotal: throws,
    work: items * thrown,
    ...busy,
  };
}
