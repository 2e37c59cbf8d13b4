/** A training of a score network from data to a network in a file: what it learns, how it ends, and that cutting it short changes nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { threefry2x32 } from '../../src/stats/threefry.ts';
import { fitBaselines } from '../../src/workloads/cells/baselines/scores.ts';
import { makeBins } from '../../src/workloads/cells/data/bins.ts';
import type { TokenData } from '../../src/workloads/cells/data/types.ts';
import { readCellsNetwork } from '../../src/workloads/cells/network-file.ts';
import { checkCellsRecipe } from '../../src/workloads/cells/training/check-recipe.ts';
import { decodeCellsCheckpoint, encodeCellsCheckpoint } from '../../src/workloads/cells/training/checkpoint-file.ts';
import { encodeTrained } from '../../src/workloads/cells/training/provenance.ts';
import { type CellsRecipe, DEFAULT_RECIPE, optimiserOf } from '../../src/workloads/cells/training/recipe.ts';
import { type CellsCheckpoint, CellsTrainingRun } from '../../src/workloads/cells/training/run.ts';

const genes = Array.from({ length: 8 }, (_, i) => `gene ${i}`);
const cells = 120;
/** Two kinds of cells, told by every gene: independent genes cost ln 2 a gene, a law that knows the kind a gene's noise alone. */
const word = (cell: number, what: number) => threefry2x32([7, 7], [cell, what])[0] / 2 ** 32;
const kinds = Uint32Array.from({ length: cells }, (_, cell) => (word(cell, 99) < 0.5 ? 0 : 1));
const tokens = Uint8Array.from({ length: cells * genes.length }, (_, i) => {
  const cell = Math.floor(i / genes.length);
  return word(cell, i % genes.length) < 0.9 ? kinds[cell] : 1 - kinds[cell];
});
const data: TokenData = {
  cells,
  genes,
  bins: makeBins('exact', 2),
  tokens,
  counts: { rows: 0, columns: 0, starts: new Uint32Array(1), columnOf: new Uint16Array(0), counts: new Uint16Array(0) },
  cellType: { names: ['one', 'other'], codes: kinds },
  source: 'a test',
  warnings: [],
};
const recipe: CellsRecipe = {
  ...DEFAULT_RECIPE,
  width: 16,
  heads: 1,
  layers: 1,
  batch: 8,
  validation: 0.2,
  judgeEvery: 20,
  patience: 3,
  optimiser: optimiserOf(DEFAULT_RECIPE.optimiser, { steps: 160, rate: 0.02 }),
};
const sizes = { ...defaultSizes, 'cells.judgedCells': 16 };

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const runOf = (changes: Partial<CellsRecipe> = {}, from?: CellsCheckpoint) =>
  new CellsTrainingRun({ gpu, recipe: { ...recipe, ...changes }, data, dataHash: 'sha256:0', sizes, from });

