/** Samples along the flow in f64, step by step. Twin of `shaders/flow/sample.wgsl`. */
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

const along = (x: Float64Array, v: Float64Array, by: number) => x.map((value, i) => value + by * v[i]);

/** One sample on its way. */
export class TwinPath {
  readonly #model: VelocityModel;
  readonly #context: ArrayLike<number>;
  readonly #sampling: TwinSampling;
  readonly #noise: (draw: number) => Float64Array;
  #x: Float64Array;
  #step = 0;

  /** Sample number `sample` of an observation, whose standardised values are `context`. */
  constructor(
    model: VelocityModel,
    context: ArrayLike<number>,
    stream: number,
    sample: number,
    sampling: TwinSampling,
  ) {
    const d = model.task.thetaDimension;
    this.#model = model;
    this.#context = context;
    this.#sampling = sampling;
    this.#noise = (draw) =>
      Float64Array.from({ length: d }, (_, i) => normal(sampling.seed, stream, sample, draw, i, d));
    this.#x = this.#noise(0);
  }

  /** Where it is, in the units of the parameters. */
  get position(): Float64Array {
    const { mean, sd } = this.#model.scaling;
    return this.#x.map((value, i) => mean[i] + sd[i] * value);
  }

  advance(): void {
    const { solver, steps, alpha } = this.#sampling;
    const x = this.#x;
    const h = 1 / steps;
    const t = this.#step * h;
    const k1 = this.#velocity(x, t);
    if (solver === 'euler') this.#x = along(x, k1, h);
    else if (solver === 'midpoint') this.#x = along(x, this.#velocity(along(x, k1, h / 2), t + h / 2), h);
    else if (solver === 'heun') this.#x = along(along(x, k1, h / 2), this.#velocity(along(x, k1, h), t + h), h / 2);
    else if (solver === 'rk4') {
      const k2 = this.#velocity(along(x, k1, h / 2), t + h / 2);
      const k3 = this.#velocity(along(x, k2, h / 2), t + h / 2);
      const k4 = this.#velocity(along(x, k3, h), t + h);
      this.#x = x.map((value, i) => value + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    } else {
      const g2 = alpha * alpha * (solver === 'zero_ends' ? t * (1 - t) : 1 - t);
      const w = this.#noise(1 + this.#step);
      this.#x = x.map((value, i) => {
        const pull = 0.5 * (g2 / (1 - t)) * (t * k1[i] - value);
        return value + h * (k1[i] + pull) + Math.sqrt(g2 * h) * w[i];
      });
    }
    this.#step++;
  }

  #velocity(x: Float64Array, t: number): Float64Array {
    const { net, weights } = this.#model;
    return mlpForward(net, weights, velocityFeatures(x, t, this.#context)).output;
  }
}

/** Sample number `sample` of an observation, in the units of the parameters. */
export function sampleTwin(
  model: VelocityModel,
  observation: ArrayLike<number>,
  stream: number,
  sample: number,
  sampling: TwinSampling,
): Float64Array {
  const path = new TwinPath(model, standardisedObservation(model, observation), stream, sample, sampling);
  for (let step = 0; step < sampling.steps; step++) path.advance();
  return path.position;
}
