/** Optimal transport between two samples of equally many points: exact, and with an entropy term. */
import { StatsInputError } from '../errors.ts';
import { type Assignment, assign } from './assignment.ts';
import { countPoints, type Points, requireSameDim } from './points.ts';
import { squaredDistances } from './squared-distances.ts';

export type Power = 1 | 2;

export interface SinkhornResult {
  /** (Σ P |x − y|^power)^(1/power) of the entropic plan P, its marginals made exact. */
  readonly distance: number;
  /** Share of the mass that had to be moved for that: how far the iteration was from its limit. */
  readonly moved: number;
  readonly rounds: number;
}

/** Relative error of a row’s mass at which Sinkhorn's iteration ends, and how many rounds it gets. */
const SINKHORN_TOLERANCE = 1e-6;
const SINKHORN_ROUNDS = 500;
/** Terms e^−42 = 6e-19 times the largest are lost in its rounding. */
const NEGLIGIBLE = 42;

/** |x − y|^power for all pairs, row-major. */
function costs(a: Points, b: Points, power: Power): Float64Array {
  requireSameDim(a, b);
  const n = countPoints(a, 'a');
  const m = countPoints(b, 'b');
  if (n !== m) throw new StatsInputError(`the samples have ${n} and ${m} points; take equally many of both`);
  const out = new Float64Array(n * n);
  for (const { row, rows, column, columns, squares } of squaredDistances(a, b)) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const square = squares[i * columns + j];
        out[(row + i) * n + column + j] = power === 2 ? square : Math.sqrt(square);
      }
    }
  }
  return out;
}

/**
 * Exact Wasserstein distance W1 or W2 of two empirical distributions of n points each, (min over pairings of the mean of |x − y|^p)^(1/p):
 * equal masses make the best plan a pairing (Birkhoff), so this is what CFGen's `ot.emd2` returns. O(n³): a second for 1,000 points.
 */
export function exactWasserstein(a: Points, b: Points, power: Power): number {
  const n = a.values.length / a.dim;
  const mean = Math.max(0, assign(costs(a, b, power), n).cost) / n;
  return power === 2 ? Math.sqrt(mean) : mean;
}

/**
 * Transport cost of the plan that minimises ⟨P, C⟩ + reg Σ P ln P (Cuturi, NeurIPS 2013), C = |x − y|^power, as scLDM's code takes it from
 * POT with reg = 0.05. Here in logarithms, so that exp(−C/reg) does not underflow; from the prices of the exact solution, which are near
 * the limit; and with the plan's marginals made exact at the end (Altschuler et al., NeurIPS 2017, algorithm 2). So it is never below the
 * exact cost, nor above it by more than reg ln n once the iteration has converged.
 */
export function sinkhornDistance(a: Points, b: Points, power: Power = 2, reg = 0.05): SinkhornResult {
  if (!(reg > 0)) throw new StatsInputError(`reg must be positive, got ${reg}`);
  const c = costs(a, b, power);
  const n = Math.round(Math.sqrt(c.length));
  const { f, g, rounds } = scale(c, n, reg, assign(c, n));
  const plan = c.map((cost, k) => Math.exp((f[Math.floor(k / n)] + g[k % n] - cost) / reg));
  const moved = roundPlan(plan, n);
  let cost = 0;
  for (let k = 0; k < plan.length; k++) cost += plan[k] * c[k];
  return { distance: power === 2 ? Math.sqrt(cost) : cost, moved, rounds };
}

/** Scales rows, then columns, down to mass 1/n and spreads what is missing over both. The mass that was missing. */
function roundPlan(plan: Float64Array, n: number): number {
  const missing = { row: new Float64Array(n), column: new Float64Array(n) };
  for (const [axis, step, across] of [
    ['row', n, 1],
    ['column', 1, n],
  ] as const) {
    for (let line = 0; line < n; line++) {
      let mass = 0;
      for (let k = 0; k < n; k++) mass += plan[line * step + k * across];
      const factor = Math.min(1, 1 / (n * mass));
      for (let k = 0; k < n; k++) plan[line * step + k * across] *= factor;
      if (axis === 'column') missing.column[line] = 1 / n - mass * factor;
    }
  }
  let moved = 0;
  for (let i = 0; i < n; i++) {
    let mass = 0;
    for (let j = 0; j < n; j++) mass += plan[i * n + j];
    missing.row[i] = Math.max(0, 1 / n - mass);
    moved += missing.row[i];
  }
  if (moved === 0) return 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) plan[i * n + j] += (missing.row[i] * Math.max(0, missing.column[j])) / moved;
  }
  return moved;
}

/** Potentials with Σ_j exp((f_i + g_j − c_ij)/reg) = Σ_i … = 1/n; columns hold exactly, rows to the tolerance. */
function scale(c: Float64Array, n: number, reg: number, { rowPrices, columnPrices }: Assignment) {
  const transposed = Float64Array.from(c, (_, k) => c[(k % n) * n + Math.floor(k / n)]);
  const f = rowPrices.slice();
  const g = columnPrices.slice();
  let rounds = 0;
  for (; rounds < SINKHORN_ROUNDS; rounds++) {
    const error = balance(f, g, c, n, reg);
    balance(g, f, transposed, n, reg);
    if (rounds > 0 && error < SINKHORN_TOLERANCE) break;
  }
  return { f, g, rounds };
}

/** Sets f_i so that row i has mass 1/n. Largest relative error of a row's mass before. */
function balance(f: Float64Array, g: Float64Array, c: Float64Array, n: number, reg: number): number {
  let worst = 0;
  for (let i = 0; i < n; i++) {
    const from = i * n;
    let highest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < n; j++) highest = Math.max(highest, g[j] - c[from + j]);
    const least = highest - NEGLIGIBLE * reg;
    let sum = 0;
    for (let j = 0; j < n; j++) {
      const price = g[j] - c[from + j];
      if (price > least) sum += Math.exp((price - highest) / reg);
    }
    const next = -highest - reg * Math.log(n * sum);
    worst = Math.max(worst, Math.abs(Math.expm1((f[i] - next) / reg)));
    f[i] = next;
  }
  return worst;
}