describe('a training on cells of two kinds', () => {
  it('learns more than independent genes know, with labels more than without, and says so in its file', async () => {
    const run = runOf({ drop: 0.5, validation: 0, optimiser: { ...recipe.optimiser, steps: 300, rate: 0.01 } });
    try {
      await run.run();
      const { nll, nllWithoutLabels, imputation } = await run.score();
      const { scores } = await fitBaselines(data, run.parts, 1);
      const independent = scores.find(({ id }) => id === 'independent')!;
      expect(nllWithoutLabels!.nats).toBeLessThan(independent.nll! - 0.1);
      // Given the kind a gene costs its noise, 0.325 nats.
      expect(nll.nats).toBeLessThan(nllWithoutLabels!.nats);
      expect(nll.nats).toBeGreaterThan(0.325 - 4 * nll.error);
      expect(imputation.exact).toBeGreaterThan(0.8);
      const { spec, weights, subject, provenance } = readCellsNetwork(
        'trained.safetensors',
        encodeTrained(run, { adapter: 'a test', score: { nll, nllWithoutLabels, imputation } }),
      );
      expect(spec).toEqual(run.spec);
      expect([...weights]).toEqual([...run.model.weights]);
      expect(subject).toEqual({ genes, bins: data.bins, perturbations: [], cellTypes: ['one', 'other'] });
      expect(provenance).toMatchObject({ heldOutNll: nll.nats, steps: run.chosen.step, source: 'a test' });
    } finally {
      await run.close();
    }
  });

  it('goes on from a file to the same weights', async () => {
    const whole = runOf({ optimiser: { ...recipe.optimiser, steps: 60 } });
    await whole.run();
    await whole.close();
    const short = runOf({ optimiser: { ...recipe.optimiser, steps: 60 } });
    const ended = short.run();
    short.stop();
    await ended;
    await short.close();
    const bytes = encodeCellsCheckpoint(short.checkpoint);
    const from = decodeCellsCheckpoint('short.training', bytes, data, 'sha256:0');
    expect(() => decodeCellsCheckpoint('short.training', bytes, data, 'sha256:1')).toThrow('other cells');
    expect(from.state.step).toBeLessThan(60);
    const rest = runOf({ optimiser: { ...recipe.optimiser, steps: 60 } }, from);
    await rest.run();
    await rest.close();
    expect([...rest.checkpoint.state.optimiser]).toEqual([...whole.checkpoint.state.optimiser]);
    expect(rest.judgements).toEqual(whole.judgements);
    expect([...rest.chosen.weights]).toEqual([...whole.chosen.weights]);
  });

  it('ends when the cells that judge have not been better known for a while, with the best weights', async () => {
    // So high a rate unlearns what the first steps have learned.
    const run = runOf({ judgeEvery: 4, patience: 2, optimiser: { ...recipe.optimiser, rate: 0.5, average: 0 } });
    await run.run();
    await run.close();
    expect(run.endedEarly).toBe(true);
    const { judgements, chosen } = run;
    const best = judgements.reduce((a, b) => (b.nats < a.nats ? b : a));
    expect(chosen.step).toBe(best.step);
    expect(judgements.at(-1)!.step).toBe(best.step + 2 * 4);
  });

  it('splits cells into three parts without overlap, by the seed of the split alone', () => {
    const { training, validation, heldOut } = runOf().parts;
    expect([...training, ...validation, ...heldOut].sort((a, b) => a - b)).toEqual(Array.from(kinds.keys()));
    expect(heldOut).toHaveLength(24);
    expect(validation).toHaveLength(19);
    expect([...runOf({ seed: 9 }).parts.heldOut]).toEqual([...heldOut]);
    expect([...runOf({ splitSeed: 9 }).parts.heldOut]).not.toEqual([...heldOut]);
  });

  it('holds out every cell once in cross-validation', () => {
    const parts = Array.from({ length: 5 }, (_, fold) => runOf({ folds: 5, fold }).parts);
    expect(parts.flatMap(({ heldOut }) => [...heldOut]).sort((a, b) => a - b)).toEqual(Array.from(kinds.keys()));
    for (const { training, validation, heldOut } of parts)
      expect(new Set([...training, ...validation, ...heldOut]).size).toBe(cells);
  });

  it.each([
    [{ fold: 5, folds: 5 }, 'fold', '5'],
    [{ width: 20 }, 'width', '20'],
    [{ batch: 0 }, 'batch', '0'],
    [{ variant: 'origin', timeFeatures: 8 }, 'drop', '0.1'],
    [{ objective: 'likelihood' }, 'objective', 'likelihood'],
    [{ optimiser: { ...recipe.optimiser, rate: -1 } }, 'learning-rate', '-1'],
  ] as const)('refuses %j by the name of its flag', (changes, field, value) => {
    const refused = () => runOf(checkCellsRecipe({ ...recipe, ...changes }));
    expect(refused).toThrow(expect.objectContaining({ field }));
    expect(refused).toThrow(value);
  });
});
