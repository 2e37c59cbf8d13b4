import { describe, expect, it } from 'vitest';
import { normals } from '../fixtures/draws.ts';
import { bootstrap, bootstrapMean, bootstrapRatio } from './bootstrap.ts';
import { jackknife, jackknifeOf } from './jackknife.ts';
import { permutationP, permutationTest } from './permutation.ts';

const values = normals(5, 40).map((v) => 3 + v);
const mean = (of: ArrayLike<number>) => Array.from(of).reduce((sum, v) => sum + v, 0) / of.length;
const standardError = Math.sqrt(values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / 39 / 40);

describe('jackknife', () => {
  it('of a mean is its standard error, exactly', () => {
    const found = jackknifeOf(40, (kept) => mean(Array.from(kept, (i) => values[i])));
    expect(found.error / standardError).toBeCloseTo(1, 12);
    expect(found.mean).toBeCloseTo(mean(values), 12);
  });

  it('says NaN where there is no error', () => {
    expect(jackknife([1]).error).toBeNaN();
    expect(jackknife([1, Number.NaN, 2]).error).toBeNaN();
    expect(() => jackknifeOf(1, () => 0)).toThrow('a jackknife needs two items or more, got 1');
  });
});

describe('bootstrap', () => {
  it('of a mean has its standard error and covers it', () => {
    const found = bootstrapMean(values, { seed: 1, resamples: 4000 });
    // The plug-in spread has n in the denominator; its own relative error is 1/√(2 · 4000).
    expect(found.error / (standardError * Math.sqrt(39 / 40))).toBeCloseTo(1, 1);
    expect(found.estimate).toBeCloseTo(mean(values), 12);
    expect(found.low).toBeGreaterThan(found.estimate - 2.3 * standardError);
    expect(found.low).toBeLessThan(found.estimate - 1.7 * standardError);
    expect(found.high).toBeGreaterThan(found.estimate + 1.7 * standardError);
    expect(found.high).toBeLessThan(found.estimate + 2.3 * standardError);
  });

  it('gives the same bits for a seed, others for another seed or stream', () => {
    const at = (seed: number, stream: number) => bootstrapMean(values, { seed, stream, resamples: 50 }).low;
    expect(at(7, 0)).toBe(at(7, 0));
    expect(at(7, 0)).not.toBe(at(8, 0));
    expect(at(7, 0)).not.toBe(at(7, 1));
  });

  it('draws every item equally often, and keeps pairs of a ratio together', () => {
    const counts = new Float64Array(5);
    bootstrap(
      5,
      (items) => {
        for (const i of items) counts[i]++;
        return 0;
      },
      { seed: 3, resamples: 4000 },
    );
    for (const count of counts) expect(Math.abs(count - 4001)).toBeLessThan(4 * Math.sqrt(20005 * 0.16));
    const tokens = Float64Array.from({ length: 9 }, (_, i) => i + 1);
    const ratio = bootstrapRatio(
      tokens.map((n) => 2 * n),
      tokens,
      { seed: 1, resamples: 20 },
    );
    expect([ratio.estimate, ratio.error, ratio.low, ratio.high]).toEqual([2, 0, 2, 2]);
    expect(() => bootstrapRatio([1], [1, 2], { seed: 1, resamples: 1 })).toThrow('do not pair');
  });

  it('leaves out items without a value, and has nothing to say of none', () => {
    const { estimate, n } = bootstrapMean([1, Number.NaN, 3], { seed: 1, resamples: 10 });
    expect([estimate, n]).toEqual([2, 2]);
    expect(bootstrapMean([Number.NaN], { seed: 1, resamples: 10 }).estimate).toBeNaN();
    expect(() => bootstrap(3, () => 0, { seed: 1, resamples: 1, level: 1 })).toThrow('must lie between 0 and 1');
  });
});

describe('permutation tests', () => {
  const labels = Array.from(values, (_, i) => (i < 20 ? 1 : -1));
  const shift = (by: number) => values.map((v, i) => v + (i < 20 ? by : 0));
  const difference = (of: Float64Array) => (from: Uint32Array) =>
    of.reduce((sum, v, i) => sum + (v * labels[from[i]]) / 20, 0);

  it('see a shift, on the side that is asked for', () => {
    const p = (by: number, side: 'less' | 'greater' | 'two-sided') =>
      permutationTest(40, difference(shift(by)), side, { seed: 2, permutations: 199 }).p;
    expect(p(3, 'greater')).toBe(1 / 200);
    expect(p(3, 'two-sided')).toBe(2 / 200);
    expect(p(3, 'less')).toBe(1);
    expect(p(-3, 'less')).toBe(1 / 200);
  });

  it('centre the null on 0 with the spread of the difference', () => {
    const found = permutationTest(40, difference(values), 'two-sided', { seed: 4, permutations: 800 });
    const sd = 2 * standardError;
    expect(found.null).toHaveLength(800);
    expect(Math.abs(found.nullMean)).toBeLessThan((4 * sd) / Math.sqrt(800));
    expect(Math.abs(found.nullSd / sd - 1)).toBeLessThan(4 / Math.sqrt(1600));
    expect(found.observed).toBe(difference(values)(Uint32Array.from(values, (_, i) => i)));
  });

  it('count ties against the finding, and are never sure', () => {
    expect(permutationP(2, [1, 2, 3], 'greater')).toBe(3 / 4);
    expect(permutationP(9, [1, 2, 3], 'greater')).toBe(1 / 4);
    expect(permutationP(2, [2, 2, 2], 'two-sided')).toBe(1);
    expect(permutationTest(3, () => Number.NaN, 'less', { seed: 1, permutations: 5 }).p).toBeNaN();
  });
});
