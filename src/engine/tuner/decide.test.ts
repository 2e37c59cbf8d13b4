/** The parts of the tuner that are pure: against probes and ladders whose answer is known. */
import { describe, expect, test } from 'vitest';
import type { BufferPlan } from '../../gpu/plan.ts';
import { ageInWords } from './age.ts';
import { chunkCaps, SEARCH_LIMIT } from './caps.ts';
import { chooseBatch, stepDown, tuningSentence } from './choose.ts';
import { findDisturbances } from './disturbance.ts';
import { doubtful, ladderEnd, rungs } from './ladder-rule.ts';
import { runRate } from './run-rate.ts';
import { searchLargest } from './search.ts';
import { settled } from './settled.ts';
import { ladderOf, resultOf } from './test-support/results.ts';

const MIB = 1024 ** 2;

/** 1 MiB of storage an item and 64 bytes of constants. */
const planFor = (chunk: number): BufferPlan => ({
  chunk,
  buffers: [
    { name: 'draws', bytes: chunk * MIB, role: 'storage', bytesPerItem: MIB, formula: '' },
    { name: 'constants', bytes: 64, role: 'uniform', bytesPerItem: 0, formula: '' },
  ],
});
const shape = { workgroupsPerItem: 1 / 2, record: {} };
const roomy = {
  maxStorageBufferBindingSize: 4096 * MIB,
  maxUniformBufferBindingSize: 65_536,
  maxBufferSize: 4096 * MIB,
  maxComputeWorkgroupsPerDimension: 65_535,
};
const capsOf = (items: number, budgetBytes: number, limits: Partial<typeof roomy> = {}) =>
  chunkCaps({
    planFor,
    shape,
    items,
    budgetBytes,
    limits: { ...roomy, ...limits },
    itemName: { many: 'galaxies' },
  });

test.each([
  ['items', 12, capsOf(12, 1024 * MIB)],
  ['budget', 100, capsOf(5000, 100 * MIB + 64)],
  ['budget', 99, capsOf(5000, 100 * MIB + 63)],
  ['binding', 128, capsOf(5000, 1024 * MIB, { maxStorageBufferBindingSize: 128 * MIB })],
  ['buffer', 256, capsOf(5000, 1024 * MIB, { maxBufferSize: 256 * MIB })],
  // Nine groups in a 3 × 3 grid, two items each.
  ['workgroups', 18, capsOf(5000, 1024 * MIB, { maxComputeWorkgroupsPerDimension: 3 })],
  ['budget', 0, capsOf(12, MIB)],
] as const)('the cap that binds is named: %s, %i items', (binding, largest, report) => {
  expect(report).toMatchObject({ binding, largest });
  expect(report.caps.find(({ name }) => name === binding)?.chunk).toBe(largest);
});

test('a cap beyond the search limit stands at it', () => {
  const { caps } = capsOf(12, Number.POSITIVE_INFINITY, { maxBufferSize: Number.MAX_SAFE_INTEGER });
  expect(caps.find(({ name }) => name === 'budget')?.chunk).toBe(SEARCH_LIMIT);
});

test('the search doubles, bisects to 6 % of what failed, asks nothing twice and never asks beyond the limit', async () => {
  for (let limit = 0; limit <= 70; limit++) {
    for (let room = 0; room <= 70; room++) {
      const asked: number[] = [];
      const found = await searchLargest(limit, async (size) => {
        asked.push(size);
        return size <= room;
      });
      expect(new Set(asked).size).toBe(asked.length);
      expect(Math.max(0, ...asked)).toBeLessThanOrEqual(limit);
      const truth = Math.min(limit, room);
      expect(found).toBeLessThanOrEqual(truth);
      expect(truth - found, `limit ${limit}, room ${room}`).toBeLessThanOrEqual(room < limit ? 0.06 * (room + 4) : 0);
    }
  }
});

test('the search takes the logarithm of the size in attempts', async () => {
  let attempts = 0;
  const found = await searchLargest(1_000_000, async (size) => {
    attempts++;
    return size <= 700_000;
  });
  expect(found).toBeGreaterThan(0.94 * 700_000);
  expect(attempts).toBeLessThan(28);
});

test('rungs are powers of two and the largest', () => {
  expect(rungs(0)).toEqual([]);
  expect(rungs(1)).toEqual([1]);
  expect(rungs(8)).toEqual([1, 2, 4, 8]);
  expect(rungs(12)).toEqual([1, 2, 4, 8, 12]);
});

