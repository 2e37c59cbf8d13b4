/** One sample along the flow in f64. Twin of `shaders/flow/sample.wgsl`. */
import { mlpForward } from '../../../nn/mlp-twin.ts';
import { normalQuantile } from '../../../stats/normal.ts';
import { threefry2x32, uniform01 } from '../../../stats/threefry.ts';
import { velocityFeatures } from '../features.ts';
import { standardisedObservation, type VelocityModel } from '../model.ts';
import type { Solver } from './solvers.ts';

export interface TwinSampling {
  readonly solver: Solver;
  readonly steps: number;
  readonly seed: number;
  /** Strength of the noise of the stochastic solvers. */
  readonly alpha: number;
}

/** Normal number i of draw `draw` of a sample; draw 0 is its start. */
function normal(seed: number, stream: number, sample: number, draw: number, i: number, dimension: number): number {
  const words = threefry2x32([seed >>> 0, stream >>> 0], [sample, draw * ((dimension + 1) >> 1) + (i >> 1)]);
  return normalQuantile(uniform01(words[i & 1]));
}

/** Sample number `sample` of an observation, in the units of the parameters. */
export function sampleTwin(
  model: VelocityModel,
  observation: ArrayLike<number>,
  stream: number,
  sample: number,
  { solver, steps, seed, alpha }: TwinSampling,
): Float64Array {
  const d = model.task.thetaDimension;
  const context = standardisedObservation(model, observation);
  const velocity = (x: Float64Array, t: number) =>
    mlpForward(model.net, model.weights, velocityFeatures(x, t, context)).output;
  const along = (x: Float64Array, v: Float64Array, by: number) => x.map((value, i) => value + by * v[i]);
  const noise = (draw: number) => Float64Array.from({ length: d }, (_, i) => normal(seed, stream, sample, draw, i, d));
  let x = noise(0);
  const h = 1 / steps;
  for (let step = 0; step < steps; step++) {
    const t = step * h;
    const k1 = velocity(x, t);
    if (solver === 'euler') x = along(x, k1, h);
    else if (solver === 'midpoint') x = along(x, velocity(along(x, k1, h / 2), t + h / 2), h);
    else if (solver === 'heun') x = along(along(x, k1, h / 2), velocity(along(x, k1, h), t + h), h / 2);
    else if (solver === 'rk4') {
      const k2 = velocity(along(x, k1, h / 2), t + h / 2);
      const k3 = velocity(along(x, k2, h / 2), t + h / 2);
      const k4 = velocity(along(x, k3, h), t + h);
      x = x.map((value, i) => value + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    } else {
      const g2 = alpha * alpha * (solver === 'zero_ends' ? t * (1 - t) : 1 - t);
      const w = noise(1 + step);
      x = x.map((value, i) => {
        const pull = 0.5 * (g2 / (1 - t)) * (t * k1[i] - value);
        return value + h * (k1[i] + pull) + Math.sqrt(g2 * h) * w[i];
      });
    }
  }
  return x.map((value, i) => model.scaling.mean[i] + model.scaling.sd[i] * value);
}
