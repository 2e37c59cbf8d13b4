/** Special functions of the mixture derivation, f64: Bessel I0 and I1 (scaled), incomplete Γ, Gauss–Legendre nodes. */
import { logGamma } from '../../../stats/special.ts';

/** Above this argument the asymptotic series reaches 1e-15, below it the power series does. */
const ASYMPTOTIC_FROM = 25;

/** e^(−x) I0(x) and e^(−x) I1(x) for x ≥ 0 (Abramowitz & Stegun 9.6.10 and 9.7.1), relative error about 1e-14. */
export function scaledBesselI01(x: number): [number, number] {
  if (x < ASYMPTOTIC_FROM) {
    const quarter = 0.25 * x * x;
    let term0 = 1;
    let term1 = 0.5 * x;
    let sum0 = 0;
    let sum1 = 0;
    for (let j = 1; term0 > 1e-17 * sum0 || term1 > 1e-17 * sum1; j++) {
      sum0 += term0;
      sum1 += term1;
      term0 *= quarter / (j * j);
      term1 *= quarter / (j * (j + 1));
    }
    const scale = Math.exp(-x);
    return [sum0 * scale, sum1 * scale];
  }
  const prefactor = 1 / Math.sqrt(2 * Math.PI * x);
  return [prefactor * asymptoticSum(0, x), prefactor * asymptoticSum(4, x)];
}

/** Σ_j (−1)^j Π (μ − (2i−1)²) / (j! (8x)^j), cut at its smallest term. */
function asymptoticSum(mu: number, x: number): number {
  let sum = 1;
  let term = 1;
  for (let j = 1; j < 60; j++) {
    const odd = 2 * j - 1;
    const next = (-term * (mu - odd * odd)) / (j * 8 * x);
    if (Math.abs(next) > Math.abs(term) || Math.abs(next) < 1e-17) break;
    term = next;
    sum += term;
  }
  return sum;
}

/** Regularised lower incomplete gamma P(a, x) by its power series (A&S 6.5.29); meant for x of the order of a. */
export function lowerGamma(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** Nodes and weights of n-point Gauss–Legendre quadrature on [−1, 1] (Newton on P_n). */
export function gaussLegendre(n: number): { nodes: Float64Array; weights: Float64Array } {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 100; iteration++) {
      let previous = 1;
      let value = x;
      for (let k = 2; k <= n; k++) [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
      slope = (n * (x * value - previous)) / (x * x - 1);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}
