/** Pairs of realizations whose noise, or whose intrinsic shape, cancels. */
import { requireSameLength, StatsInputError } from './errors.ts';

export interface MeanWithError {
  readonly mean: number;
  /** Standard error of the mean from the scatter of the pairs; NaN for one pair. */
  readonly error: number;
  readonly n: number;
}

/**
 * Response of the estimate to shear from pairs that share their noise and differ in the sign of g:
 * R = (ĝ(+g) − ĝ(−g)) / (2 g), m = R − 1 (Pujol et al. 2019 use the same cancellation). Noise that does not depend on g leaves
 * the difference, so the error is far below that of unpaired realizations.
 * @param shear true value at the plus side, one a pair; not zero.
 */
export function pairedResponse(
  plus: ArrayLike<number>,
  minus: ArrayLike<number>,
  shear: ArrayLike<number>,
): MeanWithError {
  requireSameLength(plus, minus, 'plus and minus');
  requireSameLength(plus, shear, 'plus and shear');
  const ratios = Float64Array.from(plus, (value, i) => {
    if (shear[i] === 0) throw new StatsInputError(`shear[${i}] is 0; a response needs a shear to respond to`);
    return (value - minus[i]) / (2 * shear[i]);
  });
  return meanWithError(ratios);
}

export interface RingMean extends MeanWithError {
  /** Variance of the pair means over that of means of unrelated items: 1 without cancellation, near 0 with. */
  readonly varianceRatio: number;
}

/**
 * Ring test (Nakajima & Bernstein 2007): every galaxy also turned by 90°, under the same shear. The intrinsic shapes of such twins
 * sum to zero, so the mean error of a pair is free of shape noise to first order.
 * @param first, second estimate minus truth of the galaxy and of its twin.
 */
export function ringMean(first: ArrayLike<number>, second: ArrayLike<number>): RingMean {
  requireSameLength(first, second, 'first and second');
  const pairs = meanWithError(Float64Array.from(first, (value, i) => (value + second[i]) / 2));
  const singles = meanWithError([...Array.from(first), ...Array.from(second)]);
  return { ...pairs, varianceRatio: (pairs.error / singles.error) ** 2 };
}

function meanWithError(values: ArrayLike<number>): MeanWithError {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  return { mean, error: n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.NaN, n };
}
