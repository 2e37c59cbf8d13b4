/** Density of a spectrum, smoothed: exactly from eigenvalues, or by stochastic Lanczos quadrature. */
import { StatsInputError } from '../errors.ts';
import { type MeanWithError, meanWithError } from '../paired.ts';
import type { RitzValues } from './ritz.ts';

/** Share of the range of the spectrum that the Gaussians are wide, where nothing else is asked for. */
export const DENSITY_WIDTH = 0.01;

/** Default σ: 1 % of the range of all Ritz values of all probes. */
export function densityWidth(probes: readonly Pick<RitzValues, 'values'>[], share = DENSITY_WIDTH): number {
  const [low, high] = spectrumRange(probes);
  return share * (high - low);
}

/** `count` points at even distances from 3σ below the smallest to 3σ above the largest value. */
export function densityGrid(
  probes: readonly Pick<RitzValues, 'values'>[],
  sigma: number,
  count: number,
): Float64Array<ArrayBuffer> {
  if (!Number.isInteger(count) || count < 2) throw new StatsInputError(`a grid needs two points or more, got ${count}`);
  const [low, high] = spectrumRange(probes);
  const [from, to] = [low - 3 * sigma, high + 3 * sigma];
  return Float64Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));
}

function spectrumRange(probes: readonly Pick<RitzValues, 'values'>[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values } of probes) {
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(low <= high)) throw new StatsInputError('there are no eigenvalues whose range could be taken');
  return [low, high];
}

/** Σ_j w_j N(x; θ_j, σ²) at every x of the grid; all weights 1/n where none are given. Integrates to Σ w. */
export function gaussianDensity(
  values: ArrayLike<number>,
  grid: ArrayLike<number>,
  sigma: number,
  weights?: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  if (!(sigma > 0)) throw new StatsInputError(`σ is ${sigma}; a smoothed density needs a positive width`);
  const height = 1 / (sigma * Math.sqrt(2 * Math.PI));
  return Float64Array.from({ length: grid.length }, (_, at) => {
    let sum = 0;
    for (let j = 0; j < values.length; j++) {
      const z = (grid[at] - values[j]) / sigma;
      sum += (weights ? weights[j] : 1 / values.length) * Math.exp(-0.5 * z * z);
    }
    return height * sum;
  });
}

export interface SlqDensity {
  readonly grid: Float64Array<ArrayBuffer>;
  readonly sigma: number;
  /** Mean over probes at each point of the grid. */
  readonly mean: Float64Array<ArrayBuffer>;
  /** Standard deviation between probes (k − 1 in the denominator); NaN for one. The error of the mean is this over √k. */
  readonly sd: Float64Array<ArrayBuffer>;
  readonly probes: number;
}

/**
 * Stochastic Lanczos quadrature (Ubaru, Chen & Saad 2017; Ghorbani, Krishnan & Xiao 2019): Gauss' quadrature of the density as seen from k random
 * start vectors, Σ_j s_1j² N(x; θ_j, σ²), meaned over them.
 */
export function slqDensity(probes: readonly RitzValues[], grid: ArrayLike<number>, sigma: number): SlqDensity {
  if (probes.length < 1) throw new StatsInputError('a density needs at least one probe');
  const curves = probes.map(({ values, weights }) => gaussianDensity(values, grid, sigma, weights));
  const k = probes.length;
  const mean = new Float64Array(grid.length);
  for (const curve of curves) for (let at = 0; at < grid.length; at++) mean[at] += curve[at] / k;
  const sd = mean.map((centre, at) => {
    const squares = curves.reduce((sum, curve) => sum + (curve[at] - centre) ** 2, 0);
    return k > 1 ? Math.sqrt(squares / (k - 1)) : Number.NaN;
  });
  return { grid: Float64Array.from(grid), sigma, mean, sd, probes: k };
}

/** Share of the spectrum below −3σ, where smoothing cannot have moved it from 0: Σ weights of θ_j < −3σ, mean ± error over probes. */
export function negativeShare(probes: readonly RitzValues[], sigma: number): MeanWithError {
  return meanWithError(
    probes.map(({ values, weights }) => values.reduce((sum, v, j) => (v < -3 * sigma ? sum + weights[j] : sum), 0)),
  );
}
