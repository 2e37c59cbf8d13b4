/** How evenly the gradient is spread over tensors or layers. */
import { StatsInputError } from '../errors.ts';

export interface Concentration {
  /** Entropy of the shares ‖g_k‖/Σ‖g‖, nats. */
  readonly entropy: number;
  /** The same over log(tensors): 1 where all are equal. */
  readonly evenness: number;
  /** Gini coefficient Σ_jk |x_j − x_k| / (2 n² x̄): 0 where all are equal, 1 − 1/n where one has all. */
  readonly gini: number;
  /** Last over first: far above 1 where gradients vanish on the way back, far below where they explode. */
  readonly lastOverFirst: number;
}

/** @param norms ‖g‖ of each tensor or layer, in the order of the layers. All NaN where nothing is left of the gradient. */
export function concentration(norms: ArrayLike<number>): Concentration {
  const n = norms.length;
  if (n < 1) throw new StatsInputError('there are no norms');
  const sorted = Float64Array.from(norms).sort();
  let [whole, weighted, entropy] = [0, 0, 0];
  for (let k = 0; k < n; k++) {
    if (!(sorted[k] >= 0)) throw new StatsInputError(`a norm is ${sorted[k]}; norms are not negative`);
    whole += sorted[k];
    weighted += (2 * k + 1 - n) * sorted[k];
  }
  for (const value of sorted) if (value > 0) entropy -= (value / whole) * Math.log(value / whole);
  if (whole === 0) entropy = Number.NaN;
  return {
    entropy,
    evenness: n > 1 ? entropy / Math.log(n) : Number.NaN,
    gini: weighted / (n * whole),
    lastOverFirst: norms[n - 1] / norms[0],
  };
}
