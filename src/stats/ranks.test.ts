import { expect, it } from 'vitest';
import { normals } from './fixtures/draws.ts';
import { rankHistogram } from './ranks.ts';

it('counts the ranks of each chain among all draws', () => {
  // Ranks 1 3 5 7 and 2 4 6 8: two bins hold two of each chain.
  const histogram = rankHistogram([10, 30, 50, 70, 20, 40, 60, 80], 2, 4, 2)!;
  expect(histogram.counts).toEqual([
    [2, 2],
    [2, 2],
  ]);
  expect(histogram.meanRank).toEqual([3.5 / 8, 4.5 / 8]);
  expect(histogram.expected).toBe(2);
});

it('gives ties their average rank', () => {
  // Ranks 1.5 1.5 3 4: the pair shares the middle of the first two places.
  const { counts, meanRank } = rankHistogram([5, 6, 5, 7], 2, 2, 4)!;
  expect(counts).toEqual([
    [0, 1, 1, 0],
    [0, 1, 0, 1],
  ]);
  expect(meanRank).toEqual([(1 / 4 + 5 / 8) / 2, (1 / 4 + 7 / 8) / 2]);
});

it('is flat for chains that agree and piles up for one that stays above', () => {
  const draws = normals(8, 4 * 1000);
  const flat = rankHistogram(draws, 4, 1000, 20)!;
  for (const count of flat.counts.flat()) expect(Math.abs(count - flat.expected)).toBeLessThan(5 * flat.sigma);
  const apart = rankHistogram(
    draws.map((v, i) => (i < 1000 ? v + 3 : v)),
    4,
    1000,
    20,
  )!;
  expect(apart.counts[0][19]).toBeGreaterThan(apart.expected + 50);
  expect(apart.meanRank[0]).toBeGreaterThan(0.8);
});

it('has nothing to show for draws that are not numbers', () => {
  expect(rankHistogram([1, Number.NaN, 2, 3], 2, 2, 2)).toBeUndefined();
});
