import { describe, expect, it } from 'vitest';
import { centredGram, gramMatrix } from '../classification/products.ts';
import { normals } from '../fixtures/draws.ts';
import {
  covarianceOfSums,
  effectiveRanks,
  effectiveRanksOfCovariance,
  effectiveRanksOfRows,
} from './effective-rank.ts';
import { ckaNull, ckaWithError, kernelHsic0, kernelHsic1, kernelTriple } from './hsic-kernel.ts';
import { addSums, cka, hsic0, hsic1, minibatchCka, pairSums } from './hsic-sums.ts';

const [n, dx, dy] = [23, 5, 7];
const x = normals(31, n * dx);
/** Half of X's first columns, half noise. */
const y = normals(32, n * dy).map((v, at) => v + 2 * x[Math.floor(at / dy) * dx + (at % dx)]);
const rows = (of: Float64Array, from: number, to: number, d: number) => of.subarray(from * d, to * d);
const debiased = (a: Float64Array, b: Float64Array, of: number) =>
  cka({ xy: hsic1(pairSums(a, b, of)), xx: hsic1(pairSums(a, a, of)), yy: hsic1(pairSums(b, b, of)) });

/** HSIC₁ by Song's definition: sums over all tuples of different rows. */
function byTuples(k: Float64Array, l: Float64Array, of: number): number {
  const at = (m: Float64Array, i: number, j: number) => m[i * of + j];
  let [two, three, four] = [0, 0, 0];
  for (let i = 0; i < of; i++)
    for (let j = 0; j < of; j++) {
      if (j === i) continue;
      two += at(k, i, j) * at(l, i, j);
      for (let p = 0; p < of; p++) {
        if (p === i || p === j) continue;
        three += at(k, i, j) * at(l, i, p);
        for (let r = 0; r < of; r++) if (r !== i && r !== j && r !== p) four += at(k, i, j) * at(l, p, r);
      }
    }
  const pairs = of * (of - 1);
  return two / pairs - (2 * three) / (pairs * (of - 2)) + four / (pairs * (of - 2) * (of - 3));
}

