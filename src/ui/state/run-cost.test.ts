/** What a run is said to cost, where its numbers are known. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { Store } from './types.ts';

const kept = new Map<string, string>();
vi.stubGlobal('window', { location: { search: '', pathname: '/' }, history: { state: null } });
vi.stubGlobal('localStorage', {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, text: string) => kept.set(key, text),
});
const GIB = 2 ** 30;
const estimate = vi.fn(async () => ({ quota: 12 * GIB, usage: 2 * GIB }));
vi.stubGlobal('navigator', { deviceMemory: 8, storage: { estimate } });
const { useStore } = await import('./store.ts');
const { costFacts, costLine, costOf } = await import('./run-cost.ts');
const { rateOf, rememberRate } = await import('./run-rates.ts');
const { durationWords } = await import('./duration-words.ts');
const { isCostly } = await import('./costly.ts');

/** 300,000 items of 10 units of 1e6 operations and 40 KiB of results. */
const plan = {
  items: 300_000,
  resultBytes: 300_000 * 40_960,
  work: { flopPerUnit: 1e6, bytesPerUnit: 1, unitsPerItem: 10 },
};
const on = (name: string, software = false) =>
  ({ ...useStore.getState(), device: { mode: 'webgpu', report: { name, software } } }) as Store;
const texts = async (given: object = {}) =>
  costFacts(await costOf({ ...plan, ...given }, on('An adapter'))).map(({ text }) => text);

beforeEach(() => kept.clear());

test('bytes of results are those of the plan; beyond half of the memory that a browser tells of it is too much', async () => {
  const { resultBytes, tooMuch } = await costOf(plan, on('An adapter'));
  expect({ resultBytes, tooMuch }).toEqual({ resultBytes: 12_288_000_000, tooMuch: true });
  expect((await texts()).join(' ')).toContain('The draws of 300,000 realizations take 11.4 GiB (12,288,000,000 bytes)');
  expect((await texts()).join(' ')).toContain('says that this machine has 8.0 GiB or more');
  // A tenth of it, with summaries, is not.
  expect((await costOf({ ...plan, items: 30_000, resultBytes: plan.resultBytes / 10 }, on('An adapter'))).tooMuch).toBe(
    false,
  );
});

test('storage is held against what the browser says is free, and silence is no promise', async () => {
  expect((await texts())[1]).toMatch(/only 10\.0 GiB are free there: what finishes after that cannot be resumed/);
  expect((await texts({ resultBytes: 5 * GIB }))[1]).toMatch(/while it runs; 10\.0 GiB are free there/);
  estimate.mockRejectedValueOnce(new Error('forbidden'));
  expect((await texts())[1]).toBe("As much is written to this browser's storage while it runs.");
});

test('time is a guess until a run has been timed on this adapter, then follows from it; the tuner goes before', async () => {
  const adapter = on('An adapter');
  expect(costLine(await costOf(plan, adapter))).toMatch(/about 6 s, a guess: no run of it has been timed/);
  // 3e12 operations at 1e9 a second.
  rememberRate(adapter, 1e9);
  expect(costLine(await costOf(plan, adapter))).toMatch(/about 50 minutes, by its last run on this adapter/);
  expect(rateOf(on('Another')).by).toMatch(/guess/);
  expect(rateOf(on('Another', true)).flopPerSecond).toBeLessThan(rateOf(on('Another')).flopPerSecond);
  const tuning = { predictedItemsPerSecond: 100 } as NonNullable<Store['plan']>['tuning'];
  expect(costLine(await costOf({ ...plan, tuning }, adapter))).toMatch(/about 50 minutes, as the tuner measured/);
});

test('what cannot be a rate is neither remembered nor read', () => {
  const adapter = on('An adapter');
  for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) rememberRate(adapter, rate);
  expect(kept.size).toBe(0);
  for (const text of ['[{}', 'null', '{"An adapter | shear | f32": "fast"}']) {
    kept.set('lockstep-run-rates', text);
    expect(rateOf(adapter).by).toMatch(/guess/);
  }
});

test('no word is made of small runs', () => {
  expect(isCostly({ ...plan, items: 12, resultBytes: 12 * 40_960 })).toBe(false);
  expect(isCostly({ ...plan, items: 12 })).toBe(true);
  expect(isCostly({ ...plan, resultBytes: 0 })).toBe(true);
});

test('lengths of time are told in the unit of which there are a few', () => {
  const told = [0.2, 7, 89, 91, 5000, 5500, 86_400, 200_000, Number.POSITIVE_INFINITY].map(durationWords);
  expect(told).toEqual([
    'a second',
    '7 s',
    '89 s',
    '1.5 minutes',
    '83 minutes',
    '1.5 hours',
    '24 hours',
    '2.3 days',
    'an unknown time',
  ]);
});
