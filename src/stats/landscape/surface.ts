/** Shape of a loss over a grid of two directions, [n][n], first axis first, at the points of `axis` on both. */
import { StatsInputError } from '../errors.ts';
import { cholesky, solveCholesky } from '../symmetric.ts';

export interface CentreDifferences {
  /** ∂L/∂α and ∂L/∂β at the centre, from its neighbours. */
  readonly slope: readonly [number, number];
  /** ∂²L/∂α² and ∂²L/∂β². */
  readonly curvature: readonly [number, number];
  /** ∂²L/∂α∂β. */
  readonly mixed: number;
  /** Distance to the neighbours: errors grow with its square. */
  readonly step: number;
}

/** Central differences at the middle of an odd grid whose middle lies at 0. */
export function centreDifferences(losses: ArrayLike<number>, axis: ArrayLike<number>): CentreDifferences {
  const n = requireGrid(losses, axis);
  const middle = (n - 1) / 2;
  if (!Number.isInteger(middle) || n < 3 || Math.abs(axis[middle]) > 1e-12 * Math.abs(axis[n - 1])) {
    throw new StatsInputError(`an axis of ${n} points has no 0 in its middle with neighbours on both sides`);
  }
  const step = (axis[middle + 1] - axis[middle - 1]) / 2;
  const at = (i: number, j: number) => losses[(middle + i) * n + middle + j];
  return {
    slope: [(at(1, 0) - at(-1, 0)) / (2 * step), (at(0, 1) - at(0, -1)) / (2 * step)],
    curvature: [(at(1, 0) - 2 * at(0, 0) + at(-1, 0)) / step ** 2, (at(0, 1) - 2 * at(0, 0) + at(0, -1)) / step ** 2],
    mixed: (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * step ** 2),
    step,
  };
}

export interface Roughness {
  /** Share of the standard deviation of the losses that no quadratic surface explains, √(1 − R²): 0 for a bowl, a saddle or a plane. NaN where L is flat. */
  readonly residual: number;
  /** Share of second differences along the axes that are negative: 0 where both are convex. */
  readonly concave: number;
}

/** How far the surface is from the bowl that a quadratic model promises. Points whose loss is not finite are left out. */
export function roughness(losses: ArrayLike<number>, axis: ArrayLike<number>): Roughness {
  const n = requireGrid(losses, axis);
  return { residual: quadraticResidual(losses, axis, n), concave: concaveShare(losses, n) };
}

const TERMS = 6;

/** Least squares of 1, α, β, α², αβ, β², the axis scaled to [−1, 1]. */
function quadraticResidual(losses: ArrayLike<number>, axis: ArrayLike<number>, n: number): number {
  let reach = 0;
  for (let i = 0; i < n; i++) reach = Math.max(reach, Math.abs(axis[i]));
  const termsAt = (at: number) => {
    const [a, b] = [axis[Math.floor(at / n)] / reach, axis[at % n] / reach];
    return [1, a, b, a * a, a * b, b * b];
  };
  const kept = Array.from({ length: n * n }, (_, at) => at).filter((at) => Number.isFinite(losses[at]));
  const mean = kept.reduce((sum, at) => sum + losses[at], 0) / kept.length;
  const matrix = new Float64Array(TERMS * TERMS);
  const right = new Float64Array(TERMS);
  for (const at of kept) {
    const terms = termsAt(at);
    for (let p = 0; p < TERMS; p++) {
      right[p] += terms[p] * (losses[at] - mean);
      for (let q = 0; q < TERMS; q++) matrix[p * TERMS + q] += terms[p] * terms[q];
    }
  }
  const factor = cholesky(matrix, TERMS);
  if (!factor) return Number.NaN;
  const fit = solveCholesky(factor, TERMS, right);
  let [left, whole] = [0, 0];
  for (const at of kept) {
    const told = termsAt(at).reduce((sum, term, p) => sum + term * fit[p], 0);
    left += (losses[at] - mean - told) ** 2;
    whole += (losses[at] - mean) ** 2;
  }
  return whole > 0 ? Math.sqrt(left / whole) : Number.NaN;
}

function concaveShare(losses: ArrayLike<number>, n: number): number {
  let [negative, all] = [0, 0];
  for (let at = 0; at < n * n; at++) {
    const [i, j] = [Math.floor(at / n), at % n];
    for (const [inside, stride] of [
      [i > 0 && i < n - 1, n],
      [j > 0 && j < n - 1, 1],
    ] as const) {
      if (!inside) continue;
      const second = losses[at + stride] - 2 * losses[at] + losses[at - stride];
      if (!Number.isFinite(second)) continue;
      all++;
      if (second < 0) negative++;
    }
  }
  return negative / all;
}

function requireGrid(losses: ArrayLike<number>, axis: ArrayLike<number>): number {
  const n = axis.length;
  if (losses.length !== n * n) throw new StatsInputError(`${losses.length} losses do not fill a grid of ${n} × ${n}`);
  return n;
}
