import type { HistoryEntry } from '../../worker/history/types.ts';

/** Local date and time of a kept run, e.g. "21 Nov 2026, 03:12:47". */
export function when({ startedAt }: Pick<HistoryEntry, 'startedAt'>): string {
  return new Date(startedAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}
