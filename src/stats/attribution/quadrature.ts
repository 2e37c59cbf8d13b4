/** Rules for integrals over [0, 1]: where a path is looked at, and with which weights. */
import { StatsInputError } from '../errors.ts';

export interface Quadrature {
  /** Ascending, inside (0, 1). */
  readonly nodes: Float64Array<ArrayBuffer>;
  /** Positive; their sum is 1. */
  readonly weights: Float64Array<ArrayBuffer>;
}

/** Newton's method doubles its digits: from Tricomi's start five rounds reach the last. */
const MOST_ROUNDS = 20;

/**
 * Gauss–Legendre rule of n nodes, exact for polynomials up to degree 2n − 1: roots of P_n by Newton's method (Davis & Rabinowitz 1984, §2.7), moved from
 * [−1, 1] to [0, 1]. Captum's default rule, with n = 50.
 */
export function gaussLegendre(n: number): Quadrature {
  requireNodes(n);
  const [nodes, weights] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < Math.ceil(n / 2); k++) {
    // The middle root of an odd rule is 0, whatever rounding says.
    const middle = 2 * k + 1 === n;
    let x = middle ? 0 : Math.cos((Math.PI * (k + 0.75)) / (n + 0.5));
    for (let round = 0; round < MOST_ROUNDS && !middle; round++) {
      const { value, slope } = legendre(n, x);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) <= Number.EPSILON) break;
    }
    const { slope } = legendre(n, x);
    const weight = 1 / ((1 - x * x) * slope * slope);
    nodes[k] = (1 - x) / 2;
    nodes[n - 1 - k] = (1 + x) / 2;
    weights[k] = weight;
    weights[n - 1 - k] = weight;
  }
  return { nodes, weights };
}

/** P_n and its derivative at |x| < 1, by the three-term recurrence. */
function legendre(n: number, x: number): { readonly value: number; readonly slope: number } {
  let [before, value] = [1, x];
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return { value, slope: (n * (x * value - before)) / (x * x - 1) };
}

/** Midpoint rule: (k + ½)/n with equal weights. */
export function midpointRule(n: number): Quadrature {
  requireNodes(n);
  return {
    nodes: Float64Array.from({ length: n }, (_, k) => (k + 0.5) / n),
    weights: new Float64Array(n).fill(1 / n),
  };
}

function requireNodes(n: number): void {
  if (!Number.isInteger(n) || n < 1) throw new StatsInputError(`a rule needs at least one node, got ${n}`);
}
