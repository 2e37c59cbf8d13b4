/** Step size adaptation by dual averaging: Hoffman & Gelman (2014), equation 6, with one update a transition and posterior. */
import type { SamplerSpec } from '../model-spec.ts';

/** Ten times the paper's: the first step size is good already, and few updates of few chains would otherwise only add noise. */
const GAMMA = 0.5;
const OFFSET = 10;
const KAPPA = 0.75;

export class DualAveraging {
  /** The step size to use next. */
  stepSize: number;
  readonly #sampler: SamplerSpec;
  #count = 0;
  #error = 0;
  #logAverage: number;

  constructor(sampler: SamplerSpec) {
    this.#sampler = sampler;
    this.stepSize = this.#clamp(sampler.initialStepSize);
    this.#logAverage = Math.log(this.stepSize);
  }

  /** One update with the chains' mean acceptance probability. */
  update(acceptance: number): void {
    const n = ++this.#count;
    this.#error += (this.#sampler.targetAcceptance - acceptance - this.#error) / (n + OFFSET);
    const log = Math.log(this.#sampler.initialStepSize) - (Math.sqrt(n) / GAMMA) * this.#error;
    this.stepSize = this.#clamp(Math.exp(log));
    const weight = n ** -KAPPA;
    this.#logAverage = weight * Math.log(this.stepSize) + (1 - weight) * this.#logAverage;
  }

  /** Forgets everything: after the metric has changed. */
  restart(): void {
    this.#count = 0;
    this.#error = 0;
    this.stepSize = this.#clamp(this.#sampler.initialStepSize);
  }

  /** Fixes the step size at its average, at the end of warm-up. */
  freeze(): void {
    this.stepSize = this.#clamp(Math.exp(this.#logAverage));
  }

  #clamp(stepSize: number): number {
    return Math.min(this.#sampler.maxStepSize, Math.max(this.#sampler.minStepSize, stepSize));
  }
}
