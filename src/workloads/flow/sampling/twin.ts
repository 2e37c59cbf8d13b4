/** Samples along the flow with the network in f64, step by step. Twin of `shaders/flow/sample.wgsl` and `shaders/flow/adaptive.wgsl`. */
import { mlpForward } from '../../../nn/mlp-twin.ts';
import { velocityFeatures } from '../features.ts';
import { standardisedObservation, type VelocityModel } from '../model.ts';
import { AdaptiveWalk, DEFAULT_TOLERANCE } from './dopri5.ts';
import { noiseOf } from './noise.ts';
import { type Sampling, solverStep, startScale } from './solver-step.ts';
import { driven } from './step.ts';

/** One sample on its way. */
export class TwinPath {
  readonly #model: VelocityModel;
  readonly #context: ArrayLike<number>;
  readonly #sampling: Sampling;
  readonly #noise: (draw: number) => Float64Array;
  #x: Float64Array;
  readonly #walk: AdaptiveWalk | undefined;
  #step = 0;
  #evaluations = 0;

  /** Sample number `sample` of an observation, whose standardised values are `context`. */
  constructor(model: VelocityModel, context: ArrayLike<number>, stream: number, sample: number, sampling: Sampling) {
    const d = model.task.thetaDimension;
    this.#model = model;
    this.#context = context;
    this.#sampling = sampling;
    this.#noise = (draw) => noiseOf(sampling.seed, stream, sample, draw, d);
    const scale = startScale(sampling);
    this.#x = this.#noise(0).map((value) => scale * value);
    if (sampling.solver === 'dopri5') this.#walk = new AdaptiveWalk(this.#x, sampling.tolerance ?? DEFAULT_TOLERANCE);
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
    const step = this.#walk?.attempt() ?? solverStep(this.#x, this.#step, this.#sampling, this.#noise);
    this.#x = driven(step, (x, t) => this.#velocity(x, t));
    this.#step++;
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
  sampling: Sampling,
): Float64Array {
  const path = new TwinPath(model, standardisedObservation(model, observation), stream, sample, sampling);
  for (let step = 0; step < sampling.steps; step++) path.advance();
  return path.position;
}
