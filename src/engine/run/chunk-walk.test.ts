/** What of items under way is kept, and given back where they begin again. */
import { expect, test } from 'vitest';
import type { SavedItem, Session } from '../../workloads/workload.ts';
import { ChunkWalk, type WalkListener } from './chunk-walk.ts';
import { Gate } from './gate.ts';
import { SavedItems } from './saved-items.ts';

/** Counts up to `steps`, an advance a step; each takes a second. */
function counting(steps: number, clock: { ms: number }): Session & { at: number } {
  return {
    at: 0,
    async start(_items, saved = []) {
      this.at = (saved[0]?.state as number | undefined) ?? 0;
    },
    async advance() {
      clock.ms += 1000;
      this.at++;
      const phase = this.at === steps ? 'done' : 'sample';
      return { phase, steps: this.at, stepsTotal: steps, work: 1, busyMs: 1, clock: 'wall' };
    },
    async saved() {
      return [{ index: 7, state: this.at }];
    },
    peek: async () => undefined,
    collect: async () => [],
    close() {},
  };
}

function walkOf(clock: { ms: number }, saved: SavedItem[][], gate = new Gate(false)) {
  const listener: WalkListener = {
    held() {},
    stepping() {},
    going() {},
    advanced: ({ steps }) => {
      if (steps === 6) gate.stop();
    },
    saved: (items) => saved.push([...items]),
  };
  return new ChunkWalk(gate, listener, () => clock.ms, false);
}

test('a chunk says now and then what is worth keeping, and once more when it is stopped; it goes on from that', async () => {
  const clock = { ms: 0 };
  const told: SavedItem[][] = [];
  expect(await walkOf(clock, told).run(counting(9, clock), [7])).toBe(false);
  expect(told.map(([{ state }]) => state)).toEqual([2, 4, 6, 6]);
  const again: SavedItem[][] = [];
  const session = counting(9, clock);
  expect(await walkOf(clock, again).run(session, [7], told.at(-1))).toBe(true);
  expect(again.map(([{ state }]) => state)).toEqual([8]);
  expect(clock.ms).toBe(9000);
});

test('a session that keeps nothing is not asked', async () => {
  const clock = { ms: 0 };
  const { saved: _, ...session } = counting(3, clock);
  const told: SavedItem[][] = [];
  expect(await walkOf(clock, told).run(session as Session, [7])).toBe(true);
  expect(told).toEqual([]);
});

test('what is kept of items is the latest, until they are over', () => {
  const told: (readonly SavedItem[])[] = [];
  const kept = new SavedItems([{ index: 1, state: 'a' }], (items) => told.push(items));
  kept.keep([
    { index: 1, state: 'b' },
    { index: 2, state: 'c' },
  ]);
  expect(kept.of([2, 3, 1])).toEqual([
    { index: 2, state: 'c' },
    { index: 1, state: 'b' },
  ]);
  kept.forget([1]);
  kept.keep([]);
  expect(told.at(-1)).toEqual([{ index: 2, state: 'c' }]);
});
