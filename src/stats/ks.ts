import { StatsInputError } from './errors.ts';
import { kolmogorovSurvival, ksSurvival } from './kolmogorov.ts';
import { sortedCopy } from './order.ts';

export interface KsResult {
  /** Largest distance between the two distribution functions. */
  readonly statistic: number;
  readonly pValue: number;
}

/** Above this many lattice cells the exact two-sample p value is replaced by the limit. */
const EXACT_CELLS = 4e6;

/** One-sample Kolmogorov–Smirnov test against the uniform distribution on [0, 1]. NaN values give NaN. */
export function ksUniform(values: ArrayLike<number>): KsResult {
  if (values.length === 0) throw new StatsInputError('values is empty; a test needs at least one value');
  const sorted = sortedCopy(values);
  const n = sorted.length;
  if (Number.isNaN(sorted[n - 1])) return { statistic: Number.NaN, pValue: Number.NaN };
  let statistic = 0;
  for (let i = 0; i < n; i++) {
    const u = Math.min(1, Math.max(0, sorted[i]));
    statistic = Math.max(statistic, (i + 1) / n - u, u - i / n);
  }
  return { statistic, pValue: ksSurvival(n, statistic) };
}

/**
 * Two-sample Kolmogorov–Smirnov test. The p value counts lattice paths exactly up to 4e6 cells (conservative where the
 * samples share values) and follows the Kolmogorov limit above.
 */
export function ksTwoSample(a: ArrayLike<number>, b: ArrayLike<number>): KsResult {
  if (a.length === 0 || b.length === 0) throw new StatsInputError('a sample is empty; a test needs values in both');
  const x = sortedCopy(a);
  const y = sortedCopy(b);
  const n = x.length;
  const m = y.length;
  if (Number.isNaN(x[n - 1] + y[m - 1])) return { statistic: Number.NaN, pValue: Number.NaN };
  let i = 0;
  let j = 0;
  // In units of 1/(n m), so that the comparison along lattice paths is between integers.
  let distance = 0;
  while (i < n && j < m) {
    const at = Math.min(x[i], y[j]);
    while (i < n && x[i] === at) i++;
    while (j < m && y[j] === at) j++;
    distance = Math.max(distance, Math.abs(i * m - j * n));
  }
  const statistic = distance / (n * m);
  if (distance === 0) return { statistic, pValue: 1 };
  const pValue = n * m <= EXACT_CELLS ? exactPaths(n, m, distance) : limit(n, m, statistic);
  return { statistic, pValue };
}

/**
 * Probability that a random path from (0, 0) to (n, m) reaches |i m − j n| ≥ distance (Hodges 1958): a forward sweep
 * over the lattice in which a path leaves the sum as soon as it gets there, so small p values keep their digits.
 */
function exactPaths(n: number, m: number, distance: number): number {
  // inside[j]: probability of reaching (i, j) without having left, when each path is equally likely.
  const inside = new Float64Array(m + 1);
  let left = 0;
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      let p = i === 0 && j === 0 ? 1 : 0;
      // From (i − 1, j) a uniformly chosen path steps in x with probability (n − i + 1)/(remaining steps), and so for y.
      if (i > 0) p += (inside[j] * (n - i + 1)) / (n - i + 1 + m - j);
      if (j > 0) p += (inside[j - 1] * (m - j + 1)) / (n - i + m - j + 1);
      if (Math.abs(i * m - j * n) >= distance) {
        left += p;
        p = 0;
      }
      inside[j] = p;
    }
  }
  return Math.min(1, left);
}

function limit(n: number, m: number, statistic: number): number {
  return kolmogorovSurvival(Math.sqrt((n * m) / (n + m)) * statistic);
}
