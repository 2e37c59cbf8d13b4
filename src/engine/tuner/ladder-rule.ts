/** Which chunk sizes the ladder tries, which of them again, and when it has seen enough. Pure. */
import { settled } from './settled.ts';
import type { LadderTrial } from './types.ts';

/** A rung that is not this much faster than the best before it has brought nothing. */
const WORTHWHILE_GAIN = 0.02;
/** So many rungs in a row that brought nothing end the ladder: a single one may be noise. */
const PATIENCE = 2;
/** Below this size the ladder does not end for want of growth: it is cheap to see, and early figures are the noisiest. */
const ALWAYS_TRIED = 8;
/** Steps of equal work on a machine left alone stay well within it. */
const QUIET_SPREAD = 1.5;
const MAX_ATTEMPTS = 2;

/** 1, 2, 4, … up to `largest`, which closes the list whatever it is. */
export function rungs(largest: number): number[] {
  const list: number[] = [];
  for (let chunk = 1; chunk < largest; chunk *= 2) list.push(chunk);
  return largest >= 1 ? [...list, largest] : [];
}

/** Why the ladder ends after these trials, in words; undefined while it goes on. */
export function ladderEnd(trials: readonly LadderTrial[]): string | undefined {
  const last = settled(trials).at(-1);
  if (last && last.verdict !== 'measured') {
    return last.verdict === 'failed'
      ? `${last.chunk} failed; larger chunks would, too.`
      : `${last.chunk} took longer than a trial may; larger chunks would, too.`;
  }
  return last && last.chunk >= ALWAYS_TRIED && idleRungs(trials).length >= PATIENCE
    ? `Throughput has stopped growing: the last ${PATIENCE} sizes were not ${100 * WORTHWHILE_GAIN} % faster than the best before them.`
    : undefined;
}

/**
 * Sizes to be measured once more before the ladder ends: those whose steps scattered, and, where throughput seems to have stopped growing,
 * those that say so.
 */
export function doubtful(trials: readonly LadderTrial[]): number[] {
  const idle = idleRungs(trials);
  const stopped = idle.length >= PATIENCE ? idle : [];
  return settled(trials)
    .filter(({ chunk, verdict, spread }) => {
      const attempts = trials.filter((trial) => trial.chunk === chunk).length;
      const doubt = (spread ?? 1) > QUIET_SPREAD || stopped.includes(chunk);
      return verdict === 'measured' && attempts < MAX_ATTEMPTS && doubt;
    })
    .map(({ chunk }) => chunk);
}

/** The sizes at the end of the ladder that brought nothing. */
function idleRungs(trials: readonly LadderTrial[]): number[] {
  let best = 0;
  let idle: number[] = [];
  for (const { chunk, itemsPerSecond } of settled(trials)) {
    if (itemsPerSecond === null) continue;
    idle = itemsPerSecond >= best * (1 + WORTHWHILE_GAIN) ? [] : [...idle, chunk];
    best = Math.max(best, itemsPerSecond);
  }
  return idle;
}
