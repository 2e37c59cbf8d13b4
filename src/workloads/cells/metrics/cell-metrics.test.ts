/** The whole table on laws of which everything is known: cells of a mixture, drawn afresh, independently, and with effects on genes. */
import { describe, expect, it } from 'vitest';
import { imputationScore } from '../../../stats/expression/imputation.ts';
import { RandomWords } from '../../../stats/two-sample/random-words.ts';
import { finish } from '../../../stats/two-sample/steps.ts';
import { makeBins } from '../data/bins.ts';
import { cellMetricSteps, cellMetrics } from './cell-metrics.ts';
import { CELL_METRICS } from './definitions.ts';
import { metricsJson, perPerturbationCsv, stepsCsv } from './metrics-json.ts';
import { PERTURBATION_METRICS } from './perturbation-definitions.ts';
import type { CellMetrics, CellMetricsInput } from './types.ts';

const GENES = 12;
const genes = Array.from({ length: GENES }, (_, gene) => `G${gene}`);
const bins = makeBins('octave', 16);

/** Tokens of two kinds of cells, one with high genes 0–5, the other with high genes 6–11. `effect` is added to some genes. */
function mixture(seed: number, cells: number, effect: (cell: number, gene: number) => number = () => 0): Uint8Array {
  const words = new RandomWords(seed, 0);
  const tokens = new Uint8Array(cells * GENES);
  for (let cell = 0; cell < cells; cell++) {
    const kind = words.uniform() < 0.5 ? 0 : 1;
    for (let gene = 0; gene < GENES; gene++) {
      const most = (gene < GENES / 2 === (kind === 0) ? 8 : 2) + (gene % 6);
      tokens[cell * GENES + gene] = Math.min(15, Math.floor(words.uniform() * most) + effect(cell, gene));
    }
  }
  return tokens;
}

/** Each gene of another cell: marginals kept, structure lost. */
function scrambled(tokens: Uint8Array): Uint8Array {
  const cells = tokens.length / GENES;
  return tokens.map((_, i) => {
    const [cell, gene] = [Math.floor(i / GENES), i % GENES];
    return tokens[((cell + 17 * (gene + 1)) % cells) * GENES + gene];
  });
}

const input = (generated: Uint8Array, more: Partial<CellMetricsInput> = {}): CellMetricsInput => ({
  genes,
  bins,
  generated: { tokens: generated },
  real: { tokens: mixture(1, 500) },
  training: { tokens: mixture(2, 600) },
  seed: 5,
  ...more,
});

const rowOf = ({ rows }: Pick<CellMetrics, 'rows'>, id: string) => rows.find((row) => row.id === id)!;

