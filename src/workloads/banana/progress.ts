/** What a chunk of bananas says of itself while it goes on. */
import type { ChunkProgress, Peek } from '../workload.ts';
import type { BananaParams } from './experiment.ts';

export function chunkProgress(
  { chains, warmup, draws, leapfrogs }: BananaParams,
  items: number,
  transition: number,
  busy: Pick<ChunkProgress, 'busyMs' | 'clock'>,
): ChunkProgress {
  const total = warmup + draws;
  return {
    phase: transition >= total ? 'done' : transition < warmup ? 'warmup' : 'sample',
    steps: transition,
    stepsTotal: total,
    work: items * chains * transition * (leapfrogs + 1),
    ...busy,
  };
}

export function peekOf(
  { warmup, stepSize }: BananaParams,
  look: Pick<Peek, 'item' | 'chain' | 'positions' | 'step'>,
): Peek {
  return { ...look, warmup: look.step < warmup, acceptance: Number.NaN, stepSize };
}
