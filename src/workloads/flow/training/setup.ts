/** What a training is: task, network, optimiser, numbers. Everything that the weights hang on. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { AdapterReport } from '../../../gpu/report.ts';
import type { MlpSpec } from '../../../nn/mlp.ts';
import { chooseTile, type NetPrecision, SAMPLES_A_GROUP, type TileShape } from '../../../nn/mlp-kernel.ts';
import type { AdamwHyper } from '../../../nn/optimiser/adamw.ts';
import type { TrainingSizes } from '../../../nn/training/training.ts';
import { SUMMARIES, type SummaryId } from '../tasks/summary.ts';
import type { FlowTask } from '../tasks/task.ts';
import type { Recipe } from './recipe.ts';

/** Second word of the keys: simulations and the rest of training have streams of their own. */
export const SIMULATION_KEY = 0x73696d; // "sim"
export const TRAINING_KEY = 0x747261; // "tra"

/** Of a task what the kernels need. */
export interface TaskShape {
  /** Condition under which the simulator is linked. */
  readonly id: string;
  readonly thetaDimension: number;
  /** Numbers that the network sees of an observation. */
  readonly xDimension: number;
  /** What they are, where not the observation itself. */
  readonly summary?: SummaryId;
}

/** Of a task what its networks and kernels need. */
export function taskShape({ id, thetaDim, xDim, summary }: FlowTask): TaskShape {
  if (summary === undefined) return { id, thetaDimension: thetaDim, xDimension: xDim };
  return { id, thetaDimension: thetaDim, xDimension: SUMMARIES[summary].size, summary };
}

/** What a network sees of an observation, in its own units. @throws RangeError for another length */
export function seenByNetwork({ id, xDimension, summary }: TaskShape, x: ArrayLike<number>): ArrayLike<number> {
  if (summary !== undefined) return SUMMARIES[summary].of(x);
  if (x.length !== xDimension)
    throw new RangeError(`an observation of ${id} has ${xDimension} numbers; ${x.length} were given`);
  return x;
}

/** Mean and standard deviation of every parameter, then of every datum: the network sees standardised values. */
export interface Scaling {
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/** What of the batch table a training takes. Only `normParts` can touch the weights. */
export interface VelocityTrainingSizes extends TrainingSizes {
  /** Rows and columns of weights whose gradients a thread sums, and threads of a workgroup that does so. */
  readonly gradientEdge: number;
  readonly gradientThreads: number;
}

export function trainingSizes(sizes: BatchSizes): VelocityTrainingSizes {
  return {
    gradientEdge: sizes['flow.gradientEdge'],
    gradientThreads: sizes['flow.gradientThreads'],
    normParts: sizes['flow.normParts'],
    updateThreads: sizes['flow.updateThreads'],
    lossHistory: sizes['flow.lossHistory'],
    submitsInFlight: sizes['gpu.submitsInFlight'],
  };
}

export interface TrainingSetup {
  readonly task: TaskShape;
  /** Of the task, where its simulator has one. */
  readonly table?: Float32Array<ArrayBuffer>;
  readonly net: MlpSpec;
  readonly precision: NetPrecision;
  readonly optimiser: AdamwHyper;
  /** p of t = 1 − uᵖ. */
  readonly timePower: number;
  /** Different simulations that batches are drawn from. */
  readonly simulations: number;
  /** Samples a step: a statistical batch, a multiple of the tile. */
  readonly batch: number;
  readonly seed: number;
  /** Of the recipe. */
  readonly shoulder: number;
  readonly scaling: Scaling;
  readonly tile: TileShape;
  readonly sizes: VelocityTrainingSizes;
}

/** What a recipe comes to on an adapter. Shape of the kernels apart, equal on all of them. */
export function trainingSetup(
  report: AdapterReport,
  task: FlowTask,
  recipe: Recipe,
  sizes: BatchSizes,
  scaling: Scaling,
): TrainingSetup {
  const { precision, optimiser, timePower, simulations, batch, seed, shoulder, width, depth, activation } = recipe;
  const shape = taskShape(task);
  const net = { inputs: velocityInputs(shape), outputs: task.thetaDim, width, depth, activation };
  // Both are powers of two: a batch that is smaller than the tile asked for is one tile.
  const groups = Math.min(sizes['flow.trainingTileGroups'], batch / SAMPLES_A_GROUP);
  // The kernels of training keep their activations where all threads of a tile reach them.
  const tile = { ...chooseTile(report, net, precision, groups), quads: false };
  return {
    task: shape,
    table: task.table,
    net,
    precision,
    optimiser,
    timePower,
    simulations,
    batch,
    seed,
    shoulder,
    scaling,
    tile,
    sizes: trainingSizes(sizes),
  };
}

/** Rows of the velocity network's input: position, time and its waves, observation. */
export function velocityInputs({ thetaDimension, xDimension }: TaskShape): number {
  return thetaDimension + 11 + xDimension;
}
