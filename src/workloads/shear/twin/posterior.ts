/** Log posterior of one stamp in unconstrained coordinates: model, transform and prior put together. */
import type { ModelSpec } from '../model-spec.ts';
import { ShearModel } from './model.ts';
import { BASIC_COUNT, logPrior, priorCurvature, toBasic } from './transform.ts';

/** One posterior's density. Scratch is shared between calls; results are copied out by the caller where it keeps them. */
export class ShearPosterior {
  readonly spec: ModelSpec;
  /** Gradients evaluated so far. */
  gradients = 0;
  readonly #model: ShearModel;
  readonly #data: Float32Array;
  readonly #basic = new Float64Array(BASIC_COUNT);
  readonly #jacobian: Float64Array;

  /** `data` is row-major ny × nx. */
  constructor(spec: ModelSpec, data: Float32Array) {
    this.spec = spec;
    this.#data = data;
    this.#model = new ShearModel(spec);
    this.#jacobian = new Float64Array(BASIC_COUNT * spec.free);
  }

  /**
   * Relative log density at q (`ALGORITHM.md`: −½ Σ (r² − 1) + log prior without constants) and its gradient (d).
   * −∞ outside the prior, gradient 0.
   */
  logDensity(q: Float64Array, gradient: Float64Array, withNormal = false): number {
    this.gradients++;
    const prior = logPrior(this.spec, q, gradient);
    if (!Number.isFinite(prior)) {
      gradient.fill(0);
      return Number.NEGATIVE_INFINITY;
    }
    toBasic(this.spec, q, this.#basic, this.#jacobian);
    const { logLikelihood } = this.#model.evaluate(this.#basic, this.#data, withNormal);
    this.#model.addGradient(this.#jacobian, gradient);
    return logLikelihood + prior;
  }

  /** H = JᵀJ/σ² + P (d × d) at the point of the last `logDensity` call with its normal matrix. */
  curvatureInto(q: Float64Array, out: Float64Array): void {
    this.#model.normalInto(this.#jacobian, out);
    const prior = priorCurvature(this.spec, q);
    for (let i = 0; i < prior.length; i++) out[i * prior.length + i] += prior[i];
  }

  chi2(q: Float64Array): number {
    toBasic(this.spec, q, this.#basic, this.#jacobian);
    return this.#model.evaluate(this.#basic, this.#data, false).chi2;
  }

  /** The model image at q, row-major ny × nx. */
  image(q: Float64Array): Float64Array {
    toBasic(this.spec, q, this.#basic, this.#jacobian);
    return this.#model.render(this.#basic);
  }
}
