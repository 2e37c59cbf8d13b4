/** What everybody samples: one observation, one network of the shape that two moons has, midpoint in ten steps. */

import { initialMlp } from '../../../src/nn/mlp/init.ts';
import { type MlpSpec, mlpFlop, mlpLayout, mlpTensor } from '../../../src/nn/mlp.ts';
import { velocityFeatures } from '../../../src/workloads/flow/features.ts';
import type { VelocityModel } from '../../../src/workloads/flow/model.ts';
import type { Sampling } from '../../../src/workloads/flow/sampling/solver-step.ts';
import { sampleTwin, TwinPath } from '../../../src/workloads/flow/sampling/twin.ts';
import { taskOf } from '../../../src/workloads/flow/tasks/index.ts';
import { recipeFor } from '../../../src/workloads/flow/training/recipe.ts';
import { taskShape, velocityInputs } from '../../../src/workloads/flow/training/setup.ts';

const OBSERVATION = [0.31, -0.72];
export const STREAM = 7;
export const SAMPLING: Sampling = { solver: 'midpoint', steps: 10, seed: 42, alpha: 0, spacing: 'uniform' };
export const EVALUATIONS = 2 * SAMPLING.steps;

/** In words, "two moons: 15 inputs, 5 × 64 silu". */
export const wordsOfNet = ({ inputs, depth, width, activation }: MlpSpec) =>
  `two moons: ${inputs} inputs, ${depth} × ${width} ${activation}`;

export interface FlowProblem {
  readonly model: VelocityModel;
  readonly observation: readonly number[];
  /** Floating-point operations of a sample. */
  readonly flop: number;
}

/**
 * Weights as a training starts with them, the output layer filled too: the speed hangs on shapes alone, agreement on numbers of natural size.
 * @param width of the hidden layers; that of the network that ships unless given
 */
export function flowProblem(width?: number): FlowProblem {
  const { task, recipe } = twoMoons();
  const net: MlpSpec = {
    inputs: velocityInputs(task),
    outputs: task.thetaDimension,
    width: width ?? recipe.width,
    depth: recipe.depth,
    activation: recipe.activation,
  };
  const layout = mlpLayout(net);
  const weights = initialMlp(net, 3);
  const { at, stride, shape } = mlpTensor(layout, 'output.weight');
  const size = Math.sqrt(6 / (shape[0] + shape[1]));
  for (let k = 0; k < shape[0]; k++)
    for (let n = 0; n < shape[1]; n++) weights[at + k * stride + n] = size * Math.sin(1 + 1.7 * (k * shape[1] + n));
  const dimensions = task.thetaDimension + task.xDimension;
  const scaling = { mean: Array<number>(dimensions).fill(0), sd: Array<number>(dimensions).fill(1) };
  return {
    model: { task, net, weights, scaling },
    observation: OBSERVATION,
    flop: EVALUATIONS * mlpFlop(net),
  };
}

function twoMoons() {
  const task = taskOf('two_moons');
  if (!task) throw new Error('There is no task two_moons.');
  return {
    task: taskShape(task),
    recipe: recipeFor(task.id),
  };
}

/** A matrix or vector of the network without its padding. */
export function tensorOf({ net, weights }: VelocityModel, name: string): { shape: number[]; values: Float32Array } {
  const { shape, at, stride } = mlpTensor(mlpLayout(net), name);
  const rows = shape.length === 2 ? shape[0] : 1;
  const columns = shape[shape.length - 1];
  const values = new Float32Array(rows * columns);
  for (let k = 0; k < rows; k++) values.set(weights.subarray(at + k * stride, at + k * stride + columns), k * columns);
  return { shape: [...shape], values };
}

/** Rows of the network's input that only time decides. */
export function timeFeatures({ model }: FlowProblem, t: number): Float32Array<ArrayBuffer> {
  const d = model.task.thetaDimension;
  return Float32Array.from(velocityFeatures(new Array(d).fill(0), t, []).subarray(d));
}

/** Times of the two evaluations of a midpoint step. */
export const stepTimes = (step: number): [number, number] => [step / SAMPLING.steps, (step + 0.5) / SAMPLING.steps];

/** The noise from which samples 0 … count − 1 start, [count][2]. */
export function startingNoise({ model, observation }: FlowProblem, count: number): Float32Array<ArrayBuffer> {
  const noise = new Float32Array(count * model.task.thetaDimension);
  for (let s = 0; s < count; s++)
    noise.set(new TwinPath(model, observation, STREAM, s, SAMPLING).position, s * model.task.thetaDimension);
  return noise;
}

/** The f64 twin's samples 0 … count − 1, [count][2]. */
export function twinSamples({ model, observation }: FlowProblem, count: number): Float64Array {
  const d = model.task.thetaDimension;
  const samples = new Float64Array(count * d);
  for (let s = 0; s < count; s++) samples.set(sampleTwin(model, observation, STREAM, s, SAMPLING), s * d);
  return samples;
}

/** Largest difference over the root mean square of what was expected, of the numbers that both have, `most` of them at most. */
export function relativeDifference(found: ArrayLike<number>, expected: ArrayLike<number>, most: number): number {
  const count = Math.min(found.length, expected.length, most);
  let [worst, squares] = [0, 0];
  for (let i = 0; i < count; i++) {
    const difference = Math.abs(found[i] - expected[i]);
    // Not Math.max: a NaN must not be passed over.
    if (!(difference <= worst)) worst = difference;
    squares += expected[i] ** 2;
  }
  return worst / Math.sqrt(squares / count);
}
