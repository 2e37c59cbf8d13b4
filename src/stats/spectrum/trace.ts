/** Trace of an operator that is only known by its products. */
import { StatsInputError } from '../errors.ts';
import { type MeanWithError, meanWithError } from '../paired.ts';

/** Hutchinson's estimate (1990): the mean of zᵀHz over Rademacher vectors z ± sd/√k. @param samples zᵀHz, one a vector. */
export function hutchinson(samples: ArrayLike<number>): MeanWithError {
  if (samples.length < 1) throw new StatsInputError("Hutchinson's estimate needs at least one sample of zᵀHz");
  return meanWithError(samples);
}

/** Exact standard deviation of one zᵀHz for Rademacher z: sqrt(2 (‖H‖_F² − Σ h_ii²)), H symmetric. */
export function hutchinsonSd(frobenius: number, diagonal: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < diagonal.length; i++) squares += diagonal[i] * diagonal[i];
  return Math.sqrt(Math.max(0, 2 * (frobenius * frobenius - squares)));
}

/** Vectors after which the error is expected to be at most `error`: ⌈(sd/error)²⌉, at least 2. */
export function samplesForError(sd: number, error: number): number {
  if (!(error > 0)) throw new StatsInputError(`the error to reach is ${error}; it must be positive`);
  return Math.max(2, Math.ceil((sd / error) ** 2));
}
