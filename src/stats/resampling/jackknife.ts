/** Delete-one jackknife: how much an estimate owes to single items. */
import { StatsInputError } from '../errors.ts';

export interface Jackknife {
  /** Mean of the estimates without one item. */
  readonly mean: number;
  /** sqrt((n − 1)/n Σ(θ_i − θ̄)²) (Efron 1982); NaN for one item. */
  readonly error: number;
  readonly n: number;
}

/** Error of an estimate from those without each item (or group of items) in turn. NaN where one of them is NaN. */
export function jackknife(leftOut: ArrayLike<number>): Jackknife {
  const n = leftOut.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += leftOut[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (leftOut[i] - mean) ** 2;
  return { mean, error: n > 1 ? Math.sqrt(((n - 1) / n) * squares) : Number.NaN, n };
}

/** The same from the estimator: `estimate` is given the items that stay, in order. */
export function jackknifeOf(n: number, estimate: (kept: Uint32Array) => number): Jackknife {
  if (!Number.isInteger(n) || n < 2) throw new StatsInputError(`a jackknife needs two items or more, got ${n}`);
  const kept = new Uint32Array(n - 1);
  return jackknife(
    Float64Array.from({ length: n }, (_, out) => {
      for (let i = 0, at = 0; i < n; i++) if (i !== out) kept[at++] = i;
      return estimate(kept);
    }),
  );
}
