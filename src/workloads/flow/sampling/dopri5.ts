/** Steps of adapted length by the pair of Dormand and Prince (1980), in f64. Twin of `shaders/flow/adaptive.wgsl`. */
import type { Step } from './step.ts';

/** What a step may be off by, in units of standardised parameters: absolute + relative · max(|x|, |x′|). */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

export const DEFAULT_TOLERANCE: Tolerance = { relative: 1e-5, absolute: 1e-5 };

const LEAST_STEP = 1e-5;
const FIRST_STEP = 0.1;
const NODES = [1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const TABLEAU = [
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

const combined = (weights: readonly number[], slopes: readonly Float64Array[], i: number) =>
  weights.reduce((sum, weight, j) => sum + weight * slopes[j][i], 0);

/** One solution of dx/dt = v(x, t) from t = 0 to t = 1, an attempt at a step after the other. */
export class AdaptiveWalk {
  #x: Float64Array;
  /** The velocity where it is; none before the first attempt. */
  #slope: Float64Array | undefined;
  #t = 0;
  #step = FIRST_STEP;

  constructor(
    start: Float64Array,
    readonly tolerance: Tolerance,
  ) {
    this.#x = start;
  }

  get x(): Float64Array {
    return this.#x;
  }
  get done(): boolean {
    return this.#t >= 1;
  }

  /** Tries one step; nothing at the end. Returns where it is then. */
  *attempt(): Step {
    if (this.done) return this.#x;
    if (!this.#slope) {
      this.#slope = yield { x: this.#x, t: 0 };
      this.#step = this.#firstStep(this.#slope);
    }
    const final = this.#t + 1.01 * this.#step >= 1;
    const h = final ? 1 - this.#t : this.#step;
    const slopes = [this.#slope];
    let y = this.#x;
    for (const [s, row] of TABLEAU.entries()) {
      y = this.#x.map((value, i) => value + h * combined(row, slopes, i));
      slopes.push(yield { x: y, t: this.#t + NODES[s] * h });
    }
    const squared = this.#x.reduce((sum, value, i) => {
      const allowed = this.#allowed(Math.max(Math.abs(value), Math.abs(y[i])));
      return sum + ((h * combined(ERROR, slopes, i)) / allowed) ** 2;
    }, 0);
    const e2 = squared / this.#x.length;
    const sound = Number.isFinite(e2);
    if (h <= 1.0001 * LEAST_STEP || e2 <= 1) {
      this.#t = final || !sound ? 1 : this.#t + h;
      this.#x = y;
      this.#slope = slopes[TABLEAU.length];
    }
    const factor = sound ? Math.min(10, Math.max(0.2, 0.9 * Math.max(e2, 1e-12) ** -0.1)) : 0.2;
    this.#step = Math.max(h * factor, LEAST_STEP);
    return this.#x;
  }

  #firstStep(slope: Float64Array): number {
    const start = this.#x;
    const share = (values: Float64Array) =>
      values.reduce((sum, value, i) => sum + (value / this.#allowed(Math.abs(start[i]))) ** 2, 0);
    const first = 0.01 * Math.sqrt(share(start) / Math.max(share(slope), 1e-10));
    return Math.min(FIRST_STEP, Math.max(LEAST_STEP, first));
  }

  #allowed(size: number): number {
    return this.tolerance.absolute + this.tolerance.relative * size;
  }
}
