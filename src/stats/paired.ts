/** Pairs of items whose noise, or whose nuisance, cancels. */
import { requireSameLength, StatsInputError } from './errors.ts';

export interface MeanWithError {
  readonly mean: number;
  /** Standard error of the mean from the scatter of the pairs; NaN for one pair. */
  readonly error: number;
  readonly n: number;
}

/**
 * Response of the estimate to the truth g from pairs that share their noise and differ in the sign of g:
 * R = (ĝ(+g) − ĝ(−g)) / (2 g), m = R − 1 (Pujol et al. 2019 use the same cancellation). Noise that does not depend on g leaves
 * the difference, so the error is far below that of unpaired items.
 * @param truth at the plus side, one a pair; not zero.
 */
export function pairedResponse(
  plus: ArrayLike<number>,
  minus: ArrayLike<number>,
  truth: ArrayLike<number>,
): MeanWithError {
  requireSameLength(plus, minus, 'plus and minus');
  requireSameLength(plus, truth, 'plus and truth');
  const ratios = Float64Array.from(plus, (value, i) => {
    if (truth[i] === 0) throw new StatsInputError(`truth[${i}] is 0; a response needs something to respond to`);
    return (value - minus[i]) / (2 * truth[i]);
  });
  return meanWithError(ratios);
}

export interface RingMean extends MeanWithError {
  /** Variance of the pair means over that of means of unrelated items: 1 without cancellation, near 0 with. */
  readonly varianceRatio: number;
}

/**
 * Ring test (Nakajima & Bernstein 2007): every item has a twin of the same truth whose nuisance (a shape turned by 90°) is the
 * opposite. The two sum to zero, so the mean error of a pair is free of that noise to first order.
 * @param first, second estimate minus truth of the item and of its twin.
 */
export function ringMean(first: ArrayLike<number>, second: ArrayLike<number>): RingMean {
  requireSameLength(first, second, 'first and second');
  const pairs = meanWithError(Float64Array.from(first, (value, i) => (value + second[i]) / 2));
  const singles = meanWithError([...Array.from(first), ...Array.from(second)]);
  return { ...pairs, varianceRatio: (pairs.error / singles.error) ** 2 };
}

/** Mean of independent values and its standard error, sd/√n with n − 1 in the denominator of the variance. */
export function meanWithError(values: ArrayLike<number>): MeanWithError {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  return { mean, error: n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.NaN, n };
}
