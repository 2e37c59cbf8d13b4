/** Loss and gradient of a training step in f64. Twin of `shaders/flow/train.wgsl` and the sums over the batch. */
import { mlpLayout } from '../../../nn/mlp.ts';
import { mlpBackward, mlpForward } from '../../../nn/mlp-twin.ts';
import { normalQuantile } from '../../../stats/normal.ts';
import { threefry2x32, uniform01 } from '../../../stats/threefry.ts';
import { velocityFeatures } from '../features.ts';
import { SIMULATION_KEY, seenByNetwork, TRAINING_KEY, type TrainingSetup } from './setup.ts';

/** Simulation `index` of a task: parameters and data. */
export type Simulate = (
  key: readonly [number, number],
  index: number,
) => { readonly theta: ArrayLike<number>; readonly x: ArrayLike<number> };

/** Mean loss over the batch of a step and its gradient, in the order of the parameters. */
export function batchGradient(
  { task, net, batch, simulations, timePower, seed, scaling }: TrainingSetup,
  simulate: Simulate,
  weights: ArrayLike<number>,
  step: number,
): { loss: number; gradient: Float64Array } {
  const gradient = new Float64Array(mlpLayout(net).size);
  const d = task.thetaDimension;
  const key = [seed >>> 0, TRAINING_KEY] as const;
  let loss = 0;
  for (let i = 0; i < batch; i++) {
    const row = step * batch + i;
    const [choice, time] = threefry2x32(key, [row, 0]);
    const t = 1 - (1 - uniform01(time)) ** timePower;
    const { theta, x } = simulate([seed >>> 0, SIMULATION_KEY], choice % simulations);
    const noise = Array.from({ length: d }, (_, k) => {
      const words = threefry2x32(key, [row, 1 + (k >> 1)]);
      return normalQuantile(uniform01(words[k & 1]));
    });
    const value = Array.from({ length: d }, (_, k) => (theta[k] - scaling.mean[k]) / scaling.sd[k]);
    const seen = Array.from(seenByNetwork(task, x));
    const context = seen.map((value, k) => (value - scaling.mean[d + k]) / scaling.sd[d + k]);
    const position = value.map((v, k) => t * v + (1 - t) * noise[k]);
    const trace = mlpForward(net, weights, velocityFeatures(position, t, context));
    const errors = trace.output.map((v, k) => v - (value[k] - noise[k]));
    loss += errors.reduce((sum, e) => sum + e * e, 0);
    mlpBackward(
      net,
      weights,
      trace,
      errors.map((e) => (2 * e) / (batch * d)),
      gradient,
    );
  }
  return { loss: loss / (batch * d), gradient };
}
