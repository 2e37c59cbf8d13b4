import { describe, expect, it } from 'vitest';
import { fitIndependent, fitMixture } from '../baselines/fit.ts';
import { scoreImputation } from '../baselines/impute.ts';
import { negativeLogLikelihood } from '../baselines/model.ts';
import { makeBins } from '../data/bins.ts';
import { splitCells } from '../data/split.ts';
import { tokenise } from '../data/tokenise.ts';
import { decodeToy, encodeToy } from './file.ts';
import { countAt, LARGEST, negativeBinomial } from './negative-binomial.ts';
import {
  CELL_TYPES,
  CONTROL,
  DEPTHS,
  GENES,
  isOn,
  KNOCK_OUTS,
  PERTURBATIONS,
  REGULATORS,
  trueEdges,
} from './network.ts';
import { simulateToy } from './simulate.ts';
import { TOY_COLUMNS, toyTable } from './table.ts';
import { toyGuess, toyLikelihood, toyTruth } from './truth.ts';

const toy = simulateToy(3000, 7);
const edges = makeBins('octave').edges!;
const shareOn = (regulator: number, perturbation: number) => {
  const cells = Array.from(toy.perturbation.keys()).filter((cell) => toy.perturbation[cell] === perturbation);
  return cells.filter((cell) => (toy.states[cell] >> regulator) & 1).length / cells.length;
};

describe('negative binomial counts', () => {
  it('have their mean and variance', () => {
    for (const [mean, size] of [
      [0.05, 3],
      [4.5, 2],
      [18, 4],
    ]) {
      const p = negativeBinomial(mean, size);
      const moment = (power: number) => p.reduce((sum, mass, k) => sum + mass * k ** power, 0);
      expect(moment(0)).toBeCloseTo(1, 12);
      expect(moment(1)).toBeCloseTo(mean, 6);
      expect(moment(2) - moment(1) ** 2).toBeCloseTo(mean + mean ** 2 / size, 4);
    }
  });

  it('are drawn by where a uniform number falls', () => {
    const p = Float64Array.of(0.5, 0.25, 0.25, ...new Float64Array(LARGEST - 2));
    expect([0.1, 0.49, 0.5, 0.74, 0.8].map((u) => countAt(p, u))).toEqual([0, 0, 1, 1, 2]);
    expect(countAt(p, 1)).toBe(LARGEST);
  });
});

