/** What m steps of Lanczos' method say of the spectrum of a symmetric operator: Ritz values, their weights and how far off they can be. */
import { StatsInputError } from '../errors.ts';
import { tridiagonalEigen } from './tridiagonal.ts';

export interface LanczosCoefficients {
  /** α_1 … α_m = q_jᵀHq_j. */
  readonly alpha: ArrayLike<number>;
  /** β_1 … β_m: norms of what was left after each step, the last of which only bounds the error; m − 1 will do where it is not known. */
  readonly beta: ArrayLike<number>;
}

export interface RitzValues {
  /** θ_j, descending. */
  readonly values: Float64Array<ArrayBuffer>;
  /** s_1j², which sum to 1: the share of the start vector along each, and the weights of Gauss' quadrature. */
  readonly weights: Float64Array<ArrayBuffer>;
  /** β_m |s_mj|: some eigenvalue lies no farther than this from θ_j (Parlett 1980, §13.2). NaN without β_m. */
  readonly bounds: Float64Array<ArrayBuffer>;
}

/** Ritz values with weights and residual bounds. A step whose β is 0 ended the walk: pass the coefficients up to it. */
export function ritzValues({ alpha, beta }: LanczosCoefficients): RitzValues {
  const m = alpha.length;
  if (beta.length > m) throw new StatsInputError(`${m} α belong to at most ${m} β, got ${beta.length}`);
  const { values, first, last } = tridiagonalEigen(alpha, beta);
  const left = beta.length === m ? beta[m - 1] : Number.NaN;
  return { values, weights: first.map((s) => s * s), bounds: last.map((s) => left * Math.abs(s)) };
}
