import { expect, test } from 'vitest';
import { beyondLimits } from './limits.ts';
import { listRuns } from './read.ts';
import type { HistoryEntry } from './types.ts';

test('the oldest runs make room, in number and in bytes, the newest never', () => {
  const entries = [5, 4, 3, 2, 1].map((n) => ({ id: `${n}`, bytes: 10 * n }) as HistoryEntry);
  const ids = (maxRuns: number, maxBytes: number) => beyondLimits(entries, maxRuns, maxBytes).map(({ id }) => id);
  expect(ids(5, 150)).toEqual([]);
  expect(ids(3, 150)).toEqual(['2', '1']);
  expect(ids(5, 95)).toEqual(['3', '2', '1']);
  expect(ids(5, 20)).toEqual(['4', '3', '2', '1']);
});

test('where there is no private storage the list says so', async () => {
  const { unavailable, entries } = await listRuns();
  expect(unavailable).toContain('runs are not kept');
  expect(entries).toEqual([]);
});
