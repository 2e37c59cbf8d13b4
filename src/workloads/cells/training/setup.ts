/** What a recipe comes to with data on an adapter. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { AdapterReport } from '../../../gpu/report.ts';
import type { ScoreNetworkSpec } from '../../../nn/score-network/spec.ts';
import { scoreTraining } from '../../../nn/score-network/training/score-training.ts';
import type { TensorSizes } from '../../../nn/tensor/kernels.ts';
import type { Training, TrainingSizes } from '../../../nn/training/training.ts';
import { foldOf, shuffled, splitCells } from '../data/split.ts';
import type { TokenData } from '../data/types.ts';
import { specFor } from './check-recipe.ts';
import type { CellsRecipe } from './recipe.ts';
import { cellsSource } from './source.ts';

/** What these random numbers are for: the upper counter word. */
const VALIDATION = 0x5a11_d000;

/** Which cells are seen, which judge as it goes on, which are held out until the end. Each is in one of them. */
export interface TrainingParts {
  readonly training: Uint32Array<ArrayBuffer>;
  readonly validation: Uint32Array<ArrayBuffer>;
  readonly heldOut: Uint32Array<ArrayBuffer>;
}

/** @throws ConfigError for too few cells */
export function trainingParts(
  { splitSeed, heldOut: share, folds, fold, validation }: CellsRecipe,
  cells: number,
): TrainingParts {
  const { training, heldOut } = folds > 1 ? foldOf(cells, splitSeed, fold, folds) : splitCells(cells, splitSeed, share);
  const judging = Math.min(training.length - 1, Math.round(validation * training.length));
  const order = shuffled(training.length, splitSeed, VALIDATION).map((i) => training[i]);
  return { training: order.slice(judging), validation: order.slice(0, judging), heldOut };
}

export interface TrainingSetup {
  readonly recipe: CellsRecipe;
  readonly spec: ScoreNetworkSpec;
  readonly data: TokenData;
  readonly parts: TrainingParts;
  readonly sizes: BatchSizes;
  readonly order: SumOrder;
}

/** @throws ConfigError as `specFor` and `trainingParts` do */
export function trainingSetup(recipe: CellsRecipe, data: TokenData, sizes: BatchSizes, order: SumOrder): TrainingSetup {
  return { recipe, spec: specFor(recipe, data), data, parts: trainingParts(recipe, data.cells), sizes, order };
}

/** What orders sums: kept with a training, so that it ends the same on another adapter. */
export interface SumOrder {
  readonly normParts: number;
  readonly gradientParts: number;
}

export function sumOrder(sizes: BatchSizes, { software }: Pick<AdapterReport, 'software'>): SumOrder {
  return {
    normParts: sizes['cells.normParts'],
    gradientParts: sizes[software ? 'cells.laneGradientParts' : 'cells.gradientParts'],
  };
}

/** Of the batch table what the network's kernels take. Software adapters run a thread a lane, and loads are what costs them. */
export function tensorSizes(
  sizes: BatchSizes,
  { software }: Pick<AdapterReport, 'software'>,
  { gradientParts }: SumOrder,
): TensorSizes {
  if (software) {
    const quads = sizes['cells.laneGradientQuads'];
    return {
      linearRows: sizes['cells.laneRows'],
      linearQuads: sizes['cells.laneColumns'] / 4,
      gradientInputs: quads,
      gradientOutputs: quads,
      gradientParts,
      queries: sizes['cells.laneTrainingQueries'],
      threads: sizes['cells.softwareThreads'],
    };
  }
  return {
    linearRows: sizes['cells.linearRows'],
    linearQuads: sizes['cells.linearQuads'],
    gradientInputs: sizes['cells.gradientQuads'],
    gradientOutputs: sizes['cells.gradientQuads'],
    gradientParts,
    queries: sizes['cells.attentionQueries'],
    threads: sizes['cells.trainingThreads'],
  };
}

export function cellsTraining(
  { recipe, spec, data, parts, sizes, order }: TrainingSetup,
  report: Pick<AdapterReport, 'software'>,
): Training {
  const { precision, optimiser, batch, seed } = recipe;
  const shared = tensorSizes(sizes, report, order);
  const own: TrainingSizes = {
    normParts: order.normParts,
    updateThreads: shared.threads,
    lossHistory: sizes['cells.lossHistory'],
    submitsInFlight: sizes['gpu.submitsInFlight'],
  };
  return scoreTraining(
    { spec, precision, optimiser, batch, seed, sizes: own, tensorSizes: shared },
    cellsSource(recipe, spec, data, parts.training, shared.threads),
  );
}
