/** A row of flow matching in f64: what a network is shown, and the velocity that it should say. Twin of the rows of `shaders/flow/train.wgsl`. */
import { normalQuantile } from '../../../stats/normal.ts';
import { type RandomKey, threefry2x32, uniform01 } from '../../../stats/threefry.ts';
import { velocityFeatures } from '../features.ts';
import { type Scaling, seenByNetwork, type TaskShape } from './setup.ts';

/** Simulation `index` of a task: parameters and data. */
export type Simulate = (
  key: RandomKey,
  index: number,
) => { readonly theta: ArrayLike<number>; readonly x: ArrayLike<number> };

export interface RowSetup {
  readonly task: TaskShape;
  readonly scaling: Scaling;
  /** p of t = 1 − uᵖ. */
  readonly timePower: number;
}

export interface VelocityRow {
  /** Position, time and its waves, observation: what the network takes. */
  readonly inputs: Float64Array;
  /** θ − ε in standardised units: the conditional velocity of a straight path. */
  readonly target: readonly number[];
}

/**
 * Row `row` of a stream: (θ, x) is a simulation, t = 1 − uᵖ, ε ~ N(0, I), and the position t θ + (1 − t) ε (Lipman et al., ICLR 2023).
 * @param key counter (row, 0) gives the simulation and u, (row, 1 + i) the normals
 * @param simulation the one that the first word stands for
 */
export function velocityRow(
  { task, scaling: { mean, sd }, timePower }: RowSetup,
  simulation: (word: number) => ReturnType<Simulate>,
  key: RandomKey,
  row: number,
): VelocityRow {
  const d = task.thetaDimension;
  const [choice, time] = threefry2x32(key, [row, 0]);
  const t = 1 - (1 - uniform01(time)) ** timePower;
  const { theta, x } = simulation(choice);
  const noise = Array.from({ length: d }, (_, k) => {
    const words = threefry2x32(key, [row, 1 + (k >> 1)]);
    return normalQuantile(uniform01(words[k & 1]));
  });
  const value = Array.from({ length: d }, (_, k) => (theta[k] - mean[k]) / sd[k]);
  const context = Array.from(seenByNetwork(task, x), (seen, k) => (seen - mean[d + k]) / sd[d + k]);
  const position = value.map((v, k) => t * v + (1 - t) * noise[k]);
  return { inputs: velocityFeatures(position, t, context), target: value.map((v, k) => v - noise[k]) };
}
