/** One trial a chunk size, of all that were measured. Pure. */
import type { LadderTrial } from './types.ts';

/**
 * Smallest size first. Of several attempts the fastest counts: other programs slow a trial down, nothing speeds it up. A size that failed
 * once has failed; one that was cut only later keeps what it had.
 */
export function settled(trials: readonly LadderTrial[]): LadderTrial[] {
  const sizes = new Map<number, LadderTrial>();
  for (const trial of trials) {
    const before = sizes.get(trial.chunk);
    if (!before || outdoes(trial, before)) sizes.set(trial.chunk, trial);
  }
  return [...sizes.values()].sort((a, b) => a.chunk - b.chunk);
}

function outdoes(trial: LadderTrial, before: LadderTrial): boolean {
  if (before.verdict === 'failed' || trial.verdict === 'failed') return before.verdict !== 'failed';
  return (trial.chunkMs ?? Number.POSITIVE_INFINITY) < (before.chunkMs ?? Number.POSITIVE_INFINITY);
}
