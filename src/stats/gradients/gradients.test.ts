import { describe, expect, it } from 'vitest';
import { gramMatrix } from '../classification/products.ts';
import { normals } from '../fixtures/draws.ts';
import { concentration } from './concentration.ts';
import { conflictShare, cosines, groupConflict, groupProducts, projectedNorm, shuffleNull } from './conflict.ts';
import { noiseScale, noiseScaleOfGram, productsOfGram, twoBatchNoise } from './noise-scale.ts';
import { tensorScopeSnr } from './tensorscope-snr.ts';

/** n gradients of d parameters: a common one of the given length, and noise of unit variance in each parameter. */
function gradients(seed: number, n: number, d: number, length: number, sign: (i: number) => number = () => 1) {
  const common = length / Math.sqrt(d);
  return normals(seed, n * d).map((v, at) => v + sign(Math.floor(at / d)) * common);
}

describe('noise scale', () => {
  it('by hand: (1, 0) and (3, 2)', () => {
    const found = noiseScale({ squaredNorms: [1, 13], squaredSum: 20 });
    // ḡ = (2, 1); Σ‖g − ḡ‖² = 4; |G|² = (20 − 14)/2.
    expect(found).toMatchObject({ traceCovariance: 4, squaredNorm: 3, plainSquaredNorm: 5, resolved: true });
    expect([found.noiseScale, found.snr]).toEqual([4 / 3, 1.5]);
    expect(found.logError).toBeNaN();
  });

  it('finds d/|G|² within its error, and the same from a Gram matrix and from two batches', () => {
    const [n, d, length] = [60, 50, 5];
    const gram = gramMatrix(gradients(3, n, d, length), n);
    const found = noiseScaleOfGram(gram, n);
    expect(Math.abs(Math.log(found.noiseScale / (d / length ** 2)))).toBeLessThan(4 * found.logError);
    expect(found.logError).toBeLessThan(0.3);
    expect(found.unresolvedWithout).toBe(0);
    const { squaredNorms, squaredSum } = productsOfGram(gram, n);
    const mean = Array.from(squaredNorms).reduce((sum, v) => sum + v, 0) / n;
    const two = twoBatchNoise({ size: 1, squaredNorm: mean }, { size: n, squaredNorm: squaredSum / n ** 2 });
    expect(two.traceCovariance / found.traceCovariance).toBeCloseTo(1, 12);
    expect(two.squaredNorm / found.squaredNorm).toBeCloseTo(1, 12);
  });

  it('has the error of leaving each item out by hand', () => {
    const [n, d] = [6, 9];
    const rows = gradients(4, n, d, 6);
    const logs = Array.from({ length: n }, (_, out) => {
      const kept = rows.filter((_, at) => Math.floor(at / d) !== out);
      return Math.log(noiseScaleOfGram(gramMatrix(kept, n - 1), n - 1).noiseScale);
    });
    const mean = logs.reduce((sum, v) => sum + v / n, 0);
    const error = Math.sqrt(((n - 1) / n) * logs.reduce((sum, v) => sum + (v - mean) ** 2, 0));
    expect(noiseScaleOfGram(gramMatrix(rows, n), n).logError).toBeCloseTo(error, 10);
  });

  it('says that noise alone is not resolved about half of the time', () => {
    const found = Array.from({ length: 40 }, (_, seed) =>
      noiseScaleOfGram(gramMatrix(normals(100 + seed, 8 * 30), 8), 8),
    );
    const resolved = found.filter((one) => one.resolved).length;
    expect(resolved).toBeGreaterThan(8);
    expect(resolved).toBeLessThan(32);
    const lost = found.find((one) => !one.resolved)!;
    expect(lost.noiseScale).toBeNaN();
    expect(lost.snr).toBe(0);
    expect(lost.squaredNorm).toBeLessThanOrEqual(0);
    expect(() => noiseScale({ squaredNorms: [1], squaredSum: 1 })).toThrow('needs two items or more');
  });

  it("TensorScope's ratio calls pure noise reliable, more so with more parameters", () => {
    const score = (d: number) => {
      const rows = normals(6, 5 * d);
      const at = (power: number) =>
        Float64Array.from({ length: d }, (_, j) =>
          [0, 1, 2, 3, 4].reduce((sum, i) => sum + rows[i * d + j] ** power, 0),
        );
      return tensorScopeSnr(at(1), at(2), 5);
    };
    // √(P/n) over the mean of a standard deviation of five, .940.
    expect(Math.abs(score(768) / (Math.sqrt(768 / 5) / 0.94) - 1)).toBeLessThan(0.1);
    expect(score(4 * 768) / score(768)).toBeCloseTo(2, 0);
    expect(tensorScopeSnr([4, 0], [10, 2], 2)).toBeCloseTo(2 / ((Math.SQRT2 + Math.SQRT2) / 2), 12);
    expect(tensorScopeSnr([0, 0], [0, 0], 2)).toBe(0);
  });
});

