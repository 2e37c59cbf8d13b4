/** Every metric of sets of cells against NumPy and SciPy (fixtures/make_reference.py), and against what is known without them. */
import { describe, expect, it } from 'vitest';
import { pearson, spearman } from '../correlation.ts';
import { normals } from '../fixtures/draws.ts';
import { medianGamma, namedMmd } from '../two-sample/kernel-mmd.ts';
import { meanSlicedWasserstein } from '../two-sample/mean-sliced-wasserstein.ts';
import { slicedWasserstein } from '../two-sample/sliced-wasserstein.ts';
import { exactWasserstein, sinkhornDistance } from '../two-sample/transport.ts';
import { fixtureCells } from './fixtures/cells.ts';
import reference from './fixtures/reference.json';
import { frechetDistance } from './frechet.ts';
import { correlationAgreement, geneCorrelation } from './gene-correlation.ts';
import { libraryAgreement } from './library-size.ts';
import { geneMeans, geneMoments } from './moments.ts';
import { logNormalise } from './normalise.ts';
import { fitComponents, project } from './pca.ts';
import { zeroFraction } from './profile.ts';

const close = (value: number, expected: number, relative: number) =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(relative * Math.max(Math.abs(expected), 1e-3));

describe.each(reference.cases)('agrees with NumPy and SciPy: $n cells of $genes genes', (given) => {
  const real = fixtureCells(given.seedA, given.n, given.genes, 1.5);
  const generated = fixtureCells(given.seedB, given.n, given.genes, given.level);
  const [x, y] = [geneMoments(real), geneMoments(generated)];
  const components = fitComponents(x, 5);
  const [px, py] = [project(components, real), project(components, generated)];

  it('gene–gene correlation', () => {
    const { mse, slope, pairs } = correlationAgreement(x, y);
    close(mse, given.corrMse, 1e-11);
    close(slope, given.corrSlope, 1e-11);
    expect(pairs).toBe((given.genes * (given.genes - 1)) / 2);
    expect(geneCorrelation(x)[1]).toBe(0);
  });

  it('principal components and Fréchet distance', () => {
    for (const [k, variance] of given.variances.entries()) close(components.variances[k], variance, 1e-11);
    close(frechetDistance(geneMoments(px), geneMoments(py)), given.frechet, 1e-9);
  });

  it('sliced W2, mean over directions', () => {
    // 1,000 directions scatter by the spread of one over √1,000; NumPy's 50,000 by a seventh of that.
    close(meanSlicedWasserstein(real, generated, 7), given.sliced, (4.5 * given.slicedSpread) / Math.sqrt(1000));
    expect(meanSlicedWasserstein(real, generated, 7)).toBeLessThan(slicedWasserstein(real, generated, 7));
  });

  it('the three MMD²', () => {
    close(medianGamma(real, generated, 1), given.gamma, 1e-12);
    close(namedMmd('st3', real, generated, 1), given.st3, 1e-10);
    close(namedMmd('scldm', real, generated, 1), given.scldm, 1e-10);
    // Distances of coordinates: NumPy's vectors differ in the last digits, which the narrow kernels see.
    close(namedMmd('cfgen', px, py, 1), given.cfgen, 1e-8);
  });

  it('exact transport, and transport with an entropy term', () => {
    close(exactWasserstein(px, py, 1), given.w1, 1e-11);
    close(exactWasserstein(px, py, 2), given.w2, 1e-11);
    for (const { power, reg, distance } of given.sinkhorn) {
      const found = sinkhornDistance(px, py, power as 1 | 2, reg);
      // The plan's marginals are right to the mass that was moved, times the largest cost.
      close(found.distance, distance, 1e-4);
      expect(found.moved).toBeLessThan(1e-5);
    }
    const narrow = sinkhornDistance(px, py);
    expect(narrow.distance).toBeGreaterThanOrEqual(given.w2);
    // 500 rounds at so small an entropy leave some mass to be moved, which costs more than it would in the limit.
    expect(narrow.distance).toBeLessThan(1.05 * given.w2);
    expect(narrow.moved).toBeLessThan(0.01);
  });

  it('means, zeros, library sizes, normalisation', () => {
    close(pearson(x.mean, y.mean), given.meanPearson, 1e-12);
    close(spearman(x.mean, y.mean), given.meanSpearman, 1e-12);
    expect(zeroFraction(generated)).toBe(given.zeroFraction);
    const library = libraryAgreement(real, generated);
    close(library.statistic, given.libraryKs, 1e-12);
    for (const [k, quantile] of given.libraryQuantiles.entries()) close(library.generated[k], quantile, 1e-12);
    const { values } = logNormalise(real);
    const mean = (f: (v: number) => number) => Array.from(values, f).reduce((a, b) => a + b, 0) / values.length;
    close(
      mean((v) => v),
      given.normalisedMean,
      1e-12,
    );
    close(
      mean((v) => v * v),
      given.normalisedSquare,
      1e-12,
    );
  });
});

describe('moments', () => {
  it('are the same through whole-number products and through f64, also where sums outgrow f32', () => {
    const counts = fixtureCells(9, 300, 7, 1.5);
    const large = { values: Float64Array.from(counts.values, (v) => v * 1000), dim: 7 };
    const shifted = { values: large.values.map((v) => v + 0.5), dim: 7 };
    const [whole, direct] = [geneMoments(large), geneMoments(shifted)];
    for (let k = 0; k < 49; k++) close(whole.covariance[k], direct.covariance[k], 1e-9);
    expect(Array.from(geneMeans(shifted))).toEqual(Array.from(direct.mean));
  });
});

describe('Fréchet distance', () => {
  it('is |δ|² + Σ (s − s′)² for Gaussians along the axes', () => {
    const moments = (mean: number[], sd: number[]) => ({
      cells: 10,
      mean: Float64Array.from(mean),
      covariance: Float64Array.from({ length: 9 }, (_, k) => (k % 4 === 0 ? sd[k / 4] ** 2 : 0)),
    });
    const distance = frechetDistance(moments([0, 1, 2], [1, 2, 0]), moments([1, 1, 4], [3, 2.5, 0.5]));
    close(distance, 1 + 4 + 4 + 0.25 + 0.25, 1e-12);
  });
});

describe('principal components', () => {
  it('of many genes come from iteration, as many and as exact as from the whole matrix', () => {
    // Three factors of variances 400, 100, 25 along axes, and noise of 1.
    const [n, genes] = [30, 400];
    const z = normals(3, n * (genes + 3));
    const values = new Float64Array(n * genes);
    for (let i = 0; i < n; i++) {
      const row = z.subarray(i * (genes + 3));
      for (let a = 0; a < genes; a++) values[i * genes + a] = row[3 + a] + (a < 3 ? [20, 10, 5][a] * row[a] : 0);
    }
    const moments = geneMoments({ values, dim: genes });
    const few = fitComponents(moments, 5);
    const all = fitComponents(moments, 29);
    for (let k = 0; k < 5; k++) close(few.variances[k], all.variances[k], 1e-8);
    const total = moments.covariance.reduce((sum, v, k) => sum + (k % (genes + 1) === 0 ? v : 0), 0);
    // The rank is n − 1, so that all of the variance lies in 29 components.
    close(
      all.variances.reduce((a, b) => a + b, 0),
      total,
      1e-9,
    );
    const scores = geneMoments(project(few, { values, dim: genes }));
    for (let k = 0; k < 5; k++) close(scores.covariance[k * 6], few.variances[k], 1e-7);
  });
});
