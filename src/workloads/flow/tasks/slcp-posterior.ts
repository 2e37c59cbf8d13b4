/**
 * The exact posterior of SLCP's covariance, by rejection.
 *
 * Let A = Σ (xj − x̄)(xj − x̄)ᵀ of the four points, r = A12/√(A11 A22) and ρ = tanh θ5. Integrating (θ1, θ2) over the plane, where they are
 * N(x̄, Σ/4), leaves |Σ|^(−3/2) exp(−½ tr Σ⁻¹A) for |θ3|, |θ4|, θ5. In polar coordinates √A11/θ3² = R cos φ, √A22/θ4² = R sin φ this is
 *
 *     R⁴ exp(−½ R² c) (sin 2φ)^(3/2) (1 − ρ²)^(−3/2),   c = (1 − ρ r sin 2φ)/(1 − ρ²),
 *
 * so R² c is χ² with 5 degrees of freedom, and (φ, θ5) have the bounded density
 *
 *     f(φ, θ5) = (sin 2φ)^(3/2) (1 − ρ²) (1 − ρ r sin 2φ)^(−5/2)   on (0, π/2) × (−3, 3).
 *
 * f is drawn by rejection from a step function above it: on each cell the product of its factors' largest values. The prior's box on
 * θ1 … θ4 is one more rejection. Nothing is approximated.
 */
import { insidePrior, type Prior } from './prior.ts';
import type { ProposalNumbers } from './random.ts';

export const POINTS = 4;
const ANGLES = 64;
const CELLS_OF_T5 = 256;
const LIMIT = 3;
/** Nodes a side of the integral of f; the midpoint rule is exact to 1e-6 there. */
const NODES = 512;

/** What the posterior needs to know of x. */
export interface PointSums {
  readonly mean: readonly [number, number];
  readonly a11: number;
  readonly a22: number;
  /** Correlation of the four points about their mean. */
  readonly r: number;
}

export function pointSums(x: ArrayLike<number>): PointSums {
  let [m1, m2, a11, a22, a12] = [0, 0, 0, 0, 0];
  for (let j = 0; j < POINTS; j++) {
    m1 += x[2 * j] / POINTS;
    m2 += x[2 * j + 1] / POINTS;
  }
  for (let j = 0; j < POINTS; j++) {
    const [d1, d2] = [x[2 * j] - m1, x[2 * j + 1] - m2];
    a11 += d1 * d1;
    a22 += d2 * d2;
    a12 += d1 * d2;
  }
  return { mean: [m1, m2], a11, a22, r: a12 / Math.sqrt(a11 * a22) };
}

/** f(φ, θ5) in terms of sin 2φ and ρ. */
function angleDensity(sine: number, rho: number, r: number): number {
  return sine ** 1.5 * (1 - rho * rho) * (1 - rho * r * sine) ** -2.5;
}

/** A step function above f and its running sum over cells, θ5 fastest. */
interface Envelope {
  readonly heights: Float64Array;
  readonly sums: Float64Array;
}

export function envelopeOf(r: number): Envelope {
  const heights = new Float64Array(ANGLES * CELLS_OF_T5);
  const sums = new Float64Array(heights.length);
  const rhos = Float64Array.from({ length: CELLS_OF_T5 + 1 }, (_, edge) => Math.tanh(cellEdge(edge)));
  let sum = 0;
  for (let angle = 0, cell = 0; angle < ANGLES; angle++) {
    // Numbers of cells are even: no cell holds the maximum of sin 2φ at π/4 or of 1 − ρ² at 0 inside.
    const low = Math.sin((Math.PI * angle) / ANGLES);
    const high = Math.sin((Math.PI * (angle + 1)) / ANGLES);
    const power = Math.max(low, high) ** 1.5;
    for (let t5 = 0; t5 < CELLS_OF_T5; t5++, cell++) {
      const [from, to] = [rhos[t5], rhos[t5 + 1]];
      const spread = 1 - Math.min(from * from, to * to);
      const product = Math.max(r * from * low, r * from * high, r * to * low, r * to * high);
      heights[cell] = power * spread * (1 - product) ** -2.5;
      sum += heights[cell];
      sums[cell] = sum;
    }
  }
  return { heights, sums };
}

