/** Loss and gradient of a training step in f64. Twin of `shaders/flow/train.wgsl` and the sums over the batch. */
import { mlpLayout } from '../../../nn/mlp.ts';
import { mlpBackward, mlpForward } from '../../../nn/mlp-twin.ts';
import { type Simulate, velocityRow } from './row.ts';
import { SIMULATION_KEY, TRAINING_KEY, type TrainingSetup } from './setup.ts';

export type { Simulate } from './row.ts';

/** Mean loss over the batch of a step and its gradient, in the order of the parameters. */
export function batchGradient(
  setup: TrainingSetup,
  simulate: Simulate,
  weights: ArrayLike<number>,
  step: number,
): { loss: number; gradient: Float64Array } {
  const { task, net, batch, simulations, seed } = setup;
  const gradient = new Float64Array(mlpLayout(net).size);
  const d = task.thetaDimension;
  const simulation = (word: number) => simulate([seed >>> 0, SIMULATION_KEY], word % simulations);
  let loss = 0;
  for (let i = 0; i < batch; i++) {
    const { inputs, target } = velocityRow(setup, simulation, [seed >>> 0, TRAINING_KEY], step * batch + i);
    const trace = mlpForward(net, weights, inputs);
    const errors = trace.output.map((v, k) => v - target[k]);
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
