import { describe, expect, it } from 'vitest';
import { keyOfSeed, threefry2x32, uniform01 } from '../../../stats/threefry.ts';
import { makeBins } from '../data/bins.ts';
import type { TokenData } from '../data/types.ts';
import { fitIndependent, fitLabels, fitMixture } from './fit.ts';
import { hiddenGenes, medianOf, mixtureGuess, modeOf, scoreImputation, zeroGuess } from './impute.ts';
import { conditional, logJoints, type MixtureModel, negativeLogLikelihood } from './model.ts';
import { fitBaselines } from './scores.ts';

/** Two components of three genes with two bins. */
const PRIOR = [0.25, 0.75];
const TABLES = [
  [0.9, 0.1, 0.2, 0.8, 0.5, 0.5],
  [0.3, 0.7, 0.6, 0.4, 0.1, 0.9],
];
const small: MixtureModel = {
  classes: 2,
  genes: 3,
  bins: 2,
  logPrior: Float64Array.from(PRIOR, Math.log),
  logProb: Float64Array.from(TABLES.flat(), Math.log),
};
const states = Array.from({ length: 8 }, (_, i) => [i >> 2, (i >> 1) & 1, i & 1]);
const joint = (x: readonly number[]) =>
  PRIOR.reduce((sum, p, k) => sum + p * x.reduce((product, v, gene) => product * TABLES[k][2 * gene + v], 1), 0);

describe('a mixture', () => {
  it('has the likelihood of its sum over components', () => {
    const tokens = Uint8Array.from(states.flat());
    states.forEach((x, cell) => {
      expect(negativeLogLikelihood(small, tokens, [cell])).toBeCloseTo(-Math.log(joint(x)) / 3, 12);
    });
  });

  it('has the conditionals of its enumerated law, whatever is hidden', () => {
    const joints = new Float64Array(2);
    const p = new Float64Array(2);
    // 2 is the mask: gene 1 is asked for with gene 0 seen and gene 2 hidden.
    logJoints(small, Uint8Array.of(1, 2, 2), 0, joints);
    conditional(small, joints, 1, p);
    const mass = (value: number) =>
      states.filter((x) => x[0] === 1 && x[1] === value).reduce((sum, x) => sum + joint(x), 0);
    expect(p[1]).toBeCloseTo(mass(1) / (mass(0) + mass(1)), 12);
    expect(p[0] + p[1]).toBeCloseTo(1, 12);
  });
});

/** Cells of two kinds whose genes agree: p = 0.95 for the kind's own value. */
function twoKinds(cells: number, genes: number) {
  const tokens = new Uint8Array(cells * genes);
  const codes = new Uint32Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    codes[cell] = cell % 2;
    for (let gene = 0; gene < genes; gene++) {
      const [word] = threefry2x32(keyOfSeed(1), [cell, gene]);
      tokens[cell * genes + gene] = uniform01(word) < 0.95 ? codes[cell] : 1 - codes[cell];
    }
  }
  const order = Array.from({ length: cells }, (_, i) => i);
  return { genes, bins: 2, tokens, codes, training: order.slice(cells / 4), heldOut: order.slice(0, cells / 4) };
}