describe('generated cells', () => {
  const right = cellMetrics(input(mixture(3, 800)));
  const wrong = cellMetrics(input(scrambled(mixture(3, 800))));

  it('have every metric, with words, space, floor and baselines, of equally many cells', () => {
    expect(right.rows.map(({ id }) => id)).toEqual(CELL_METRICS.map(({ id }) => id));
    expect(right.cells).toBe(500);
    for (const row of right.rows) {
      expect(row.definition.length).toBeGreaterThan(20);
      expect(row.space).not.toBe('');
      expect(row.value, row.id).not.toBeNull();
      expect(row.floor, row.id).not.toBeNull();
      expect(Object.keys(row.baselines)).toEqual(['independent', 'zero', 'mode', 'median']);
      expect(row.n).toBeLessThanOrEqual(500);
    }
  });

  it('of the right law come as near as training cells do; independent genes do not', () => {
    for (const id of ['corr_mse', 'sliced_w2', 'frechet', 'mmd2_cfgen', 'log_corr_mse', 'log_frechet']) {
      const [fine, lost] = [rowOf(right, id), rowOf(wrong, id)];
      // Two draws of one law scatter by less than a factor of 2.5 about the floor; sliced W2, whose floor is highest, doubles for lost structure.
      expect(fine.value! / fine.floor!, id).toBeLessThan(2.5);
      expect(lost.value!, id).toBeGreaterThan(1.6 * fine.value!);
      expect(lost.value! / fine.baselines.independent!, id).toBeGreaterThan(0.6);
      expect(lost.value! / fine.baselines.independent!, id).toBeLessThan(1.6);
    }
    expect(rowOf(right, 'corr_slope').value).toBeGreaterThan(0.9);
    expect(Math.abs(rowOf(wrong, 'corr_slope').value!)).toBeLessThan(0.15);
    expect(Math.abs(rowOf(right, 'mmd2_st3').value!)).toBeLessThan(0.003);
    expect(rowOf(wrong, 'mmd2_st3').value).toBeGreaterThan(0.004);
    // The mean cannot tell them apart: why it is not enough.
    for (const each of [right, wrong]) expect(rowOf(each, 'mean_pearson').value).toBeGreaterThan(0.97);
  });

  it('that hold no molecule have no correlation and no mean to compare', () => {
    expect(rowOf(right, 'corr_slope').baselines.zero).toBe(0);
    expect(rowOf(right, 'mean_pearson').baselines.zero).toBeNull();
    const zeros = rowOf(right, 'zero_fraction');
    expect(zeros.baselines.zero).toBeCloseTo(1 - (zeros.parts!.real as number), 12);
    expect(rowOf(right, 'log_corr_mse').baselines.mode).toBe(rowOf(right, 'log_corr_mse').baselines.zero);
  });

  it('are told step by step, and the same each time', () => {
    const steps = cellMetricSteps(input(mixture(3, 800)));
    const told: string[] = [];
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        expect(step.value).toEqual(right);
        break;
      }
      told.push(step.value.metric);
    }
    expect(new Set(told).size).toBe(6);
    expect(told.length).toBeGreaterThan(100);
  });

  it('without training cells are compared with half of the real ones, and say so', () => {
    const alone = cellMetrics(input(mixture(3, 800), { training: undefined }));
    expect(alone.cells).toBe(250);
    expect(alone.notes).toEqual([expect.stringContaining('No training cells')]);
    expect(rowOf(alone, 'corr_slope').floor).toBeGreaterThan(0.8);
  });

  it('are refused where they are not finished or do not fit', () => {
    const masked = mixture(3, 20).fill(16, 5, 6);
    expect(() => cellMetrics(input(masked))).toThrow('gene 5');
    expect(() => cellMetrics(input(new Uint8Array(7)))).toThrow('12 genes');
    expect(() => cellMetrics(input(mixture(3, 20), { real: { tokens: mixture(1, 1) } }))).toThrow('at least two');
  });

  it('give imputation and likelihood rows beside what needs no model', () => {
    const truth = mixture(4, 300);
    const hidden = truth.map((_, i) => Number(i % 5 === 0));
    const predicted = truth.map((token, i) => (i % 2 === 0 ? token : Math.min(15, token + 2)));
    const nll = Float64Array.from(truth, (_, i) => 1 + (i % 3) / 10);
    const found = cellMetrics(
      input(mixture(3, 100), {
        imputation: { truth, predicted, hidden },
        likelihood: { nll, baselines: { independent: 1.5 } },
        cells: 60,
      }),
    );
    expect(rowOf(found, 'impute_exact').value).toBeCloseTo(0.5, 12);
    expect(rowOf(found, 'impute_mae').value).toBe(imputationScore(predicted, truth, hidden).mae);
    expect(rowOf(found, 'impute_within_3').value).toBe(1);
    expect(rowOf(found, 'impute_exact').baselines.zero).toBe(
      imputationScore(new Uint8Array(truth.length), truth, hidden).exact,
    );
    expect(rowOf(found, 'impute_exact').n).toBe(720);
    expect(rowOf(found, 'nll')).toMatchObject({ baselines: { independent: 1.5 }, n: 300 });
    expect(rowOf(found, 'nll').value).toBeCloseTo(1.1, 12);
  });
});

describe('a classifier', () => {
  it('tells cells of another law, and not training cells', () => {
    const found = cellMetrics(
      input(
        mixture(3, 100, () => 3),
        { classifier: true, cells: 40 },
      ),
    );
    const { value, floor, baselines, n } = rowOf(found, 'c2st');
    expect(value).toBeGreaterThan(0.8);
    // The standard error of a share among 80 cells is 0.056.
    expect(Math.abs(floor! - 0.5)).toBeLessThan(0.23);
    expect(Object.keys(baselines)).toEqual(['independent']);
    expect(n).toBe(40);
  });
});

