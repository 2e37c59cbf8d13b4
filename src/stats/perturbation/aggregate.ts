/** Values of several perturbations in one line. */
import { quantileSorted } from '../order.ts';

export interface Aggregate {
  readonly mean: number;
  readonly median: number;
  /** With n − 1; NaN for one value. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  /** Values that are numbers: the others do not count. */
  readonly n: number;
}

export function aggregate(values: ArrayLike<number>): Aggregate {
  const sorted = Float64Array.from(Array.from(values).filter((value) => !Number.isNaN(value))).sort();
  const n = sorted.length;
  const mean = sorted.reduce((sum, v) => sum + v, 0) / n;
  const squares = sorted.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return {
    mean,
    median: quantileSorted(sorted, 0.5),
    sd: n > 1 ? Math.sqrt(squares / (n - 1)) : Number.NaN,
    min: n > 0 ? sorted[0] : Number.NaN,
    max: n > 0 ? sorted[n - 1] : Number.NaN,
    n,
  };
}
