/** Whether a recipe can be trained, before anything is allocated or compiled. */
import * as v from 'valibot';
import { batchEntry, type SizeOverrides, sizeObjection } from '../../../batch/sizes.ts';
import { lackingFeature, type Precision } from '../../../gpu/precision.ts';
import type { AdapterReport } from '../../../gpu/report.ts';
import { checkScoreSpec, SCORE_VARIANTS, type ScoreNetworkSpec } from '../../../nn/score-network/spec.ts';
import { SCORE_PRECISIONS } from '../../../nn/score-network/tensors.ts';
import { ConfigError } from '../../workload.ts';
import type { TokenData } from '../data/types.ts';
import { type CellsRecipe, OBJECTIVES } from './recipe.ts';

const MOST = 2 ** 32 - 1;
const whole = (from: number, to: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(from), v.maxValue(to));
const between = (from: number, to: number) => v.pipe(v.number(), v.minValue(from), v.maxValue(to));

const RECIPE_SCHEMA = v.object({
  variant: v.picklist(SCORE_VARIANTS),
  layers: whole(1, 48),
  width: whole(8, 1024),
  heads: whole(1, 64),
  timeFeatures: whole(0, 1024),
  objective: v.picklist(OBJECTIVES),
  precision: v.picklist(SCORE_PRECISIONS),
  optimiser: v.object({
    rate: between(1e-8, 1),
    floor: between(0, 1),
    warmup: whole(0, MOST),
    steps: whole(1, 10_000_000),
    beta1: between(0, 1),
    beta2: between(0, 1),
    epsilon: between(0, 1),
    decay: between(0, 10),
    clip: between(1e-6, 1e6),
    average: between(0, 1),
  }),
  batch: v.number(),
  seed: whole(0, MOST),
  splitSeed: whole(0, MOST),
  drop: between(0, 1),
  heldOut: between(0.01, 0.9),
  folds: whole(0, 100),
  fold: whole(0, 99),
  validation: between(0, 0.5),
  judgeEvery: whole(1, MOST),
  patience: whole(1, MOST),
});

/** Flags are called otherwise than fields. */
const FLAGS: Readonly<Record<string, string>> = {
  timeFeatures: 'time-features',
  heldOut: 'held-out',
  splitSeed: 'split-seed',
  judgeEvery: 'judge-every',
  'optimiser.rate': 'learning-rate',
  'optimiser.steps': 'steps',
  'optimiser.decay': 'decay',
  'optimiser.average': 'average',
};

/** @throws ConfigError for the first field that is wrong, by the name of its flag */
export function checkCellsRecipe(given: unknown): CellsRecipe {
  const found = v.safeParse(RECIPE_SCHEMA, given);
  if (!found.success) {
    const [issue] = found.issues;
    const path = v.getDotPath(issue) ?? 'recipe';
    throw new ConfigError(FLAGS[path] ?? path, `${issue.message}.`);
  }
  const { folds, fold } = found.output;
  if (folds === 1) throw new ConfigError('folds', 'one fold holds out all cells: expected 0 for none, or 2 and more.');
  if (fold >= Math.max(folds, 1))
    throw new ConfigError('fold', `expected a whole number below the ${folds} folds, got ${fold}.`);
  const objection = sizeObjection(batchEntry('cells.trainingBatch')!, found.output.batch);
  if (objection !== undefined) throw new ConfigError('batch', objection);
  return found.output;
}

/** The network that a recipe makes of data. @throws ConfigError where it has no kernel, or no row for what the data hold */
export function specFor(recipe: CellsRecipe, data: TokenData): ScoreNetworkSpec {
  const { variant, layers, width, heads, timeFeatures } = recipe;
  const spec: ScoreNetworkSpec = {
    variant,
    layers,
    width,
    heads,
    timeFeatures,
    genes: data.genes.length,
    bins: data.bins.count,
    perturbations: data.perturbation?.names.length ?? 0,
    cellTypes: data.cellType?.names.length ?? 0,
  };
  try {
    checkScoreSpec(spec);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const field = error.message.split(' ')[0];
    throw new ConfigError(FLAGS[field] ?? field, `${error.message}.`);
  }
  if (variant === 'origin') {
    if (recipe.drop > 0)
      throw new ConfigError('drop', `the origin’s network has no row for "none": expected 0, got ${recipe.drop}.`);
    for (const labels of [data.perturbation, data.cellType])
      if (labels?.codes.some((code) => code >= labels.names.length))
        throw new ConfigError('variant', 'some cells have no label, and the origin’s network has no row for "none".');
  }
  return spec;
}

/** Sizes of the batch table that differ from the adapter's. @throws ConfigError for an unknown key or a value that cannot be used */
export function checkCellsSizes(sizes: Readonly<Record<string, unknown>>): SizeOverrides {
  for (const [key, value] of Object.entries(sizes)) {
    const entry = batchEntry(key);
    if (!entry) throw new ConfigError('size', `there is no "${key}" in the batch table; see \`lockstep sizes\`.`);
    if (key === 'cells.trainingBatch')
      throw new ConfigError('size', `${key} changes the network: give it as the batch.`);
    const objection = sizeObjection(entry, value);
    if (objection !== undefined) throw new ConfigError('size', `${key}: ${objection}`);
  }
  return sizes as SizeOverrides;
}

/** @throws ConfigError where the adapter has no arithmetic in halves */
export function checkPrecision(precision: Precision, report: AdapterReport): void {
  if (lackingFeature(precision, report) === undefined) return;
  throw new ConfigError(
    'precision',
    `${report.name} does not compute in ${precision}. Choose f16-storage, which stores halves and computes in f32, or f32.`,
  );
}
