/**
 * The one entry: every metric of generated cells, each with its definition, space, floor and baselines. A generator of bounded steps, so
 * that a worker can tell how far it is and look for messages; same input and seed, same numbers, but for the last digits of `exp` and `log`
 * in another JavaScript engine.
 */
import { medianTokens, modeTokens, tokenCounts } from '../../../stats/expression/baselines.ts';
import { imputationScore, WITHIN } from '../../../stats/expression/imputation.ts';
import { summariseNll } from '../../../stats/expression/likelihood.ts';
import { finish, type Steps } from '../../../stats/two-sample/steps.ts';
import { classifierRow } from './classifier.ts';
import { CELL_METRICS, IMPUTATION_METRICS, LIKELIHOOD_METRIC } from './definitions.ts';
import { candidatesOf, measureCells } from './measure.ts';
import { perturbationMetricSteps } from './perturbations.ts';
import { samplesOf } from './sets.ts';
import {
  type CellMetrics,
  type CellMetricsInput,
  type ImputationInput,
  type LikelihoodInput,
  type MetricProgress,
  type MetricRow,
  orNull,
} from './types.ts';

/** @throws ConfigError where cells, genes, labels and bins do not fit together */
export function* cellMetricSteps(input: CellMetricsInput): Steps<MetricProgress, CellMetrics> {
  const { seed, genes, bins, perturbations, imputation, likelihood, classifier, training, real } = input;
  const samples = samplesOf(input);
  const names = candidatesOf(samples).map(([name]) => name);
  const measured = yield* measureCells(samples, seed);
  const rows: MetricRow[] = CELL_METRICS.map((words) => {
    const { values, n, parts } = measured.find(({ id }) => id === words.id)!;
    const [value, floor, ...others] = values.map(orNull);
    const baselines = Object.fromEntries(names.slice(2).map((name, i) => [name, others[i]]));
    return { ...words, value, floor, baselines, n, seed, ...(parts && { parts }) };
  });
  const told = classifier ? [yield* classifierRow(samples, seed)] : [];
  const counts = tokenCounts({ values: (training ?? real).tokens, dim: genes.length }, bins.count);
  const ofPerturbations = perturbations ? yield* perturbationMetricSteps(input, perturbations) : undefined;
  return {
    cells: samples.cells,
    genes: genes.length,
    seed,
    rows: [
      ...rows,
      ...told,
      ...(imputation ? imputationRows(imputation, counts, bins.count, seed) : []),
      ...(likelihood ? [likelihoodRow(likelihood, genes.length, seed)] : []),
      ...(ofPerturbations?.rows ?? []),
    ],
    perturbationMetrics: ofPerturbations?.metrics ?? [],
    perturbations: ofPerturbations?.perturbations ?? [],
    notes: [...samples.notes, ...(ofPerturbations?.notes ?? [])],
  };
}

/** `cellMetricSteps` without a pause. */
export function cellMetrics(input: CellMetricsInput): CellMetrics {
  return finish(cellMetricSteps(input));
}

/** Exact match, error and within-k, beside guesses that need no model: zero, and each gene's mode and median in training. */
export function imputationRows(
  { truth, predicted, hidden }: ImputationInput,
  trainingCounts: Float64Array,
  bins: number,
  seed: number,
): MetricRow[] {
  const genes = trainingCounts.length / bins;
  const score = (guess: ArrayLike<number>) => imputationScore(guess, truth, hidden);
  const everywhere = (cell: Uint16Array) => score(Uint16Array.from(truth, (_, i) => cell[i % genes]));
  const made = score(predicted);
  const baselines = {
    zero: everywhere(new Uint16Array(genes)),
    mode: everywhere(modeTokens(trainingCounts, bins)),
    median: everywhere(medianTokens(trainingCounts, bins)),
  };
  const row = (words: (typeof IMPUTATION_METRICS)['exact' | 'mae'], of: (each: typeof made) => number): MetricRow => ({
    ...words,
    value: of(made),
    floor: null,
    baselines: Object.fromEntries(Object.entries(baselines).map(([name, each]) => [name, of(each)])),
    n: made.hidden,
    seed,
  });
  return [
    row(IMPUTATION_METRICS.exact, ({ exact }) => exact),
    row(IMPUTATION_METRICS.mae, ({ mae }) => mae),
    ...WITHIN.map((k, i) => row(IMPUTATION_METRICS.within(k), ({ within }) => within[i])),
  ];
}

/** Nats a gene beside the models to beat. */
export function likelihoodRow({ nll, baselines }: LikelihoodInput, genes: number, seed: number): MetricRow {
  const { mean, error } = summariseNll({ values: nll, dim: genes });
  return {
    ...LIKELIHOOD_METRIC,
    value: orNull(mean),
    floor: null,
    baselines,
    n: nll.length / genes,
    seed,
    parts: { standard_error: orNull(error) },
  };
}
