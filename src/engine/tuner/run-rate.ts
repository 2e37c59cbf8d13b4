/** What chunk times mean for a run: its last chunk may be shorter, and a short chunk is slower an item. Pure. */
import type { LadderTrial } from './types.ts';

type Measured = Pick<LadderTrial, 'chunk' | 'chunkMs'>;

/**
 * Items per second of a run of `items` in chunks of a measured size. The time of the shorter last chunk lies on the straight line between
 * the measured sizes around it; without a smaller one it is taken to be as long as the smallest measured.
 */
export function runRate(ladder: readonly Measured[], items: number, chunk: number): number {
  const size = Math.min(chunk, items);
  const rest = items % size;
  const ms = Math.floor(items / size) * chunkMs(ladder, size) + (rest > 0 ? chunkMs(ladder, rest) : 0);
  return (1000 * items) / ms;
}

function chunkMs(ladder: readonly Measured[], chunk: number): number {
  const measured = ladder
    .flatMap((trial) => (trial.chunkMs === null ? [] : [[trial.chunk, trial.chunkMs] as const]))
    .sort(([a], [b]) => a - b);
  const above = measured.find(([size]) => size >= chunk) ?? measured[measured.length - 1];
  const below = measured.findLast(([size]) => size <= chunk) ?? above;
  if (above[0] === below[0]) return above[1];
  return below[1] + ((above[1] - below[1]) * (chunk - below[0])) / (above[0] - below[0]);
}
