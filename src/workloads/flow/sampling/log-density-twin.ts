/** Log density under the flow in f64. Twin of `shaders/flow/log_density.wgsl`. */
import { mlpTangent } from '../../../nn/mlp-tangent.ts';
import { mlpForward } from '../../../nn/mlp-twin.ts';
import { velocityFeatures } from '../features.ts';
import { standardisedObservation, type VelocityModel } from '../model.ts';

/** Solvers with equal steps that follow the flow back. */
export type DensitySolver = 'midpoint' | 'rk4';

export interface DensitySteps {
  readonly solver: DensitySolver;
  readonly steps: number;
}

/** Stages, each of which needs the one before alone. */
const STAGES: Readonly<Record<DensitySolver, readonly { readonly node: number; readonly weight: number }[]>> = {
  midpoint: [
    { node: 0, weight: 0 },
    { node: 1 / 2, weight: 1 },
  ],
  rk4: [
    { node: 0, weight: 1 / 6 },
    { node: 1 / 2, weight: 1 / 3 },
    { node: 1 / 2, weight: 1 / 3 },
    { node: 1, weight: 1 / 6 },
  ],
};

/** Evaluations of the network, derivatives included, a point. */
export const densityEvaluations = ({ solver, steps }: DensitySteps) => STAGES[solver].length * steps;

/** A point at the start of the flow, and the integral of the divergence on the way to it. */
export interface Followed {
  readonly noise: Float64Array;
  readonly divergence: number;
}

/** From a standardised point back to the noise. */
export function followBack(
  model: VelocityModel,
  context: ArrayLike<number>,
  point: Float64Array,
  { solver, steps }: DensitySteps,
): Followed {
  const { net, weights } = model;
  let x = point;
  let divergence = 0;
  for (let step = 0; step < steps; step++) {
    // The steps of `late` spacing, backwards.
    const t = 1 - (step / steps) ** 2;
    const h = ((step + 1) / steps) ** 2 - (step / steps) ** 2;
    let next = x;
    let slope = new Float64Array(x.length);
    for (const { node, weight } of STAGES[solver]) {
      const y = x.map((value, i) => value - node * h * slope[i]);
      const trace = mlpForward(net, weights, velocityFeatures(y, t - node * h, context));
      slope = Float64Array.from(trace.output);
      next = next.map((value, i) => value - weight * h * slope[i]);
      for (let i = 0; i < x.length; i++) {
        const direction = Float64Array.from({ length: net.inputs }, (_, k) => (k === i ? 1 : 0));
        divergence += weight * h * mlpTangent(net, weights, trace, direction)[i];
      }
    }
    x = next;
  }
  return { noise: x, divergence };
}

/** Log density, in the units of the parameters, of a point that the flow has been followed back from. */
export function logDensityOf({ scaling }: VelocityModel, { noise, divergence }: Followed): number {
  const gaussian = noise.reduce((sum, value) => sum - 0.5 * value * value, 0);
  const units = noise.reduce((sum, _, i) => sum + Math.log(scaling.sd[i]), 0);
  return gaussian - 0.5 * noise.length * Math.log(2 * Math.PI) - divergence - units;
}

/** log p(θ | x) of the flow: θ and x in their own units. */
export function logDensityTwin(
  model: VelocityModel,
  observation: ArrayLike<number>,
  theta: ArrayLike<number>,
  steps: DensitySteps,
): number {
  const { mean, sd } = model.scaling;
  const point = Float64Array.from({ length: model.task.thetaDimension }, (_, i) => (theta[i] - mean[i]) / sd[i]);
  return logDensityOf(model, followBack(model, standardisedObservation(model, observation), point, steps));
}
