import { expect, test } from 'vitest';
import type { MetricRow } from '../metrics/types.ts';
import { baselineNames, figure, shareOfWay } from './metric-rows.ts';

const row = (better: MetricRow['better'], value: number | null, floor: number | null): MetricRow => ({
  id: 'a',
  title: 'A',
  definition: '',
  space: '',
  better,
  value,
  floor,
  baselines: { independent: 3 },
  n: 10,
  seed: 1,
});

test('the way from a baseline to the floor', () => {
  expect(shareOfWay(row('lower', 2, 1), 3)).toBe(0.5);
  expect(shareOfWay(row('one', 0.9, 0.98), 0)).toBeCloseTo(0.9 / 0.98, 12);
  expect(shareOfWay(row('higher', 0.4, 0.5), 0.4)).toBe(0);
});

test('where floor and baseline are one, or a number is missing, there is no way', () => {
  expect(shareOfWay(row('one', 0.9, 1), 1)).toBeUndefined();
  expect(shareOfWay(row('lower', null, 1), 3)).toBeUndefined();
  expect(shareOfWay(row('lower', 2, null), 3)).toBeUndefined();
});

test('figures are short', () => {
  expect([0.00047, -0.98765, 0, null, 12345].map(figure)).toEqual(['4.7 e−4', '−0.988', '0', '–', '1.2 e+4']);
});

test('baselines of all rows, each once', () => {
  const other = { ...row('lower', 1, 1), baselines: { zero: 1, independent: 2 } };
  expect(baselineNames({ rows: [row('lower', 1, 1), other] })).toEqual(['independent', 'zero']);
});