function cellEdge(cell: number): number {
  return LIMIT * ((2 * cell) / CELLS_OF_T5 - 1);
}

/** One proposal for θ, [5]. @returns whether it is a draw from the posterior. */
export function proposeSlcp(
  numbers: ProposalNumbers,
  theta: Float64Array,
  points: PointSums,
  envelope: Envelope,
  prior: Prior,
): boolean {
  const cell = cellOf(envelope.sums, numbers.uniform());
  const angle = (Math.PI / 2 / ANGLES) * (Math.floor(cell / CELLS_OF_T5) + numbers.uniform());
  const t5 = cellEdge((cell % CELLS_OF_T5) + numbers.uniform());
  const rho = Math.tanh(t5);
  const sine = Math.sin(2 * angle);
  if (numbers.uniform() * envelope.heights[cell] > angleDensity(sine, rho, points.r)) return false;
  let chiSquared = 0;
  for (let i = 0; i < 5; i++) chiSquared += numbers.normal() ** 2;
  const radius = Math.sqrt((chiSquared * (1 - rho * rho)) / (1 - rho * points.r * sine));
  const s1 = Math.sqrt(points.a11) / (radius * Math.cos(angle));
  const s2 = Math.sqrt(points.a22) / (radius * Math.sin(angle));
  const z1 = numbers.normal();
  const z2 = numbers.normal();
  const scale = 1 / Math.sqrt(POINTS);
  theta[0] = points.mean[0] + scale * s1 * z1;
  theta[1] = points.mean[1] + scale * s2 * (rho * z1 + Math.sqrt(1 - rho * rho) * z2);
  theta[2] = Math.sqrt(s1) * (numbers.uniform() < 0.5 ? 1 : -1);
  theta[3] = Math.sqrt(s2) * (numbers.uniform() < 0.5 ? 1 : -1);
  theta[4] = t5;
  return insidePrior(prior, theta);
}

/** Share of proposals that pass the envelope: the integral of f over that of the step function. */
export function envelopeShare(r: number, envelope: Envelope): number {
  const cellArea = ((Math.PI / 2 / ANGLES) * 2 * LIMIT) / CELLS_OF_T5;
  return angleIntegral(r) / (cellArea * envelope.sums[envelope.sums.length - 1]);
}

/**
 * log of ∫ p(x | θ) dθ over θ1, θ2 in the plane, θ3, θ4 in (−∞, ∞), θ5 in (−3, 3):
 * 4 · (2π)⁻⁴ · 2π · ¼ · ¼ 2^(−3/2) (A11 A22)^(−5/4) · 3√π/8 · 2^(5/2) ∫ f
 * from four signs, the four points, the Gaussian integral of (θ1, θ2), d|θ3| d|θ4|, and the integral over R.
 */
export function logUnboundedEvidence({ a11, a22, r }: PointSums): number {
  const constant = 4 * (2 * Math.PI) ** -3 * (1 / 16) * 2 * ((3 * Math.sqrt(Math.PI)) / 8);
  return Math.log(constant * angleIntegral(r)) - 1.25 * Math.log(a11 * a22);
}

function angleIntegral(r: number): number {
  let sum = 0;
  for (let i = 0; i < NODES; i++) {
    const sine = Math.sin((Math.PI * (i + 0.5)) / NODES);
    for (let j = 0; j < NODES; j++) sum += angleDensity(sine, Math.tanh(LIMIT * ((2 * j + 1) / NODES - 1)), r);
  }
  return (sum * (Math.PI / 2) * 2 * LIMIT) / (NODES * NODES);
}

/** The first cell whose running sum exceeds u times the total. */
function cellOf(sums: Float64Array, u: number): number {
  const wanted = u * sums[sums.length - 1];
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle] <= wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