describe('perturbations', () => {
  const names = ['control', 'G1', 'other', 'G7', 'rare'];
  /** 90 cells each, `rare` 4; perturbation p raises genes 2p − 1, 2p and 2p + 1. */
  const perturbed = (seed: number, strength = 6) => {
    const perturbation = Uint32Array.from({ length: 364 }, (_, cell) => (cell < 360 ? cell % 4 : 4));
    const raised = (cell: number, gene: number) =>
      perturbation[cell] > 0 && Math.abs(gene - 2 * perturbation[cell]) <= 1 ? strength : 0;
    return { tokens: mixture(seed, 364, raised), perturbation };
  };
  const measure = (generated: CellMetricsInput['generated']) =>
    cellMetrics({
      genes,
      bins,
      generated,
      real: perturbed(11),
      training: perturbed(12),
      perturbations: { names, control: 'control' },
      seed: 7,
    });
  const right = measure(perturbed(13));

  it('that are right are told apart; controls in their place are not', () => {
    const delta = rowOf(right, 'pearson_delta');
    expect(delta.value).toBeGreaterThan(0.8);
    expect(delta.floor).toBeGreaterThan(0.8);
    expect(delta.ceiling).toBeGreaterThan(0.6);
    expect(delta.baselines.control).toBeLessThan(0.5);
    expect(rowOf(right, 'discrimination_score_l2').value).toBe(1);
    expect(rowOf(right, 'de_sig_genes_recall').value).toBeGreaterThan(0.7);
    expect(rowOf(right, 'de_sig_genes_recall').baselines.control).toBeLessThan(0.35);
    expect(rowOf(measure(perturbed(13, 0)), 'de_sig_genes_recall').value).toBeLessThan(0.35);
  });

  it('have a line each, with the spread beside the mean; too rare ones are named', () => {
    expect(right.perturbations.map(({ perturbation, cells, controls }) => [perturbation, cells, controls])).toEqual([
      ['G1', 90, 90],
      ['other', 90, 90],
      ['G7', 90, 90],
    ]);
    expect(right.notes).toEqual([expect.stringContaining('rare is left out')]);
    const values = right.perturbations.map(({ values }) => values.mae.generated!);
    const { value, parts } = rowOf(right, 'mae');
    expect(value).toBeCloseTo((values[0] + values[1] + values[2]) / 3, 12);
    expect(parts).toMatchObject({ perturbations: 3, min: Math.min(...values), max: Math.max(...values) });
  });

  it('without generated controls are held against real ones, and without labels are refused', () => {
    const { tokens, perturbation } = perturbed(13);
    const keep = Array.from(perturbation.keys()).filter((cell) => perturbation[cell] !== 0);
    const found = measure({
      tokens: Uint8Array.from(keep.flatMap((cell) => Array.from(tokens.subarray(cell * GENES, (cell + 1) * GENES)))),
      perturbation: Uint32Array.from(keep, (cell) => perturbation[cell]),
    });
    expect(found.notes.join(' ')).toContain('No control cells were generated');
    expect(rowOf(found, 'pearson_delta').value).toBeGreaterThan(0.8);
    expect(() => measure({ tokens })).toThrow('no perturbation label');
  });

  it('are written: canonical JSON, a line a perturbation and set, a line a number of steps', () => {
    const json = JSON.parse(metricsJson(right));
    expect(json.metrics).toHaveLength(CELL_METRICS.length + PERTURBATION_METRICS.length + 2);
    expect(json.perturbations[0].values.mae.generated).toBe(right.perturbations[0].values.mae.generated);
    expect(metricsJson(right)).toBe(
      metricsJson(
        finish(
          cellMetricSteps({
            genes,
            bins,
            generated: perturbed(13),
            real: perturbed(11),
            training: perturbed(12),
            perturbations: { names, control: 'control' },
            seed: 7,
          }),
        ),
      ),
    );
    const table = perPerturbationCsv(right)
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    expect(table).toHaveLength(1 + 3 * 5);
    expect(table[0]).toHaveLength(4 + PERTURBATION_METRICS.length);
    expect(table.slice(1, 6).map(([name, set]) => `${name} ${set}`)).toEqual([
      'G1 generated',
      'G1 training',
      'G1 control',
      'G1 all_perturbed',
      'G1 ceiling',
    ]);
    const steps = stepsCsv([{ rule: 'tweedie', schedule: 'loglinear', steps: 64, calls: 64, metrics: right }]);
    const lines = steps
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    expect(lines.map(([rule]) => rule)).toEqual([
      'rule',
      'tweedie',
      'floor',
      'independent',
      'zero',
      'mode',
      'median',
      'control',
      'all_perturbed',
    ]);
    expect(Number(lines[1][lines[0].indexOf('corr_slope')])).toBe(rowOf(right, 'corr_slope').value);
  });
});