describe('conflict', () => {
  it('cosines and the share of opposed pairs', () => {
    const gram = gramMatrix(Float64Array.of(1, 0, 1, 1, -2, 0), 3);
    const found = cosines(gram, 3);
    expect([found[0], found[4], found[8]].every((one) => Math.abs(one - 1) < 1e-15)).toBe(true);
    expect(found[1]).toBeCloseTo(Math.SQRT1_2, 12);
    expect(found[2]).toBe(-1);
    expect(conflictShare(gram, 3)).toBeCloseTo(2 / 3, 12);
  });

  it('PCGrad leaves what does not oppose, and takes what does', () => {
    // g_a = (1, 0), g_b = (−1, 1): a keeps (½, ½), b keeps (0, 1).
    expect(projectedNorm(1, -1, 2)).toBeCloseTo(Math.SQRT1_2, 12);
    expect(projectedNorm(2, -1, 1)).toBeCloseTo(1, 12);
    expect(projectedNorm(1, 0.5, 2)).toBe(1);
  });

  it('the corrected cosine finds what noise hides', () => {
    // Means of 40 gradients with |G|² = 36 and noise of 400/40 = 10: the plain cosine of equal gradients is 36/46.
    const labels = Array.from({ length: 80 }, (_, i) => i % 2);
    const found = groupConflict(groupProducts(gramMatrix(gradients(8, 80, 400, 6), 80), labels, 2), 0, 1);
    expect(Math.abs(found.cosine - 36 / 46)).toBeLessThan(0.06);
    expect(Math.abs(found.corrected - 1)).toBeLessThan(0.06);
    expect(found.projectedNorms).toEqual(found.norms);
    const noise = groupProducts(gramMatrix(normals(9, 4 * 30), 4), [0, 0, 1, 1], 2);
    const unresolved = [0, 1].some((g) => noise.sums[g * 3] - noise.squares[g] <= 0);
    expect(Number.isNaN(groupConflict(noise, 0, 1).corrected)).toBe(unresolved);
    expect(() => groupProducts([1], [2], 2)).toThrow('item 0 has label 2; labels go from 0 to 1');
  });

  it('shuffled labels tell conflict from noise', () => {
    const labels = Array.from({ length: 24 }, (_, i) => (i < 10 ? 3 : i < 20 ? 5 : 7));
    const opposed = gradients(10, 24, 60, 4, (i) => (i < 10 ? 1 : -1));
    const test = (rows: Float64Array, seed = 1) =>
      shuffleNull(gramMatrix(rows, 24), labels, 3, 5, { seed, permutations: 200 });
    const found = test(opposed);
    expect(found.observed).toBeLessThan(-0.5);
    expect(found.p).toBe(1 / 201);
    expect(found.null).toEqual(test(opposed).null);
    expect(found.null).not.toEqual(test(opposed, 2).null);
    expect(test(gradients(10, 24, 60, 4)).p).toBeGreaterThan(0.02);
    // Items of the third group take no part.
    const other = opposed.map((v, at) => (at < 20 * 60 ? v : 100 * v));
    expect(test(other).null).toEqual(found.null);
  });
});

describe('concentration', () => {
  it('equal norms, one norm, and a line', () => {
    expect(concentration([2, 2, 2, 2])).toEqual({ entropy: Math.log(4), evenness: 1, gini: 0, lastOverFirst: 1 });
    expect(concentration([0, 0, 0, 5])).toMatchObject({
      entropy: 0,
      gini: 0.75,
      lastOverFirst: Number.POSITIVE_INFINITY,
    });
    // Of 1 … n it is (n − 1)/(3n).
    expect(concentration([3, 1, 2, 5, 4]).gini).toBeCloseTo(4 / 15, 12);
    expect(concentration([0, 0]).entropy).toBeNaN();
    expect(() => concentration([1, -1])).toThrow('a norm is -1');
  });
});
