/** Imputation, likelihood, baselines and choosing of cells, against values worked out by hand or known in the limit. */
import { describe, expect, it } from 'vitest';
import { independentCells, medianTokens, modeTokens, repeatedCell, tokenCounts } from './baselines.ts';
import { FIXTURE_BINS, fixtureCells } from './fixtures/cells.ts';
import { correlationAgreement } from './gene-correlation.ts';
import { imputationScore } from './imputation.ts';
import { summariseNll } from './likelihood.ts';
import { geneMoments } from './moments.ts';
import { logNormalise } from './normalise.ts';
import { chooseCells, takeCells } from './subsample.ts';

describe('imputation', () => {
  it('looks at hidden places alone', () => {
    const truth = [0, 5, 3, 9, 0, 15];
    const predicted = [0, 9, 4, 9, 7, 0];
    const score = imputationScore(predicted, truth, [1, 0, 1, 1, 1, 1]);
    expect(score).toEqual({
      hidden: 5,
      exact: 2 / 5,
      mae: (0 + 1 + 0 + 7 + 15) / 5,
      within: [3 / 5, 3 / 5, 3 / 5, 4 / 5],
    });
    expect(() =>
      imputationScore(
        truth,
        truth,
        truth.map(() => 0),
      ),
    ).toThrow('no token is hidden');
  });
});

describe('likelihood', () => {
  it('means by gene and by cell, and the error of the mean', () => {
    const { mean, error, byGene } = summariseNll({ values: [1, 2, 3, 6], dim: 2 });
    expect([mean, ...byGene]).toEqual([3, 2, 4]);
    // Cells of 1.5 and 4.5: standard deviation 3/√2, over √2.
    expect(error).toBeCloseTo(1.5, 14);
  });
});

describe('baselines', () => {
  const training = fixtureCells(21, 400, 6, 1.5);

  it('independent cells keep the marginals and lose the correlations', () => {
    const cells = independentCells(training, 4000, 5, 3);
    const [real, made] = [geneMoments(training), geneMoments(cells)];
    for (let a = 0; a < 6; a++) {
      const error = Math.sqrt(real.covariance[a * 7] / 4000);
      expect(Math.abs(made.mean[a] - real.mean[a])).toBeLessThanOrEqual(4.5 * error);
    }
    // 4,000 cells leave correlations of 0.016 by chance; the fixture's are about 0.4.
    expect(Math.abs(correlationAgreement(real, made).slope)).toBeLessThan(0.1);
    expect(Array.from(independentCells(training, 9, 5, 3).values)).toEqual(Array.from(cells.values).slice(0, 54));
  });

  it('mode and median of each gene', () => {
    const counts = tokenCounts({ values: [0, 3, 0, 1, 2, 1, 5, 2], dim: 2 }, 6);
    expect(Array.from(modeTokens(counts, 6))).toEqual([0, 1]);
    expect(Array.from(medianTokens(counts, 6))).toEqual([0, 1]);
    expect(Array.from(repeatedCell(modeTokens(counts, 6), 2).values)).toEqual([0, 1, 0, 1]);
    expect(tokenCounts(training, FIXTURE_BINS).reduce((a, b) => a + b, 0)).toBe(2400);
  });
});

describe('choosing cells', () => {
  it('repeats none while there are enough, and each seed has its own', () => {
    const chosen = chooseCells(50, 50, 1, 0);
    expect(new Set(chosen).size).toBe(50);
    expect(chooseCells(50, 20, 1, 0)).toEqual(chosen.slice(0, 20));
    expect(chooseCells(50, 50, 2, 0)).not.toEqual(chosen);
    const more = chooseCells(5, 200, 1, 0);
    expect(new Set(more.slice(0, 5)).size).toBe(5);
    expect(new Set(more.slice(5)).size).toBe(5);
  });

  it('copies the rows', () => {
    const { values, dim } = takeCells(Uint8Array.of(1, 2, 3, 4, 5, 6), 2, Uint32Array.of(2, 0, 2));
    expect([dim, ...values]).toEqual([2, 5, 6, 1, 2, 5, 6]);
  });
});

describe('normalisation', () => {
  it('gives every cell ten thousand counts, and leaves an empty cell empty', () => {
    const { values } = logNormalise({ values: [1, 3, 0, 0], dim: 2 });
    expect(Math.expm1(values[0]) + Math.expm1(values[1])).toBeCloseTo(1e4, 8);
    expect(Array.from(values).slice(2)).toEqual([0, 0]);
  });
});