test('the ladder ends after two rungs without 2 % over the best, not after one, and never below 8', () => {
  expect(ladderEnd(ladderOf({ 1: 10, 2: 9, 4: 8 }))).toBeUndefined();
  expect(ladderEnd(ladderOf({ 1: 10, 2: 19, 4: 29, 8: 29.3 }))).toBeUndefined();
  expect(ladderEnd(ladderOf({ 1: 10, 2: 19, 4: 19.3, 8: 19.5 }))).toContain('stopped growing');
  expect(ladderEnd(ladderOf({ 1: 10, 2: 19, 4: 18, 8: 20 }))).toBeUndefined();
  expect(ladderEnd(ladderOf({ 1: 10, 2: 19, 4: 18, 8: 17 }))).toContain('stopped growing');
});

test('what says that nothing grows any more, and what scattered, is in doubt once', () => {
  const quiet = ladderOf({ 1: 10, 2: 19, 4: 18, 8: 17 });
  expect(doubtful(quiet)).toEqual([4, 8]);
  expect(doubtful([...quiet, ...again({ 4: 18 })])).toEqual([8]);
  expect(doubtful([...quiet, ...again({ 4: 30, 8: 50 })])).toEqual([]);
  expect(ladderEnd([...quiet, ...again({ 4: 30, 8: 50 })])).toBeUndefined();
  const [one, ...others] = ladderOf({ 1: 10, 2: 20, 4: 'failed' });
  expect(doubtful([{ ...one, spread: 1.6 }, ...others])).toEqual([1]);
});

test('of several attempts at a size the fastest counts; one that failed fails the size', () => {
  const rates = (...trials: Parameters<typeof settled>) =>
    settled(...trials).map(({ itemsPerSecond }) => itemsPerSecond);
  const first = ladderOf({ 1: 10, 2: 12, 4: 40 });
  expect(rates([...first, ...again({ 2: 20 })])).toEqual([10, 20, 40]);
  expect(rates([...first, ...again({ 2: 11 })])).toEqual([10, 12, 40]);
  expect(rates([...first, ...again({ 2: 'cut' })])).toEqual([10, 12, 40]);
  expect(rates([...first, ...again({ 2: 'failed' })])).toEqual([10, null, 40]);
  expect(
    chooseBatch({ ladder: [...first, ...again({ 2: 39.5 })], items: 400, largestFitted: 4, refused: false }).knee,
  ).toBe(2);
});

test('the ladder ends at a rung that failed or took too long', () => {
  expect(ladderEnd(ladderOf({ 1: 10, 2: 'failed' }))).toContain('2 failed');
  expect(ladderEnd(ladderOf({ 1: 10, 2: 'cut' }))).toContain('longer than a trial');
});

const again = (rates: Parameters<typeof ladderOf>[0]) => ladderOf(rates).map((trial) => ({ ...trial, attempt: 2 }));

describe('a tuning is disturbed when', () => {
  const { serial, verification } = resultOf();
  const found = (changes: Partial<Parameters<typeof findDisturbances>[0]>) =>
    findDisturbances({ ladder: ladderOf({ 1: 2.5, 4: 8 }), serial, verification, ...changes });
  const spreads = (...values: number[]) =>
    ladderOf({ 1: 2.5, 4: 8, 8: 9 })
      .slice(0, values.length)
      .map((trial, i) => ({ ...trial, spread: values[i] }));

  test('the steps of half its sizes differ by more than two', () => {
    expect(found({ ladder: spreads(1.1, 1.9, 2.5) })).toEqual([]);
    expect(found({ ladder: spreads(1.1, 2.1) })).toEqual([expect.stringContaining('1 of 2')]);
    expect(found({ ladder: ladderOf({ 1: 'failed' }) })).toEqual([]);
  });

  test('two attempts at a size are more than 25 % apart', () => {
    const ladder = ladderOf({ 1: 2.5, 4: 8 });
    expect(found({ ladder: [...ladder, ...again({ 4: 9.9 })] })).toEqual([]);
    expect(found({ ladder: [...ladder, ...again({ 4: 10.1 })] })).toEqual([expect.stringContaining('Batch 4 took')]);
  });

  test('serial, which does more, is much faster than batches of one', () => {
    expect(found({ serial: { ...serial!, msPerItem: 321 } })).toEqual([]);
    expect(found({ serial: { ...serial!, msPerItem: 319 } })).toEqual([expect.stringContaining('Serial took')]);
  });

  test('the real run’s first pass misses the ladder by more than 25 %', () => {
    const ran = (firstPassItemsPerSecond: number) => ({
      verification: [{ ...verification[0], firstPassItemsPerSecond, itemsPerSecond: 1 }],
    });
    for (const rate of [6.1, 8, 9.9]) expect(found(ran(rate))).toEqual([]);
    for (const rate of [5.9, 10.1]) expect(found(ran(rate))).toEqual([expect.stringContaining('the ladder 8.')]);
  });
});

