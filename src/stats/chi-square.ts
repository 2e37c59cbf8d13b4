/** Pearson's χ² test of counts against an exact law. */
import { logGamma } from './special.ts';

/** Expected counts below this are pooled: the rule of thumb by which χ² follows its distribution (Cochran 1954). */
const LEAST_EXPECTED = 5;

/** P(χ² > x) for `degrees` degrees of freedom: Q(degrees/2, x/2) (NIST DLMF 8.11.4 and 8.9.2). */
export function chiSquareTail(x: number, degrees: number): number {
  if (Number.isNaN(x) || !(degrees > 0)) return Number.NaN;
  if (x <= 0) return 1;
  const a = degrees / 2;
  const z = x / 2;
  const front = Math.exp(a * Math.log(z) - z - logGamma(a));
  return z < a + 1 ? 1 - front * lowerSeries(a, z) : front * upperFraction(a, z);
}

/** The x that χ² of so many degrees of freedom exceeds with probability `tail`, by bisection. */
export function chiSquareQuantile(tail: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (chiSquareTail(high, degrees) > tail) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (chiSquareTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return high;
}

/** γ(a, z) / (z^a e^−z) by its series; converges quickly for z < a + 1. */
function lowerSeries(a: number, z: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 10_000 && term > sum * 1e-16; n++) {
    term *= z / (a + n);
    sum += term;
  }
  return sum;
}

/** Γ(a, z) / (z^a e^−z) by its continued fraction (Lentz), for z ≥ a + 1. */
function upperFraction(a: number, z: number): number {
  const tiny = 1e-300;
  let b = z + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let f = d;
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const change = c * d;
    f *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return f;
}

export interface ChiSquareTest {
  readonly statistic: number;
  readonly degrees: number;
  /**
   * Probability of a statistic at least as large under the law; the smaller one where rare states are tested apart. 0 where a state of
   * probability 0 occurred; 1 where the law leaves nothing to test.
   */
  readonly p: number;
  /** Observations in states of probability 0. */
  readonly forbidden: number;
}

/**
 * Holds counts of states against a law. States with an expectation below 5 are pooled into one.
 * @param counts observations of each state
 * @param law probability of each state; sums to 1
 */
export function chiSquareTest(counts: ArrayLike<number>, law: ArrayLike<number>): ChiSquareTest {
  if (counts.length !== law.length)
    throw new RangeError(`Expected as many counts as the law has states (${law.length}), got ${counts.length}`);
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  let [statistic, groups, forbidden, pooledExpected, pooledCount] = [0, 0, 0, 0, 0];
  for (let i = 0; i < law.length; i++) {
    const expected = total * law[i];
    if (law[i] <= 0) forbidden += counts[i];
    else if (expected < LEAST_EXPECTED) {
      pooledExpected += expected;
      pooledCount += counts[i];
    } else {
      statistic += (counts[i] - expected) ** 2 / expected;
      groups++;
    }
  }
  // A pool that is itself too small to follow χ² is held against the Poisson law of so rare states.
  let p = 1;
  if (pooledExpected >= LEAST_EXPECTED) {
    statistic += (pooledCount - pooledExpected) ** 2 / pooledExpected;
    groups++;
  } else if (pooledExpected > 0) p = poissonTail(pooledCount, pooledExpected);
  const degrees = Math.max(0, groups - 1);
  if (degrees > 0) p = Math.min(p, chiSquareTail(statistic, degrees));
  return { statistic, degrees, p: forbidden > 0 ? 0 : p, forbidden };
}

/** P(X ≥ count) for X Poisson of a mean. */
function poissonTail(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let below = 0;
  for (let n = 0; n < count; n++) {
    below += term;
    term *= mean / (n + 1);
  }
  return Math.max(0, 1 - below);
}
