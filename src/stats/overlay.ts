/** Histograms of two samples over the same bins, as densities, so that samples of different size compare. */
export interface Overlay {
  readonly edges: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/** Values that are not finite are left out; equal values get a bin around them. */
export function overlay(a: ArrayLike<number>, b: ArrayLike<number>, bins: number): Overlay {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const sample of [a, b]) {
    for (let i = 0; i < sample.length; i++) {
      if (!Number.isFinite(sample[i])) continue;
      min = Math.min(min, sample[i]);
      max = Math.max(max, sample[i]);
    }
  }
  if (min > max) [min, max] = [0, 1];
  if (min === max) [min, max] = [min - 0.5, max + 0.5];
  const width = (max - min) / bins;
  const density = (sample: ArrayLike<number>): Float64Array => {
    const counts = new Float64Array(bins);
    let total = 0;
    for (let i = 0; i < sample.length; i++) {
      if (!Number.isFinite(sample[i])) continue;
      counts[Math.min(bins - 1, Math.floor((sample[i] - min) / width))]++;
      total++;
    }
    return counts.map((count) => (total > 0 ? count / total / width : 0));
  };
  return { edges: Float64Array.from({ length: bins + 1 }, (_, i) => min + i * width), a: density(a), b: density(b) };
}
