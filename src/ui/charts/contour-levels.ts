/** From draws to the curves of a joint posterior: a smoothed grid and the densities that hold a given share of the draws. */
import type { Range } from './scale.ts';

export interface DensityGrid {
  readonly nx: number;
  readonly ny: number;
  /** Row-major nx × ny, draws per cell after smoothing. */
  readonly values: Float64Array;
}

/** Smoothing width of Scott's rule in two dimensions, n^(−1/6), in units of the standard deviation. */
const SCOTT_EXPONENT = -1 / 6;
/** Cells that a smoothing kernel reaches to each side, in standard deviations of the kernel. */
const REACH_SIGMAS = 3.5;

/**
 * Bins draws (x[i], y[i]) on `size` × `size` cells over the ranges and smooths with a Gaussian per axis of width
 * sd · n^(−1/6) (Scott 1992). Draws outside the ranges are left out.
 */
export function densityGrid(x: ArrayLike<number>, y: ArrayLike<number>, xRange: Range, yRange: Range, size: number): DensityGrid {
  const counts = new Float64Array(size * size);
  const n = Math.min(x.length, y.length);
  for (let i = 0; i < n; i++) {
    const column = Math.floor(((x[i] - xRange.min) / (xRange.max - xRange.min)) * size);
    const row = Math.floor(((y[i] - yRange.min) / (yRange.max - yRange.min)) * size);
    if (column >= 0 && column < size && row >= 0 && row < size) counts[row * size + column]++;
  }
  const width = n ** SCOTT_EXPONENT;
  const alongX = blur(counts, size, 1, (width * deviation(x) * size) / (xRange.max - xRange.min));
  return { nx: size, ny: size, values: blur(alongX, size, size, (width * deviation(y) * size) / (yRange.max - yRange.min)) };
}

/** Densities above which the grid holds each share (e.g. 0.95, 0.68) of all draws; lowest first when shares fall. */
export function levelsForShares(grid: DensityGrid, shares: readonly number[]): number[] {
  const sorted = Float64Array.from(grid.values).sort().reverse();
  const total = sorted.reduce((sum, value) => sum + value, 0);
  return shares.map((share) => {
    let sum = 0;
    for (const value of sorted) {
      sum += value;
      if (sum >= share * total) return value;
    }
    return 0;
  });
}

function deviation(values: ArrayLike<number>): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) ** 2;
  return Math.sqrt(sum / Math.max(1, values.length));
}

/** Gaussian of `sigma` cells along the axis whose neighbours lie `stride` apart. */
function blur(source: Float64Array, size: number, stride: number, sigma: number): Float64Array {
  const reach = Math.max(1, Math.ceil(REACH_SIGMAS * sigma));
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / Math.max(sigma, 1e-6)) ** 2));
  const norm = kernel.reduce((sum, value) => sum + value, 0);
  const out = new Float64Array(source.length);
  const across = stride === 1 ? size : 1;
  for (let line = 0; line < size; line++) {
    for (let at = 0; at < size; at++) {
      const value = source[line * across + at * stride];
      if (value === 0) continue;
      for (let k = -reach; k <= reach; k++) {
        const to = at + k;
        if (to >= 0 && to < size) out[line * across + to * stride] += (value * kernel[k + reach]) / norm;
      }
    }
  }
  return out;
}
