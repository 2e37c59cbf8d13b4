import { expect, test } from 'vitest';
import { goodness } from './goodness.ts';
import type { ItemSummary } from './item-summary.ts';
import { misfitLines } from './misfit.ts';
import { summarizeItem } from './summary.ts';

const words = {
  datum: { one: 'pixel', many: 'pixels' },
  data: { one: 'image', many: 'images' },
  check: 'check the noise',
};
const fitted = (chi2: number, dataCount?: number) => ({ mean: [0], sd: [1], chi2, dataCount });

function item(runId: string, chi2: number, dataCount?: number): ItemSummary {
  const values = Float64Array.from({ length: 16 }, (_, i) => Math.sin(i));
  return summarizeItem({
    info: { index: 0, runId, seed: 1, truth: {} },
    chains: 2,
    draws: 8,
    parameters: [{ name: 'a', values }],
    stats: [],
    fit: fitted(chi2, dataCount),
    gradients: 1,
  });
}

test('five standard deviations √(2N) from N are the limit, on both sides', () => {
  // N = 800: √(2N) = 40.
  expect(goodness(fitted(1000, 800))).toEqual({ chi2PerDatum: 1.25, misfit: false });
  expect(goodness(fitted(600, 800)).misfit).toBe(false);
  expect(goodness(fitted(1001, 800)).misfit).toBe(true);
  expect(goodness(fitted(599, 800)).misfit).toBe(true);
  expect(goodness(fitted(Number.NaN, 800)).misfit).toBe(true);
});

test('without a number of data nothing is judged', () => {
  expect(goodness(fitted(1e9))).toEqual({});
  expect(misfitLines([item('a', 1e9)])).toEqual([]);
});

test('the warning counts the items and names the worst first', () => {
  const items = [item('fine', 800, 800), item('poor', 1600, 800), item('worst', 139_200, 800)];
  const [line] = misfitLines(items, words);
  expect(line).toMatch(/does not describe the image of 2 of 3: worst \(χ²\/pixel 174\), poor \(χ²\/pixel 2\)\. /);
  expect(misfitLines(items.slice(0, 1))).toEqual([]);
  expect(misfitLines(Array.from({ length: 5 }, (_, i) => item(`r${i}`, 4000, 800)))[0]).toContain('and 2 more');
});
