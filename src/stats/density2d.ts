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
  /** What the other draws put into the cell of each draw, ascending; of many draws, of so many of them. */
  readonly heights: Float64Array;
}

/** Cells that a standard deviation of the kernel is wide: narrower kernels than the grid can show would widen what they smooth. */
const CELLS_A_KERNEL = 1.5;
const FEWEST_CELLS = 48;
/** Room for the kernel on either side, in its standard deviations. */
const ROOM = 4;
/** Draws that levels are made of, at most. */
const RANKED = 20_000;

/** Share of a kernel in its middle cell. */
function peakOf(sd: number): number {
  return 1 / kernelOf(sd).reduce((sum, value) => sum + value, 0);
}

function kernelOf(sd: number): Float64Array {
  const reach = Math.ceil(4 * sd);
  return Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sd) ** 2));
}

/** Convolves lines of `count` entries `stride` apart with a Gaussian. */
function smooth(cells: Float64Array, lines: number, lineStep: number, count: number, stride: number, sd: number): void {
  const kernel = kernelOf(sd);
  const reach = (kernel.length - 1) / 2;
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

/** Scott's rule for two dimensions with the width of a mode. */
const bandwidthOf = (values: Float64Array) => modeSd(values) * values.length ** (-1 / 6);

/** The grid of one axis. */
function gridOf(values: Float64Array, most: number) {
  const [low, high] = finiteRange(values);
  const kernel = Math.max(bandwidthOf(values), (high - low) / (most * CELLS_A_KERNEL)) || (high - low) / most;
  const range: [number, number] = [low - ROOM * kernel, high + ROOM * kernel];
  const wanted = Math.ceil((CELLS_A_KERNEL * (range[1] - range[0])) / kernel);
  const cells = Math.min(most, Math.max(FEWEST_CELLS, wanted));
  const cell = (range[1] - range[0]) / cells;
  return {
    range,
    cells,
    sd: kernel / cell,
    at: (value: number) => Math.min(cells - 1, Math.floor((value - range[0]) / cell)),
  };
}

/** Binned and smoothed density of the pairs in which both values are finite. @param most cells on an axis, at most */
export function density2d(x: ArrayLike<number>, y: ArrayLike<number>, most: number): Density2d {
  requireSameLength(x, y, 'x and y');
  const keep: number[] = [];
  for (let i = 0; i < x.length; i++) if (Number.isFinite(x[i]) && Number.isFinite(y[i])) keep.push(i);
  const n = keep.length;
  const [across, up] = [x, y].map((values) =>
    gridOf(
      Float64Array.from(keep, (i) => values[i]),
      most,
    ),
  );
  const [nx, ny] = [across.cells, up.cells];
  const cells = new Float64Array(nx * ny);
  const placeOf = (i: number) => up.at(y[i]) * nx + across.at(x[i]);
  for (const i of keep) cells[placeOf(i)] += 1 / n;
  if (n > 0) {
    smooth(cells, ny, nx, nx, 1, across.sd);
    smooth(cells, nx, 1, ny, nx, up.sd);
  }
  // A draw's own kernel would make its place look dense.
  const own = (peakOf(across.sd) * peakOf(up.sd)) / n;
  const stride = Math.ceil(n / RANKED) || 1;
  const ranked = keep.filter((_, at) => at % stride === 0);
  const heights = Float64Array.from(ranked, (i) => Math.max(0, cells[placeOf(i)] - own)).sort();
  return { nx, ny, xRange: across.range, yRange: up.range, cells, heights };
}

/**
 * Heights of the smallest regions that hold each share of the draws (e.g. [0.95, 0.68]): pass them to a contour tracer. In the order of
 * `shares`. By the draws and not by the smoothed cells, which reach farther out, so that a thin ridge keeps its width.
 */
export function credibleLevels({ heights }: Density2d, shares: readonly number[]): number[] {
  return shares.map((share) => {
    const level = heights[Math.floor((1 - share) * heights.length)] ?? 0;
    // Lone draws have nothing of the others about them, and no contour goes through nothing.
    return level > 0 ? level : (heights.find((height) => height > 0) ?? 0);
  });
}