test('the knee is the smallest within 5 % of the best', () => {
  const ladder = ladderOf({ 1: 10, 2: 20, 4: 39, 8: 95.1, 16: 100, 32: 99 });
  const choice = chooseBatch({ ladder, items: 3200, largestFitted: 40, refused: true });
  expect(choice).toMatchObject({ best: 16, knee: 8, largestSafe: 36, recommended: 8 });
  const sharper = ladderOf({ 1: 10, 2: 20, 4: 39, 8: 94.9, 16: 100 });
  expect(chooseBatch({ ladder: sharper, items: 3200, largestFitted: 16, refused: false })).toMatchObject({
    knee: 16,
    largestSafe: 16,
  });
});

test('where the device refused more, nothing above the largest safe chunk is recommended; where it did not, the knee stands', () => {
  const ladder = ladderOf({ 1: 10, 2: 20, 4: 40, 8: 80, 10: 100 });
  expect(chooseBatch({ ladder, items: 1000, largestFitted: 10, refused: true }).recommended).toBe(9);
  expect(chooseBatch({ ladder, items: 1000, largestFitted: 10, refused: false }).recommended).toBe(10);
});

test('throughput is that of the run: a short last chunk counts', () => {
  // A chunk takes 1 s whatever its size: six items take two chunks of 4, one of 6.
  const ladder = ladderOf({ 1: 1, 2: 2, 4: 4, 6: 6 });
  expect(runRate(ladder, 6, 4)).toBeCloseTo(3, 12);
  expect(runRate(ladder, 6, 6)).toBeCloseTo(6, 12);
  expect(runRate(ladder, 4000, 4)).toBeCloseTo(4, 12);
  // 2 s for a chunk of 2, 4 s for one of 4: three take 3 s.
  expect(runRate(ladderOf({ 1: 1, 2: 1, 4: 1 }), 7, 4)).toBeCloseTo(1, 12);
  // Below the smallest measured: as long as that one.
  expect(runRate(ladderOf({ 4: 4 }), 6, 4)).toBeCloseTo(3, 12);
  expect(chooseBatch({ ladder, items: 6, largestFitted: 6, refused: false }).knee).toBe(6);
});

test('nothing measured is an error with the first reason', () => {
  const ladder = ladderOf({ 1: 'failed' });
  expect(() => chooseBatch({ ladder, items: 4, largestFitted: 4, refused: false })).toThrow('1 went wrong');
});

test('steps down by a tenth, always, and ends', () => {
  expect(stepDown(100)).toBe(90);
  expect(stepDown(5)).toBe(4);
  expect(stepDown(2)).toBe(1);
  expect(stepDown(1)).toBe(0);
});

test('the sentence', () => {
  const itemName = { one: 'realization', many: 'realizations' };
  const choice = {
    best: 256,
    bestItemsPerSecond: 100,
    knee: 128,
    kneeItemsPerSecond: 97.9,
    largestSafe: 230,
    recommended: 128,
  };
  const input = {
    largestFitted: 256,
    choice,
    recommended: 128,
    recommendedItemsPerSecond: 97.9,
    recommendedBytes: 432_013_312,
    itemName,
  };
  expect(tuningSentence(input)).toBe(
    '256 realizations fit; 128 is 97 % as fast and uses 412.0 MiB (432,013,312 bytes)',
  );
  expect(tuningSentence({ ...input, recommended: 256 })).toContain('256 is the fastest batch measured and uses');
  expect(tuningSentence({ ...input, recommended: 115, recommendedItemsPerSecond: 93 })).toContain(
    '115 is 93 % as fast and',
  );
  expect(tuningSentence({ ...input, largestFitted: 300 })).toContain(
    '128 is 97 % as fast as 256, the fastest batch measured, and uses',
  );
  expect(tuningSentence({ ...input, recommended: 256, serialItemsPerSecond: 101 })).toContain(
    '256 is the fastest batch measured, slower than one at a time, and uses',
  );
  expect(tuningSentence({ ...input, serialItemsPerSecond: 99 })).not.toContain('one at a time');
  expect(tuningSentence({ ...input, largestFitted: 1 })).toMatch(/^1 realization fits;/);
});

test('ages in words', () => {
  const at = (ms: number) => ageInWords(new Date(0).toISOString(), ms);
  expect(at(59_000)).toBe('just now');
  expect(at(60_000)).toBe('1 minute ago');
  expect(at(7_200_000)).toBe('2 hours ago');
  expect(at(3 * 86_400_000)).toBe('3 days ago');
});
