/** Loss along a straight line between two networks, and loss differences of the same items. */
import { requireSameLength, StatsInputError } from '../errors.ts';
import { jackknife } from '../resampling/jackknife.ts';

export interface Barrier {
  /** max over the line of L(γ) − ((1 − γ) L(0) + γ L(1)) (Frankle, Dziugaite, Roy & Carbin 2020); 0 where the line never rises above its chord. */
  readonly height: number;
  /** γ in [0, 1] of the highest point, and its place. */
  readonly position: number;
  readonly index: number;
}

/** Barrier along a line. @param positions ascending; γ is taken relative to the first and last. Evenly spaced when left out. */
export function barrier(losses: ArrayLike<number>, positions?: ArrayLike<number>): Barrier {
  const last = losses.length - 1;
  if (last < 1) throw new StatsInputError('a line has two ends');
  if (positions) requireSameLength(losses, positions, 'losses and positions');
  const gamma = (k: number) =>
    positions ? (positions[k] - positions[0]) / (positions[last] - positions[0]) : k / last;
  let best: Barrier = { height: 0, position: 0, index: 0 };
  for (let k = 1; k < last; k++) {
    const height = losses[k] - ((1 - gamma(k)) * losses[0] + gamma(k) * losses[last]);
    // A loss that is not finite is the highest wall there is.
    if (height > best.height || Number.isNaN(height)) best = { height, position: gamma(k), index: k };
    if (Number.isNaN(height)) return { ...best, height: Number.POSITIVE_INFINITY };
  }
  return best;
}

export interface LossDifference {
  /** Σ w_i ℓ_i/Σ w_i here less the same at the reference. */
  readonly difference: number;
  /** Jackknife over items: what both points share cancels. */
  readonly error: number;
}

/**
 * Difference of losses over the same items. With token losses of item means, weights are the items' numbers of predictions (token mean L), or
 * all equal (item mean).
 */
export function lossDifference(
  losses: ArrayLike<number>,
  reference: ArrayLike<number>,
  weights: ArrayLike<number>,
): LossDifference {
  requireSameLength(losses, reference, 'losses and those of the reference');
  requireSameLength(losses, weights, 'losses and weights');
  const n = losses.length;
  let [sum, whole] = [0, 0];
  for (let i = 0; i < n; i++) {
    sum += weights[i] * (losses[i] - reference[i]);
    whole += weights[i];
  }
  const without = Float64Array.from(
    { length: n },
    (_, i) => (sum - weights[i] * (losses[i] - reference[i])) / (whole - weights[i]),
  );
  return { difference: sum / whole, error: jackknife(without).error };
}
