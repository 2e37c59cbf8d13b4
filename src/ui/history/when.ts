import type { HistoryEntry } from '../../worker/history/types.ts';

/** Local date and time of a kept run, e.g. "21 Nov 2026, 03:12:47". */
export function when({ startedAt }: Pick<HistoryEntry, 'startedAt'>): string {
  return new Date(startedAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** "3 minutes ago", "just now". @param at milliseconds since 1970 */
export function ago(at: number, now = Date.now()): string {
  for (const [unit, ms] of UNITS) {
    if (now - at >= ms) return new Intl.RelativeTimeFormat('en').format(-Math.floor((now - at) / ms), unit);
  }
  return 'just now';
}
