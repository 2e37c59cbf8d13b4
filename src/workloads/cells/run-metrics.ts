/** Finished cells of a run as their metrics take them. */
import { binHistogram } from './data/counts-from-bins.ts';
import type { Labels, TokenData } from './data/types.ts';
import { canCompare } from './metrics/perturbed-groups.ts';
import type { CellMetricsInput, CellSet, ImputationInput } from './metrics/types.ts';
import type { CellsProblem } from './problem.ts';

/**
 * Held-out cells stand for real ones, since no model has seen them; those it was trained on make floor and baselines.
 * @param items indices in the run, a row of tokens each
 * @param tokens [items][genes]
 */
export function metricsInput(
  { data, split, model, labels, known }: CellsProblem,
  items: readonly number[],
  tokens: Uint8Array,
  seed: number,
): CellMetricsInput {
  const { perturbation, control } = data;
  // Labels as the data count them: a model may know others.
  const codeOf = (index: number) => {
    const name = model.perturbations[labels[index].perturbation];
    const code = perturbation?.names.indexOf(name) ?? -1;
    return code < 0 ? (perturbation?.names.length ?? 0) : code;
  };
  const sets = {
    generated: { tokens, ...(perturbation && { perturbation: Uint32Array.from(items, codeOf) }) },
    real: cellsOf(data, split.heldOut, perturbation),
    training: cellsOf(data, split.training, perturbation),
  };
  const perturbations = perturbation && control !== undefined ? { names: perturbation.names, control } : undefined;
  return {
    genes: data.genes,
    bins: data.bins,
    ...sets,
    histogram: binHistogram(data, split.training),
    // With too few cells of each, those of all together are measured all the same.
    ...(perturbations && canCompare(sets, perturbations) && { perturbations }),
    ...(known && { imputation: imputationOf(data, known, items, tokens) }),
    seed,
  };
}

function cellsOf({ genes, tokens }: TokenData, cells: Uint32Array, labels: Labels | undefined): CellSet {
  const n = genes.length;
  const rows = new Uint8Array(cells.length * n);
  cells.forEach((cell, i) => {
    rows.set(tokens.subarray(cell * n, (cell + 1) * n), i * n);
  });
  return { tokens: rows, ...(labels && { perturbation: cells.map((cell) => labels.codes[cell]) }) };
}

function imputationOf(
  { genes, tokens: all, bins }: TokenData,
  known: NonNullable<CellsProblem['known']>,
  items: readonly number[],
  predicted: Uint8Array,
): ImputationInput {
  const n = genes.length;
  const truth = new Uint8Array(predicted.length);
  const hidden = new Uint8Array(predicted.length);
  items.forEach((index, i) => {
    const { cell, tokens: start } = known[index];
    truth.set(all.subarray(cell * n, (cell + 1) * n), i * n);
    hidden.set(
      start.map((token) => Number(token === bins.count)),
      i * n,
    );
  });
  return { truth, predicted, hidden };
}
