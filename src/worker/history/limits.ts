/** How much the history may hold. */
import type { HistoryEntry } from './types.ts';

/** Runs kept; the oldest makes room. */
export const MAX_RUNS = 20;
/** Together; browsers grant a page far more, and ask or evict beyond what they find decent. */
export const MAX_BYTES = 1024 ** 3;

/** A run larger than the whole history may be. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** Entries that must go so that the rest is within both limits: the oldest, never the newest. */
export function beyondLimits(
  newestFirst: readonly HistoryEntry[],
  maxRuns = MAX_RUNS,
  maxBytes = MAX_BYTES,
): HistoryEntry[] {
  let bytes = 0;
  const firstOut = newestFirst.findIndex((entry, at) => {
    bytes += entry.bytes;
    return at > 0 && (at >= maxRuns || bytes > maxBytes);
  });
  return firstOut < 0 ? [] : newestFirst.slice(firstOut);
}
