import { requireSameLength, StatsInputError } from './errors.ts';

/** Bias of an estimator: ĝ = (1 + m) g_true + c. */
export interface BiasFit {
  readonly m: number;
  readonly mErr: number;
  readonly c: number;
  readonly cErr: number;
  /** Σ w r² over n − 2 degrees of freedom: near 1 when the weights are right. NaN for two points. */
  readonly chi2PerDof: number;
  readonly n: number;
}

/** Weighted sums from which a line follows; x is taken relative to `centre` against cancellation. */
class LineSums {
  #w = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #xy = 0;
  readonly #centre: number;
  constructor(centre: number) {
    this.#centre = centre;
  }
  add(x: number, y: number, w: number): void {
    const dx = x - this.#centre;
    this.#w += w;
    this.#x += w * dx;
    this.#y += w * y;
    this.#xx += w * dx * dx;
    this.#xy += w * dx * y;
  }
  /** The line of these sums less those of `part`. */
  line(part?: LineSums): { slope: number; intercept: number; slopeVar: number; interceptVar: number } {
    const w = this.#w - (part ? part.#w : 0);
    const x = this.#x - (part ? part.#x : 0);
    const y = this.#y - (part ? part.#y : 0);
    const xx = this.#xx - (part ? part.#xx : 0);
    const xy = this.#xy - (part ? part.#xy : 0);
    const spread = xx - (x * x) / w;
    // One value of x gives no slope; rounding leaves a spread of this relative size.
    if (!(spread > 1e-12 * (xx + w * this.#centre ** 2))) {
      return { slope: Number.NaN, intercept: Number.NaN, slopeVar: Number.NaN, interceptVar: Number.NaN };
    }
    const slope = (xy - (x * y) / w) / spread;
    const meanX = this.#centre + x / w;
    return {
      slope,
      intercept: y / w - slope * meanX,
      slopeVar: 1 / spread,
      interceptVar: 1 / w + (meanX * meanX) / spread,
    };
  }
}

function collect(truth: ArrayLike<number>, estimate: ArrayLike<number>, sigma: ArrayLike<number>): LineSums {
  requireSameLength(truth, estimate, 'truth and estimate');
  requireSameLength(truth, sigma, 'truth and sigma');
  let sum = 0;
  for (let i = 0; i < truth.length; i++) {
    if (!(sigma[i] > 0)) throw new StatsInputError(`sigma[${i}] is ${sigma[i]}; errors must be positive`);
    sum += truth[i];
  }
  const sums = new LineSums(sum / truth.length);
  for (let i = 0; i < truth.length; i++) sums.add(truth[i], estimate[i], 1 / sigma[i] ** 2);
  return sums;
}

/**
 * Inverse-variance weighted regression of the estimates on the truth, with the errors that the given sigmas imply
 * (they are not rescaled by χ²). All NaN where the truth takes one value only: then no slope exists.
 * @param sigma standard error of each estimate, positive.
 * @throws StatsInputError for unequal lengths or a sigma that is not positive.
 */
export function fitBias(truth: ArrayLike<number>, estimate: ArrayLike<number>, sigma: ArrayLike<number>): BiasFit {
  const { slope, intercept, slopeVar, interceptVar } = collect(truth, estimate, sigma).line();
  let chi2 = 0;
  for (let i = 0; i < truth.length; i++) chi2 += ((estimate[i] - intercept - slope * truth[i]) / sigma[i]) ** 2;
  return {
    m: slope - 1,
    mErr: Math.sqrt(slopeVar),
    c: intercept,
    cErr: Math.sqrt(interceptVar),
    chi2PerDof: truth.length > 2 ? chi2 / (truth.length - 2) : Number.NaN,
    n: truth.length,
  };
}

/**
 * Delete-one-group jackknife errors of `fitBias`: sqrt((G − 1)/G Σ(θ_g − θ̄)²) (Efron 1982).
 * @param groups label of each point; points with one label leave together (e.g. the ±g pair of one noise seed).
 *   Every point on its own when left out. Groups without which no slope exists make the errors NaN.
 */
export function jackknifeBias(
  truth: ArrayLike<number>,
  estimate: ArrayLike<number>,
  sigma: ArrayLike<number>,
  groups?: ArrayLike<number>,
): { readonly mErr: number; readonly cErr: number; readonly groups: number } {
  if (groups) requireSameLength(truth, groups, 'truth and groups');
  const all = collect(truth, estimate, sigma);
  const centre = truth.length > 0 ? Array.from(truth).reduce((sum, x) => sum + x, 0) / truth.length : 0;
  const parts = new Map<number, LineSums>();
  for (let i = 0; i < truth.length; i++) {
    const label = groups ? groups[i] : i;
    let part = parts.get(label);
    if (!part) {
      part = new LineSums(centre);
      parts.set(label, part);
    }
    part.add(truth[i], estimate[i], 1 / sigma[i] ** 2);
  }
  const lines = [...parts.values()].map((part) => all.line(part));
  const error = (values: number[]): number => {
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    return values.length > 1 ? Math.sqrt(((values.length - 1) / values.length) * squares) : Number.NaN;
  };
  return {
    mErr: error(lines.map((line) => line.slope)),
    cErr: error(lines.map((line) => line.intercept)),
    groups: lines.length,
  };
}
