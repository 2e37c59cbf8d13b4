/** The normal distribution restricted to an interval, both tails exact to f64. */
import { normalCdf, normalQuantile } from '../../../stats/normal.ts';

/** P(low < X < high) for X ~ N(mean, sd²). */
export function normalMass(mean: number, sd: number, low: number, high: number): number {
  const [a, b] = [(low - mean) / sd, (high - mean) / sd];
  return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
}

/** The quantile at u of N(mean, sd²) between low and high. */
export function truncatedNormal(mean: number, sd: number, low: number, high: number, u: number): number {
  const [a, b] = [(low - mean) / sd, (high - mean) / sd];
  // The upper tail is computed as a lower one, where Φ keeps its digits.
  const z = a > 0 ? -between(-b, -a, 1 - u) : between(a, b, u);
  return Math.min(high, Math.max(low, mean + sd * z));
}

function between(a: number, b: number, u: number): number {
  const from = normalCdf(a);
  return normalQuantile(from + u * (normalCdf(b) - from));
}