describe('the toy', () => {
  it('has 64 genes of unique names, and edges that end at them', () => {
    const names = GENES.map(({ name }) => name);
    expect(new Set(names).size).toBe(64);
    for (const { from, to } of trueEdges()) {
      expect(names).toContain(to);
      expect(names).toContain(from);
    }
    for (const { parents } of REGULATORS.map((each, index) => ({ ...each, index })))
      expect(parents.every((parent) => parent < REGULATORS.length)).toBe(true);
  });

  it('begins with the same cells however many there are, and with others by another seed', () => {
    expect(simulateToy(50, 7).counts).toEqual(toy.counts.slice(0, 50 * 64));
    expect(simulateToy(50, 8).counts).not.toEqual(toy.counts.slice(0, 50 * 64));
  });

  it('is mostly zeros, with every type, perturbation and depth', () => {
    const zeros = toy.counts.filter((count) => count === 0).length / toy.counts.length;
    expect(zeros).toBeGreaterThan(0.6);
    expect(zeros).toBeLessThan(0.75);
    expect(new Set(toy.perturbation).size).toBe(PERTURBATIONS.length);
    expect(new Set(toy.cellType).size).toBe(CELL_TYPES.length);
    expect(new Set(toy.depth).size).toBe(DEPTHS.length);
  });

  it('keeps a knocked-out regulator off, and what lies below follows', () => {
    KNOCK_OUTS.forEach((regulator, i) => {
      expect(shareOn(regulator, i + 1)).toBe(0);
    });
    // A is above D and E, D above G, which represses I: about 570 control cells and 350 of each knock-out, so .035 is a standard deviation.
    const effect = (regulator: number) => shareOn(regulator, 1) - shareOn(regulator, 0);
    const [d, g, i, f] = [3, 6, 8, 5].map(effect);
    expect(d).toBeLessThan(-0.15);
    expect(g).toBeLessThan(-0.1);
    expect(i).toBeGreaterThan(0.05);
    expect(Math.abs(f)).toBeLessThan(0.12);
  });

  it('reads its rules', () => {
    expect([0, 1, 2, 3].map((state) => isOn({ kind: 'and', of: [0, 1] }, state, 0))).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect([0, 1, 2, 3].map((state) => isOn({ kind: 'and-not', of: [0, 1] }, state, 0))).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect([0, 1, 2, 3].map((state) => isOn({ kind: 'xor', of: [0, 1] }, state, 0))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([0, 1].map((type) => isOn({ kind: 'type', type: 1 }, 0, type))).toEqual([false, true]);
  });
});

describe('its truth', () => {
  const truth = toyTruth(edges);
  const data = tokenise(toyTable(toy), {
    bins: makeBins('octave'),
    source: 'toy',
    genes: GENES.map(({ name }) => name),
  });
  const rows = { genes: 64, bins: 16, tokens: data.tokens };

  it('knows the shares of its states', () => {
    for (const prior of truth.prior) expect(prior.reduce((sum, p) => sum + p)).toBeCloseTo(1, 12);
    // P(D on) in control cells: Σ over types of P(A | type), by hand.
    const pA = 0.4 * 0.7 + 0.35 * 0.1 + 0.25 * 0.4;
    const pD = truth.prior[0].reduce((sum, p, at) => sum + ((at >> 3) & 1 ? p : 0), 0);
    expect(pD).toBeCloseTo(0.85 * pA + 0.1 * (1 - pA), 12);
  });

  it('is likelier than any mixture, by far: what a network can win', () => {
    const { training, heldOut } = splitCells(toy.cells, 0);
    const some = heldOut.subarray(0, 200);
    const best = toyLikelihood(truth, data.tokens, some);
    const nll = (model: Parameters<typeof negativeLogLikelihood>[0]) => negativeLogLikelihood(model, data.tokens, some);
    const mixture = nll(fitMixture(rows, training, { seed: 0 }));
    expect(mixture - best).toBeGreaterThan(0.15);
    expect(nll(fitIndependent(rows, training)) - mixture).toBeGreaterThan(0.1);
    // Knowing the perturbation can only help.
    expect(toyLikelihood(truth, data.tokens, some, toy.perturbation)).toBeLessThan(best);
  });

  it('imputes with calibrated conditionals', () => {
    const cells = [...toy.states.keys()].slice(0, 60);
    const guess = toyGuess(truth);
    let [expected, variance] = [0, 0];
    const { exact, hidden } = scoreImputation(
      rows,
      cells,
      (tokens, genes, into) =>
        guess(tokens, genes, (gene, p) => {
          const most = Math.max(...p);
          expected += most;
          variance += most * (1 - most);
          into(gene, p);
        }),
      { seed: 1 },
    );
    expect(Math.abs(exact * hidden - expected)).toBeLessThan(4 * Math.sqrt(variance));
  });
});

describe('its table and file', () => {
  it('come back whole, to the byte each time', async () => {
    const few = simulateToy(40, 3);
    const bytes = await encodeToy({ ...few, seed: 3 });
    expect(await encodeToy({ ...few, seed: 3 })).toEqual(bytes);
    const { states: _, depth: __, ...kept } = few;
    expect(await decodeToy('toy.npz', bytes)).toEqual({ ...kept, seed: 3 });
    await expect(decodeToy('toy.npz', bytes.slice(0, 900))).rejects.toThrow('toy.npz');
  });

  it('have the labels by name, with the control found', () => {
    const data = tokenise(toyTable(toy), { bins: makeBins('octave'), source: 'toy', ...TOY_COLUMNS });
    expect(data.control).toBe(CONTROL);
    expect(data.perturbation?.names[data.perturbation.codes[5]]).toBe(PERTURBATIONS[toy.perturbation[5]]);
    expect(data.cellType?.names).toEqual(CELL_TYPES);
    expect(data.cells).toBe(3000);
  });
});
