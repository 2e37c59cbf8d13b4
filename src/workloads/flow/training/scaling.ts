/** Mean and spread of what a network is trained on. */
import { keyOfSeed } from '../../../stats/threefry.ts';
import { type FlowTask, simulateOnShoulders } from '../tasks/task.ts';
import type { Recipe } from './recipe.ts';
import { type Scaling, SIMULATION_KEY, seenByNetwork, taskShape } from './setup.ts';

/** Simulations from which mean and standard deviation are taken. */
const SCALING_SIMULATIONS = 10_000;

/** Of a recipe what simulations hang on. */
type Simulated = Pick<Recipe, 'seed' | 'simulations' | 'shoulder'>;

/** Mean and standard deviation of parameters, and of what the network sees of the data, over the first simulations of the training. */
export function scalingOf(task: FlowTask, { seed, simulations, shoulder }: Simulated): Scaling {
  const count = Math.min(SCALING_SIMULATIONS, simulations);
  const shape = taskShape(task);
  const size = shape.thetaDimension + shape.xDimension;
  const sums = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let index = 0; index < count; index++) {
    const { theta, x } = simulateOnShoulders(task, shoulder, [keyOfSeed(seed)[0], SIMULATION_KEY], index);
    [...theta, ...Array.from(seenByNetwork(shape, x))].forEach((value, i) => {
      sums[i] += value;
      squares[i] += value * value;
    });
  }
  const mean = Array.from(sums, (sum) => sum / count);
  return { mean, sd: mean.map((m, i) => Math.sqrt(squares[i] / count - m * m)) };
}
