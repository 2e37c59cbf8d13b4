/** Massive dimensions: coordinates many times the others, in some models. They swallow cosines and row lengths. */
import type { MassiveDimension, PooledPart } from './types.ts';

/** How many times the median coordinate's mean size a massive one has at least. */
export const MASSIVE_TIMES = 10;

/** Coordinates of a layer whose mean |x| is at least ten times the median of the coordinates', the largest first. */
export function massiveDimensions(
  x: ArrayLike<number>,
  n: number,
  at: Pick<MassiveDimension, 'component' | 'layer'>,
): readonly MassiveDimension[] {
  const d = x.length / n;
  const sizes = new Float64Array(d);
  for (let i = 0; i < x.length; i++) sizes[i % d] += Math.abs(x[i]) / n;
  const sorted = sizes.slice().sort();
  const median = (sorted[(d - 1) >> 1] + sorted[d >> 1]) / 2;
  if (!(median > 0)) return [];
  return Array.from(sizes, (size, dimension) => ({ ...at, dimension, times: size / median }))
    .filter(({ times }) => times >= MASSIVE_TIMES)
    .sort((a, b) => b.times - a.times);
}

/** Activations of one entry of a part as doubles, [n][width]. */
export function layerRows({ values, entries, width }: PooledPart, entry: number): Float64Array<ArrayBuffer> {
  const n = values.length / (entries * width);
  const out = new Float64Array(n * width);
  for (let i = 0; i < n; i++) {
    const from = (i * entries + entry) * width;
    out.set(values.subarray(from, from + width), i * width);
  }
  return out;
}
