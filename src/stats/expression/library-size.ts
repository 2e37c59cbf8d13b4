/** Library size: how many counts a cell has over the genes at hand. */
import { ksTwoSample } from '../ks.ts';
import { quantileSorted, sortedCopy } from '../order.ts';
import type { Points } from '../two-sample/points.ts';

export const LIBRARY_LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

export interface LibraryAgreement {
  /** Kolmogorov–Smirnov statistic: largest distance of the two distribution functions, 0 equal, 1 apart. */
  readonly statistic: number;
  /** Quantiles at `LIBRARY_LEVELS` (linear interpolation), in counts. */
  readonly real: readonly number[];
  readonly generated: readonly number[];
}

/** Sum over the genes of each cell. */
export function librarySizes({ values, dim }: Points): Float64Array {
  const sizes = new Float64Array(values.length / dim);
  for (let i = 0; i < values.length; i++) sizes[Math.floor(i / dim)] += values[i];
  return sizes;
}

/** Library sizes of generated against real cells, both in counts. */
export function libraryAgreement(real: Points, generated: Points): LibraryAgreement {
  const [x, y] = [real, generated].map((cells) => sortedCopy(librarySizes(cells)));
  const quantiles = (sorted: Float64Array) => LIBRARY_LEVELS.map((level) => quantileSorted(sorted, level));
  return { statistic: ksTwoSample(x, y).statistic, real: quantiles(x), generated: quantiles(y) };
}
