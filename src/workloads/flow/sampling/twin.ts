/** Samples along the flow in f64, step by step. Twin of `shaders/flow/sample.wgsl` and `shaders/flow/adaptive.wgsl`. */
import { mlpForward } from '../../../nn/mlp-twin.ts';
import { normalQuantile } from '../../../stats/normal.ts';
import { threefry2x32, uniform01 } from '../../../stats/threefry.ts';
import { velocityFeatures } from '../features.ts';
import { standardisedObservation, type VelocityModel } from '../model.ts';
import { diffusionStart, edmStep, vpStep } from './diffusion-twin.ts';
import { AdaptiveWalk, DEFAULT_TOLERANCE, type Tolerance } from './dopri5.ts';
import { DEFAULT_DIFFUSION, type DiffusionSettings } from './schedule.ts';
import { DEFAULT_SPACING, type Solver, type Spacing, stepTime } from './solvers.ts';

export interface TwinSampling {
  readonly solver: Solver;
  readonly steps: number;
  readonly seed: number;
  /** Strength of the noise of `zero_ends` and `non_singular`. */
  readonly alpha: number;
  /** `late` unless given. */
  readonly spacing?: Spacing;
  readonly tolerance?: Tolerance;
  readonly diffusion?: DiffusionSettings;
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
  readonly #walk: AdaptiveWalk | undefined;
  #step = 0;
  #evaluations = 0;

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
    const start = this.#noise(0);
    const { solver, steps, diffusion = DEFAULT_DIFFUSION, tolerance = DEFAULT_TOLERANCE } = sampling;
    const scale = solver === 'edm' || solver === 'vp_sde' ? diffusionStart(solver, steps, diffusion) : 1;
    this.#x = start.map((value) => scale * value);
    if (solver === 'dopri5') this.#walk = new AdaptiveWalk(this.#x, (x, t) => this.#velocity(x, t), tolerance);
  }

  /** True at the end of the flow: an adaptive solver may be there before its last step, or not even then. */
  get done(): boolean {
    return this.#walk?.done ?? this.#step >= this.#sampling.steps;
  }

  /** Evaluations of the network so far. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /** Where it is, in the units of the parameters. */
  get position(): Float64Array {
    const { mean, sd } = this.#model.scaling;
    return this.#x.map((value, i) => mean[i] + sd[i] * value);
  }

  /** One step, or one attempt at it. */
  advance(): void {
    if (this.#walk) {
      this.#walk.attempt();
      this.#x = this.#walk.x;
    } else this.#x = this.#stepped(this.#x);
    this.#step++;
  }

  #stepped(x: Float64Array): Float64Array {
    const { solver, steps, alpha, diffusion = DEFAULT_DIFFUSION, spacing = DEFAULT_SPACING } = this.#sampling;
    const velocity = (y: Float64Array, t: number) => this.#velocity(y, t);
    if (solver === 'edm') return edmStep(x, this.#step, steps, diffusion, velocity);
    if (solver === 'vp_sde') return vpStep(x, this.#step, steps, diffusion, velocity, this.#noise(1 + this.#step));
    const { t, h } = stepTime(this.#step, steps, spacing);
    const k1 = velocity(x, t);
    if (solver === 'euler') return along(x, k1, h);
    if (solver === 'midpoint') return along(x, velocity(along(x, k1, h / 2), t + h / 2), h);
    if (solver === 'heun') return along(along(x, k1, h / 2), velocity(along(x, k1, h), t + h), h / 2);
    if (solver === 'rk4') {
      const k2 = velocity(along(x, k1, h / 2), t + h / 2);
      const k3 = velocity(along(x, k2, h / 2), t + h / 2);
      const k4 = velocity(along(x, k3, h), t + h);
      return x.map((value, i) => value + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    }
    const g2 = alpha * alpha * (solver === 'zero_ends' ? t * (1 - t) : 1 - t);
    const w = this.#noise(1 + this.#step);
    return x.map((value, i) => {
      const pull = 0.5 * (g2 / (1 - t)) * (t * k1[i] - value);
      return value + h * (k1[i] + pull) + Math.sqrt(g2 * h) * w[i];
    });
  }

  #velocity(x: Float64Array, t: number): Float64Array {
    const { net, weights } = this.#model;
    this.#evaluations++;
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
