/** One-dimensional distributions for plots. */
import { quantileSorted, sortedCopy } from './order.ts';

export interface Histogram {
  /** `counts.length + 1` ascending edges. */
  readonly edges: Float64Array;
  readonly counts: Float64Array;
}

/** Smallest and largest finite value; [0, 1] where there is none, and a unit range around a single value. */
export function finiteRange(values: ArrayLike<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** Counts in `bins` equal bins; values outside the range and NaN are left out, the last bin includes its upper edge. */
export function histogram(
  values: ArrayLike<number>,
  bins: number,
  range: readonly [number, number] = finiteRange(values),
): Histogram {
  const [low, high] = range;
  const counts = new Float64Array(bins);
  const scale = bins / (high - low);
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= low && values[i] <= high) counts[Math.min(bins - 1, Math.floor((values[i] - low) * scale))]++;
  }
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  return { edges, counts };
}

export interface Curve {
  readonly x: Float64Array;
  /** Probability density at x, in 1/unit of x. */
  readonly density: Float64Array;
}

/** Gaussian kernel density of the finite values on `points` places, three bandwidths beyond their range (Silverman 1986, eq. 3.31). */
export function kernelDensity(values: ArrayLike<number>, points: number): Curve {
  const sorted = sortedCopy(Array.from(values).filter(Number.isFinite));
  const n = sorted.length;
  const mean = sorted.reduce((sum, v) => sum + v, 0) / n;
  const sd = Math.sqrt(sorted.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, n - 1));
  const robust = (quantileSorted(sorted, 0.75) - quantileSorted(sorted, 0.25)) / 1.34;
  const width = 0.9 * (robust > 0 ? Math.min(sd, robust) : sd || 1) * n ** -0.2;
  const [low, high] = [sorted[0] - 3 * width, sorted[n - 1] + 3 * width];
  const x = Float64Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));
  const density = new Float64Array(n === 0 ? 0 : points);
  const norm = 1 / (n * width * Math.sqrt(2 * Math.PI));
  for (let i = 0; i < density.length; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += Math.exp(-0.5 * ((x[i] - sorted[j]) / width) ** 2);
    density[i] = sum * norm;
  }
  return n === 0 ? { x: density, density } : { x, density };
}
