/** What chunk times mean for a run: its last chunk may be shorter, and a short chunk is slower an item. Pure. */
import { settled } from './settled.ts';
import type { LadderTrial } from './types.ts';

/**
 * Items per second of a run of `items` in chunks of a measured size. The time of the shorter last chunk lies on the straight line between
 * the measured sizes around it; without a smaller one it is taken to be as long as the smallest measured.
 */
export function runRate(ladder: readonly LadderTrial[], items: number, chunk: number): number {
  const size = Math.min(chunk, items);
  const rest = items % size;
  const sizes = settled(ladder);
  const ms = Math.floor(items / size) * chunkMs(sizes, size) + (rest > 0 ? chunkMs(sizes, rest) : 0);
  return (1000 * items) / ms;
}

/** The same for one attempt at a size, whether or not another attempt was faster: 0 where it has no time. */
export function attemptRate(trial: LadderTrial, ladder: readonly LadderTrial[], items: number): number {
  if (trial.chunkMs === null) return 0;
  return runRate([...ladder.filter(({ chunk }) => chunk !== trial.chunk), trial], items, trial.chunk);
}

function chunkMs(sizes: readonly LadderTrial[], chunk: number): number {
  const measured = sizes.flatMap((trial) => (trial.chunkMs === null ? [] : [[trial.chunk, trial.chunkMs] as const]));
  const above = measured.find(([size]) => size >= chunk) ?? measured[measured.length - 1];
  const below = measured.findLast(([size]) => size <= chunk) ?? above;
  if (above[0] === below[0]) return above[1];
  return below[1] + ((above[1] - below[1]) * (chunk - below[0])) / (above[0] - below[0]);
}
