/** Which chunk sizes the ladder tries, and when it has seen enough. Pure. */
import type { LadderTrial } from './types.ts';

/** A rung that is not this much faster than the best before it has brought nothing. */
const WORTHWHILE_GAIN = 0.02;
/** So many rungs in a row that brought nothing end the ladder: a single one may be noise. */
const PATIENCE = 2;

/** Steps of equal work on a machine left alone stay well within it. */
const QUIET_SPREAD = 2;

/** True when in at least half of the rungs the slowest step took more than twice the time of the fastest. Pure. */
export function isDisturbed(trials: readonly LadderTrial[]): boolean {
  const spreads = trials.flatMap(({ spread }) => (spread === null ? [] : [spread]));
  return spreads.length > 0 && 2 * spreads.filter((spread) => spread > QUIET_SPREAD).length >= spreads.length;
}

/** 1, 2, 4, … up to `largest`, which closes the list whatever it is. */
export function rungs(largest: number): number[] {
  const list: number[] = [];
  for (let chunk = 1; chunk < largest; chunk *= 2) list.push(chunk);
  return largest >= 1 ? [...list, largest] : [];
}

/** Why the ladder ends after these trials, in words; undefined while it goes on. */
export function ladderEnd(trials: readonly LadderTrial[]): string | undefined {
  const last = trials.at(-1);
  if (last && last.verdict !== 'measured') {
    return last.verdict === 'failed'
      ? `${last.chunk} failed; larger chunks would, too.`
      : `${last.chunk} took longer than a trial may; larger chunks would, too.`;
  }
  let best = 0;
  let idle = 0;
  for (const { itemsPerSecond } of trials) {
    if (itemsPerSecond === null) continue;
    idle = itemsPerSecond >= best * (1 + WORTHWHILE_GAIN) ? 0 : idle + 1;
    best = Math.max(best, itemsPerSecond);
  }
  return idle >= PATIENCE
    ? `Throughput has stopped growing: the last ${PATIENCE} sizes were not ${100 * WORTHWHILE_GAIN} % faster than the best before them.`
    : undefined;
}
