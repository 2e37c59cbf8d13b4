/** TensorScope's "signal-to-noise ratio" of a gradient, for comparison: it grows with the number of parameters. */
import { requireSameLength, StatsInputError } from '../errors.ts';

/**
 * ‖ḡ‖ / mean_j sd_j over the parameters j of a tensor (n − 1 in the variances): in units of √parameters, so that pure noise of P parameters over n batches
 * scores about sqrt(P/n). 0 where nothing varies and nothing is left.
 * @param sum Σ_i g_ij. @param sumOfSquares Σ_i g_ij². @param n batches, 2 or more.
 */
export function tensorScopeSnr(sum: ArrayLike<number>, sumOfSquares: ArrayLike<number>, n: number): number {
  requireSameLength(sum, sumOfSquares, 'sums and sums of squares');
  if (!Number.isInteger(n) || n < 2) throw new StatsInputError(`a spread needs two batches or more, got ${n}`);
  let [squares, spread] = [0, 0];
  for (let j = 0; j < sum.length; j++) {
    const mean = sum[j] / n;
    squares += mean * mean;
    spread += Math.sqrt(Math.max(0, (sumOfSquares[j] - n * mean * mean) / (n - 1)));
  }
  return squares === 0 ? 0 : Math.sqrt(squares) / (spread / sum.length);
}
