/** Sorting, quantiles and ranks on typed arrays. */

/** An ascending copy. */
export function sortedCopy(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Index of the first entry of an ascending array that is ≥ v. */
export function lowerBound(sorted: Float64Array, v: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < v) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first entry of an ascending array that is > v. */
export function upperBound(sorted: Float64Array, v: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] <= v) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Quantile of an ascending array by linear interpolation between order statistics
 * (Hyndman & Fan 1996, type 7; the default of NumPy, R and ArviZ). NaN for an empty array.
 */
export function quantileSorted(sorted: Float64Array, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
