/** Correlation of two series. */
import { requireSameLength } from './errors.ts';
import { orderOf } from './order.ts';

/** Pearson's product-moment correlation; NaN where a series does not vary or has fewer than two values. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requireSameLength(x, y, 'x and y');
  const n = x.length;
  let [meanX, meanY] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanX += x[i] / n;
    meanY += y[i] / n;
  }
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xx += (x[i] - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
    xy += (x[i] - meanX) * (y[i] - meanY);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN;
}

/** Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return pearson(meanRanks(x), meanRanks(y));
}

/** Ranks from 1, equal values sharing the mean of theirs (SciPy's rankdata, "average"). Finite values. */
export function meanRanks(values: ArrayLike<number>): Float64Array {
  const { order, sorted } = orderOf(Float64Array.from(values));
  const ranks = new Float64Array(sorted.length);
  for (let first = 0; first < sorted.length; ) {
    let end = first + 1;
    while (end < sorted.length && sorted[end] === sorted[first]) end++;
    for (let k = first; k < end; k++) ranks[order[k]] = (first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}
