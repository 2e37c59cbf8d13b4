/** Perturbation metrics against NumPy and SciPy (fixtures/make_reference.py), and against values worked out by hand. */
import { describe, expect, it } from 'vitest';
import { fixtureCells } from '../expression/fixtures/cells.ts';
import { geneMeans } from '../expression/moments.ts';
import { aggregate } from './aggregate.ts';
import { deAgreement } from './de-agreement.ts';
import { differentialExpression } from './differential.ts';
import { discriminationScores, type EffectDistance, effectAgreement, effectOf } from './effects.ts';
import { energyDistance } from './energy.ts';
import { benjaminiHochberg } from './false-discovery.ts';
import { fixtureGroups, PERTURBATIONS } from './fixtures/groups.ts';
import reference from './fixtures/reference.json';
import { rankSumSorted } from './rank-sum.ts';
import { averagePrecision, rocAuc } from './ranking.ts';

const close = (value: number, expected: number, relative: number) =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(relative * Math.max(Math.abs(expected), 1e-3));

describe('rank-sum test', () => {
  it.each(reference.rankSum)(
    'agrees with SciPy on tokens with ties: $n against $m',
    ({ seedA, seedB, n, m, u, pValue }) => {
      const column = (seed: number, count: number, level: number) =>
        Float64Array.from({ length: count }, (_, i) => fixtureCells(seed, count, 2, level).values[2 * i + 1]).sort();
      const found = rankSumSorted(column(seedA, n, 1.5), column(seedB, m, 1));
      expect(found.u).toBe(u);
      close(found.pValue, pValue, 1e-10);
    },
  );

  it('finds nothing where all values are equal, and refuses what is no sample', () => {
    expect(rankSumSorted(Float64Array.of(0, 0), Float64Array.of(0, 0, 0))).toEqual({ u: 3, pValue: 1 });
    expect(() => rankSumSorted(Float64Array.of(), Float64Array.of(1))).toThrow('empty');
    expect(() => rankSumSorted(Float64Array.of(1, Number.NaN), Float64Array.of(1))).toThrow('not a number');
  });
});

describe('false discovery rate', () => {
  it('is that of the example in Benjamini and Hochberg 1995', () => {
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ];
    // They reject the four smallest at 5 %.
    expect(Array.from(benjaminiHochberg(p)).filter((q) => q <= 0.05)).toHaveLength(4);
    expect(benjaminiHochberg([0.04, 0.01, 0.03])[1]).toBeCloseTo(0.03, 14);
    expect(Array.from(benjaminiHochberg([0.04, 0.01, 0.03]))[2]).toBeCloseTo(0.04, 14);
  });
});

describe('ranking', () => {
  it('areas of small lists', () => {
    const positive = [true, false, true, false];
    expect(rocAuc(positive, [4, 3, 2, 1])).toBe(0.75);
    expect(averagePrecision(positive, [4, 3, 2, 1])).toBeCloseTo((1 + 2 / 3) / 2, 14);
    // All scores equal: chance.
    expect(rocAuc(positive, [1, 1, 1, 1])).toBe(0.5);
    expect(averagePrecision(positive, [1, 1, 1, 1])).toBe(0.5);
    expect(rocAuc([true, true], [1, 2])).toBeNaN();
    expect(averagePrecision([false, false], [1, 2])).toBeNaN();
  });
});

describe('agrees with Cell-Eval’s definitions in NumPy', () => {
  const [real, predicted] = [fixtureGroups(100, 40, 60, 3), fixtureGroups(200, 30, 50, 2)];
  const bulks = [real, predicted].map(({ groups, control }) =>
    groups.map((group) => ({ perturbed: geneMeans(group), control: geneMeans(control) })),
  );
  const effects = bulks.map((each) => each.map(effectOf));
  const changes = [real, predicted].map(({ groups, control }) => differentialExpression(groups, control));

  it.each(reference.perturbations.map((given, p) => ({ p, given })))('perturbation $p', ({ p, given }) => {
    const effect = effectAgreement(bulks[0][p], bulks[1][p]);
    for (const key of ['pearsonDelta', 'mae', 'mse', 'maeDelta', 'mseDelta'] as const) {
      close(effect[key], given[key], 1e-11);
    }
    const [ofReal, ofPredicted] = changes.map((each) => each[p]);
    for (let gene = 0; gene < ofReal.fdr.length; gene++) {
      close(ofReal.foldChange[gene], given.foldChange[gene], 1e-11);
      close(ofReal.pValue[gene], given.pValue[gene], 1e-9);
      close(ofReal.fdr[gene], given.fdr[gene], 1e-9);
    }
    const found = deAgreement(ofReal, ofPredicted, [3, 50]);
    expect([found.significantReal, found.significantPredicted]).toEqual(given.significant);
    expect(found.overlap).toEqual(given.overlap);
    expect(found.precision).toEqual(given.precision);
    for (const key of ['directionMatch', 'lfcSpearman', 'recall', 'prAuc', 'rocAuc'] as const) {
      close(found[key], given[key], 1e-11);
    }
    close(energyDistance(real.groups[p], real.control), given.energy, 1e-11);
    for (const by of ['l1', 'l2', 'cosine'] as const) {
      const score = (shift: number) => {
        const made = effects[1].map((_, k) => effects[1][(k + shift) % PERTURBATIONS]);
        return discriminationScores(
          effects[0],
          made,
          by,
          effects[0].map((_, k) => k),
        )[p];
      };
      close(score(0), given.discrimination[by][0], 1e-12);
      close(score(1), given.discrimination[by][1], 1e-12);
    }
  });
});

describe('discrimination', () => {
  it('gives a prediction without any effect the middle rank by cosine', () => {
    const real = [Float64Array.of(1, 0), Float64Array.of(0, 1), Float64Array.of(1, 1)];
    const none = real.map(() => new Float64Array(2));
    for (const by of ['cosine'] satisfies EffectDistance[]) {
      expect(Array.from(discriminationScores(real, none, by))).toEqual([1, 1, 1].map(() => 1 - 1 / 3));
    }
  });
});

describe('energy distance', () => {
  it('of points a and b is 2|a − b|', () => {
    expect(energyDistance({ values: [0, 0], dim: 2 }, { values: [3, 4], dim: 2 })).toBe(10);
  });
});

describe('aggregate', () => {
  it('leaves out what is no number', () => {
    const { mean, median, sd, min, max, n } = aggregate([4, Number.NaN, 1, 1, 2]);
    expect([mean, median, min, max, n]).toEqual([2, 1.5, 1, 4, 4]);
    expect(sd).toBeCloseTo(Math.sqrt(2), 14);
    expect(aggregate([Number.NaN])).toMatchObject({ mean: Number.NaN, min: Number.NaN, n: 0 });
  });
});