describe('fits', () => {
  const data = twoKinds(400, 10);
  const nll = (model: MixtureModel) => negativeLogLikelihood(model, data.tokens, data.heldOut);
  // ln 2 a cell for the kind, and the entropy of .95 a gene.
  const truth = Math.log(2) / 10 - 0.95 * Math.log(0.95) - 0.05 * Math.log(0.05);

  it('find nothing in marginals, the truth by label and without', () => {
    expect(nll(fitIndependent(data, data.training))).toBeCloseTo(Math.log(2), 2);
    expect(Math.abs(nll(fitLabels(data, data.training, data.codes, 2)) - truth)).toBeLessThan(0.03);
    expect(Math.abs(nll(fitMixture(data, data.training, { classes: 2, seed: 3 })) - truth)).toBeLessThan(0.03);
  });

  it('are the same again, and others by another seed', () => {
    const tables = (seed: number) => fitMixture(data, data.training, { classes: 4, seed }).logProb;
    expect(tables(3)).toEqual(tables(3));
    expect(tables(4)).not.toEqual(tables(3));
  });

  it('leave no bin at zero probability', () => {
    const rare = { genes: 1, bins: 5, tokens: Uint8Array.of(0, 0, 0, 1) };
    for (const model of [fitIndependent(rare, [0, 1, 2]), fitMixture(rare, [0, 1, 2], { classes: 2, seed: 0 })])
      for (let k = 0; k < model.classes; k++) {
        const p = model.logProb.subarray(5 * k, 5 * k + 5).map(Math.exp);
        expect(Math.min(...p)).toBeGreaterThan(0);
        expect(p.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
      }
  });

  it('ignore cells without a label', () => {
    const codes = data.codes.map((code, cell) => (cell < 300 ? code : 2));
    const known = data.training.filter((cell) => cell < 300);
    expect(fitLabels(data, data.training, codes, 2)).toEqual(fitLabels(data, known, data.codes, 2));
  });
});

describe('the rows beside a network', () => {
  it('are those that the data have labels for, each better than the one before', async () => {
    const kinds = twoKinds(400, 10);
    const data = {
      ...{ cells: 400, genes: Array.from({ length: 10 }, (_, i) => `g${i}`), bins: makeBins('exact', 2) },
      ...{ tokens: kinds.tokens, cellType: { names: ['a', 'b'], codes: kinds.codes } },
    } as unknown as TokenData;
    const split = { training: Uint32Array.from(kinds.training), heldOut: Uint32Array.from(kinds.heldOut) };
    let pauses = 0;
    const { scores, mixture } = await fitBaselines(data, split, 1, async () => {
      pauses++;
    });
    expect(pauses).toBeGreaterThan(1);
    expect(scores.map(({ id }) => id)).toEqual(['zero', 'independent', 'cell-type', 'mixture']);
    expect(scores[0].nll).toBeUndefined();
    expect(scores[2].nll).toBeLessThan(scores[1].nll!);
    expect(scores[2].imputation.exact).toBeGreaterThan(scores[1].imputation.exact);
    expect(negativeLogLikelihood(mixture, kinds.tokens, kinds.heldOut)).toBe(scores[3].nll);
  });
});

describe('imputation', () => {
  const data = twoKinds(400, 10);

  it('hides a share of the genes, the same for every model', () => {
    const hidden = Array.from({ length: 500 }, (_, cell) => hiddenGenes(10, cell, 7));
    // 1,000 of 5,000 with a standard deviation of 28.
    expect(Math.abs(hidden.flat().length - 1000)).toBeLessThan(113);
    expect(hiddenGenes(10, 3, 7)).toEqual(hidden[3]);
  });

  it('scores what a mixture knows, and what zero does not', () => {
    const score = (guess: ReturnType<typeof zeroGuess>) => scoreImputation(data, data.heldOut, guess, { seed: 1 });
    const mixture = score(mixtureGuess(fitMixture(data, data.training, { classes: 2, seed: 3 })));
    const zero = score(zeroGuess(2));
    expect(mixture.exact).toBeGreaterThan(0.9);
    expect(mixture.mae).toBeCloseTo(1 - mixture.exact, 12);
    expect(Math.abs(zero.exact - 0.5)).toBeLessThan(0.15);
    expect(zero.hidden).toBe(mixture.hidden);
  });

  it('guesses by mode and median', () => {
    expect(modeOf([0.2, 0.4, 0.4])).toBe(1);
    expect([medianOf([0.5, 0.5]), medianOf([0.4, 0.2, 0.4]), medianOf([0.1, 0.1, 0.8])]).toEqual([0, 1, 2]);
  });
});
