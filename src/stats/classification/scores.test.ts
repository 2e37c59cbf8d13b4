import { describe, expect, it } from 'vitest';
import { RandomWords } from '../two-sample/random-words.ts';
import { aucDeLong, aucOfParts, type ScoredLabels } from './auc.ts';
import { accuracyAt, cohensD, midpoint } from './separation.ts';

/** Scores on a coarse grid, so that many are tied. */
function tied(n: number, stream: number): { scores: number[]; labels: number[] } {
  const words = new RandomWords(7, stream);
  const labels = Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : 0));
  return { labels, scores: labels.map((label) => Math.round(3 * (words.normal() + label)) / 3) };
}

/** Every pair, and the variance of every example's mean over the others, as DeLong et al. write them. */
function byPairs({ scores, labels }: ScoredLabels) {
  const all = Array.from(scores);
  const [positive, negative] = [1, 0].map((label) => all.filter((_, i) => labels[i] === label));
  const won = (p: number, q: number) => (p > q ? 1 : p === q ? 0.5 : 0);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = (values: number[]) =>
    values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);
  const above = positive.map((p) => mean(negative.map((q) => won(p, q))));
  const below = negative.map((q) => mean(positive.map((p) => won(p, q))));
  return {
    auc: mean(above),
    variance: spread(above) / positive.length + spread(below) / negative.length,
    pairs: positive.length * negative.length,
  };
}

describe('AUC', () => {
  it.each([1, 2, 3])('and its variance are those over all pairs, ties as a half (sample %i)', (stream) => {
    const sample = tied(40, stream);
    const pairs = byPairs(sample);
    const { auc, standardError, low, high } = aucDeLong(sample);
    expect(auc).toBeCloseTo(pairs.auc, 13);
    expect(standardError ** 2).toBeCloseTo(pairs.variance, 13);
    expect(low).toBeCloseTo(Math.max(0, auc - 1.959963984540054 * standardError), 14);
    expect(high).toBeCloseTo(Math.min(1, auc + 1.959963984540054 * standardError), 14);
  });

  it('of parts counts pairs within a part alone: an offset between parts changes nothing', () => {
    const parts = [tied(30, 4), tied(18, 5)];
    const moved = [parts[0], { ...parts[1], scores: parts[1].scores.map((score) => score + 100) }];
    const [a, b] = parts.map(byPairs);
    const share = a.pairs / (a.pairs + b.pairs);
    for (const given of [parts, moved]) {
      const { auc, standardError } = aucOfParts(given);
      expect(auc).toBeCloseTo(share * a.auc + (1 - share) * b.auc, 13);
      expect(standardError ** 2).toBeCloseTo(share ** 2 * a.variance + (1 - share) ** 2 * b.variance, 13);
    }
    const oneClass = { scores: [1, 2], labels: [1, 1] };
    expect(aucOfParts([...parts, oneClass]).auc).toBe(aucOfParts(parts).auc);
  });

  it('is undecided without both classes, and without an interval of one example a class', () => {
    expect(aucDeLong({ scores: [1, 2], labels: [1, 1] })).toEqual({
      auc: Number.NaN,
      standardError: Number.NaN,
      low: 0,
      high: 1,
    });
    expect(aucDeLong({ scores: [1, 2], labels: [0, 1] })).toEqual({
      auc: 1,
      standardError: Number.NaN,
      low: 0,
      high: 1,
    });
    expect(() => aucDeLong({ scores: [1], labels: [0, 1] })).toThrow('scores and labels must have the same length');
  });
});

describe('separation', () => {
  const sample = { scores: [1, 3, 4, 8, 12], labels: [0, 0, 1, 1, 1] };

  it('is the difference of means over the root of the mean variance, by hand', () => {
    // Means 8 and 2, variances 16 and 2.
    expect(cohensD(sample)).toBeCloseTo(6 / Math.sqrt(9), 14);
    expect(cohensD({ ...sample, labels: sample.labels.map((label) => 1 - label) })).toBeCloseTo(-2, 14);
    expect(cohensD({ scores: [5, 5, 5, 5], labels: [0, 0, 1, 1] })).toBe(0);
  });

  it('counts who lies on the right side of the middle', () => {
    expect(midpoint(sample)).toBe(5);
    expect(accuracyAt(sample, 5)).toBe(0.8);
    expect(accuracyAt({ scores: [5, 5], labels: [0, 1] }, 5)).toBe(0.5);
  });
});
