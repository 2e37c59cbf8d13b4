/** What a chunk of bananas says of itself while it goes on. */
import type { ChainsLook } from '../../results/posterior/chains-look.ts';
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
  { item, step, ...look }: Pick<Peek, 'item' | 'step'> & Pick<ChainsLook, 'chain' | 'positions'>,
): Peek<ChainsLook> {
  return { item, step, own: { ...look, warmup: step < warmup, acceptance: Number.NaN, stepSize } };
}
