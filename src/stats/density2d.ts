/** Two-dimensional densities for contour plots. */
import { modeSd } from './bandwidth.ts';
import { requireSameLength } from './errors.ts';
import { finiteRange } from './histogram.ts';

export interface Density2d {
  readonly nx: number;
  readonly ny: number;
  /** Range of the cells' outer edges. */
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  /** Probability in each cell, row-major [ny][nx], y ascending; sums to 1 less what smoothing carries over the edge. */
  readonly cells: Float64Array;
}

/** Standard deviation of the kernel's entries, in cells: Scott's rule for two dimensions with the width of a mode, at least ¾ cell. */
function bandwidthCells(values: Float64Array, cellSize: number): number {
  return Math.max(0.75, (modeSd(values) * values.length ** (-1 / 6)) / cellSize);
}

/** Convolves lines of `count` entries `stride` apart with a Gaussian. */
function smooth(cells: Float64Array, lines: number, lineStep: number, count: number, stride: number, sd: number): void {
  const reach = Math.ceil(4 * sd);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sd) ** 2));
  const total = kernel.reduce((sum, v) => sum + v, 0);
  const line = new Float64Array(count);
  for (let l = 0; l < lines; l++) {
    for (let i = 0; i < count; i++) line[i] = cells[l * lineStep + i * stride] / total;
    for (let i = 0; i < count; i++) {
      let sum = 0;
      const from = Math.max(0, i - reach);
      const to = Math.min(count - 1, i + reach);
      for (let j = from; j <= to; j++) sum += line[j] * kernel[j - i + reach];
      cells[l * lineStep + i * stride] = sum;
    }
  }
}

/** Binned and smoothed density of the pairs in which both values are finite, on cells × cells. */
export function density2d(x: ArrayLike<number>, y: ArrayLike<number>, cells: number): Density2d {
  requireSameLength(x, y, 'x and y');
  const keep: number[] = [];
  for (let i = 0; i < x.length; i++) if (Number.isFinite(x[i]) && Number.isFinite(y[i])) keep.push(i);
  const xs = Float64Array.from(keep, (i) => x[i]);
  const ys = Float64Array.from(keep, (i) => y[i]);
  const xRange = padded(finiteRange(xs));
  const yRange = padded(finiteRange(ys));
  const grid = new Float64Array(cells * cells);
  const dx = (xRange[1] - xRange[0]) / cells;
  const dy = (yRange[1] - yRange[0]) / cells;
  for (let i = 0; i < xs.length; i++) {
    const column = Math.min(cells - 1, Math.floor((xs[i] - xRange[0]) / dx));
    const row = Math.min(cells - 1, Math.floor((ys[i] - yRange[0]) / dy));
    grid[row * cells + column] += 1 / xs.length;
  }
  if (xs.length > 0) {
    smooth(grid, cells, cells, cells, 1, bandwidthCells(xs, dx));
    smooth(grid, cells, 1, cells, cells, bandwidthCells(ys, dy));
  }
  return { nx: cells, ny: cells, xRange, yRange, cells: grid };
}

/** A fifth of the range on either side: room for the smoothed edge. */
function padded([low, high]: readonly [number, number]): [number, number] {
  const margin = 0.2 * (high - low);
  return [low - margin, high + margin];
}

/**
 * Heights of the smallest regions that hold each share of the probability (e.g. [0.95, 0.68]): pass them to a contour
 * tracer. In the order of `shares`.
 */
export function credibleLevels(density: Density2d, shares: readonly number[]): number[] {
  const descending = Float64Array.from(density.cells).sort().reverse();
  const total = descending.reduce((sum, v) => sum + v, 0);
  return shares.map((share) => {
    let sum = 0;
    for (const height of descending) {
      sum += height;
      if (sum >= share * total) return height;
    }
    return 0;
  });
}