describe('HSIC and CKA', () => {
  it('sums, kernels and sums over all tuples agree', () => {
    const [k, l] = [gramMatrix(x, n), gramMatrix(y, n)];
    const seen = hsic1(pairSums(x, y, n));
    expect(seen / kernelHsic1(k, l, n)).toBeCloseTo(1, 12);
    expect(hsic0(pairSums(x, y, n)) / kernelHsic0(k, l, n)).toBeCloseTo(1, 12);
    const few = 7;
    const parts = [rows(x, 0, few, dx), rows(y, 0, few, dy)] as const;
    const told = byTuples(gramMatrix(parts[0], few), gramMatrix(parts[1], few), few);
    expect(hsic1(pairSums(...parts, few)) / told).toBeCloseTo(1, 10);
  });

  it('sums of parts are the sums of all', () => {
    const whole = pairSums(x, y, n);
    const parts = [0, 9, 10, n].slice(1).map((to, at) => {
      const from = [0, 9, 10][at];
      return pairSums(rows(x, from, to, dx), rows(y, from, to, dy), to - from);
    });
    const added = parts.reduce(addSums);
    expect(added.n).toBe(n);
    expect(hsic1(added) / hsic1(whole)).toBeCloseTo(1, 12);
    expect(() => addSums(whole, pairSums(y, y, n))).toThrow('widths 5 and 7 do not add up');
  });

  it('is 1 for a scaled, rotated and shifted copy, and does not see the order of pairs', () => {
    const turn = (of: Float64Array) =>
      of.map((_, at) => {
        const [row, k] = [Math.floor(at / dx) * dx, at % dx];
        const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
        const value = k === 0 ? c * of[row] - s * of[row + 3] : k === 3 ? s * of[row] + c * of[row + 3] : of[row + k];
        return 3 * value + k;
      });
    expect(debiased(x, turn(x), n)).toBeCloseTo(1, 12);
    const order = Array.from({ length: n }, (_, i) => (i * 5) % n);
    const shuffled = (of: Float64Array, d: number) => of.map((_, at) => of[order[Math.floor(at / d)] * d + (at % d)]);
    expect(debiased(shuffled(x, dx), shuffled(y, dy), n)).toBeCloseTo(debiased(x, y, n), 12);
  });

  it('debiased CKA of independent rows is 0, the biased one far above it', () => {
    const [of, d] = [16, 64];
    const found = Array.from({ length: 30 }, (_, at) => {
      const [a, b] = [normals(200 + at, of * d), normals(300 + at, of * d)];
      const biased = (p: Float64Array, r: Float64Array) => hsic0(pairSums(p, r, of));
      return [debiased(a, b, of), cka({ xy: biased(a, b), xx: biased(a, a), yy: biased(b, b) })];
    });
    const mean = (which: number) => found.reduce((sum, pair) => sum + pair[which] / 30, 0);
    const sd = Math.sqrt(found.reduce((sum, pair) => sum + (pair[0] - mean(0)) ** 2, 0) / 29);
    expect(Math.abs(mean(0))).toBeLessThan((4 * sd) / Math.sqrt(30));
    expect(Math.abs(mean(1) - 0.8)).toBeLessThan(0.02);
  });

  it('has the error of leaving each item out by hand', () => {
    const [k, l] = [gramMatrix(x, n), gramMatrix(y, n)];
    const groups = Array.from({ length: n }, (_, i) => Math.floor(i / 4));
    const left = Array.from({ length: 6 }, (_, out) => {
      const kept = (of: Float64Array, d: number) => of.filter((_, at) => groups[Math.floor(at / d)] !== out);
      return debiased(kept(x, dx), kept(y, dy), groups.filter((group) => group !== out).length);
    });
    const mean = left.reduce((sum, v) => sum + v / 6, 0);
    const error = Math.sqrt((5 / 6) * left.reduce((sum, v) => sum + (v - mean) ** 2, 0));
    const found = ckaWithError(k, l, n, groups);
    expect(found.cka).toBeCloseTo(debiased(x, y, n), 12);
    expect(found.error).toBeCloseTo(error, 12);
    expect(found.groups).toBe(6);
    expect(ckaWithError(gramMatrix(rows(x, 0, 4, dx), 4), gramMatrix(rows(y, 0, 4, dy), 4), 4).error).toBeNaN();
  });

  it('permuted pairs tell likeness from chance', () => {
    const [k, l] = [gramMatrix(x, n), gramMatrix(y, n)];
    const found = ckaNull(k, l, n, { seed: 5, permutations: 200 });
    expect(found.observed).toBeCloseTo(debiased(x, y, n), 12);
    expect(found.p).toBeLessThan(0.02);
    expect(ckaNull(k, k, n, { seed: 5, permutations: 200 }).p).toBe(1 / 201);
    expect(Math.abs(found.nullMean)).toBeLessThan((4 * found.nullSd) / Math.sqrt(200));
    const other = ckaNull(k, gramMatrix(normals(77, n * dy), n), n, { seed: 5, permutations: 200 });
    expect(other.p).toBeGreaterThan(0.02);
  });

  it('minibatches mean HSIC before the ratio; constant rows have no CKA; four rows are needed', () => {
    const triples = [
      { xy: 1, xx: 4, yy: 1 },
      { xy: 3, xx: 0, yy: 3 },
    ];
    expect(minibatchCka(triples)).toBe(1);
    expect(debiased(new Float64Array(5 * 2).fill(3), rows(y, 0, 5, dy), 5)).toBeNaN();
    expect(() => hsic1(pairSums([1, 2, 3], [1, 2, 3], 3))).toThrow('four rows or more, got 3');
    expect(kernelTriple(gramMatrix(x, n), gramMatrix(x, n), n).xy).toBeGreaterThan(0);
  });

  it('centring first changes nothing but rounding', () => {
    const [k, l] = [centredGram(gramMatrix(x, n), n), gramMatrix(y, n)];
    expect(kernelHsic1(k, l, n) / hsic1(pairSums(x, y, n))).toBeCloseTo(1, 11);
  });
});

describe('effective ranks', () => {
  it('all are r for r equal singular values', () => {
    const { bound, ...ranks } = effectiveRanks([2, 2, 2, 0], { n: 3, d: 4 });
    for (const rank of Object.values(ranks)) expect(rank).toBeCloseTo(3, 12);
    expect(bound).toBe(2);
  });

  it('by hand for 3, 1', () => {
    const ranks = effectiveRanks([3, 1], { n: 9, d: 2 });
    const entropy = (p: number) => Math.exp(-p * Math.log(p) - (1 - p) * Math.log(1 - p));
    expect(ranks.participationRatio).toBeCloseTo(100 / 82, 12);
    expect(ranks.entropyOfSingularValues).toBeCloseTo(entropy(0.75), 12);
    expect(ranks.entropyOfVariances).toBeCloseTo(entropy(0.9), 12);
    expect(ranks.stableRank).toBeCloseTo(10 / 9, 12);
    expect(ranks.squaredSumOverSum).toBeCloseTo(16 / 10, 12);
    expect(effectiveRanks([0, 0], { n: 9, d: 2 }).entropyOfVariances).toBeNaN();
  });

  it.each([
    ['more rows than columns', n, dx],
    ['fewer', 4, 20],
  ])('rows and their covariance agree: %s', (_, of, d) => {
    const wide = normals(41, of * d);
    const sums = pairSums(wide, wide, of);
    const fromRows = effectiveRanksOfRows(wide, of);
    const covariance = covarianceOfSums(sums.c, sums.sx, of);
    const seen = effectiveRanksOfCovariance(covariance, { n: of, d });
    for (const [name, value] of Object.entries(fromRows))
      expect(seen[name as keyof typeof seen] / value).toBeCloseTo(1, 10);
    expect(fromRows.bound).toBe(Math.min(of - 1, d));
    expect(fromRows.entropyOfSingularValues).toBeLessThanOrEqual(fromRows.bound + 1e-9);
  });
});
