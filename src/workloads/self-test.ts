/** Makes the checks of a self-test. */
import type { SelfTestCheck } from './workload.ts';

/** A check from what it measured. A figure that is no number fails. */
export function selfTestCheck(check: Omit<SelfTestCheck, 'passed' | 'measured'> & { measured: number }): SelfTestCheck {
  const { measured, ...rest } = check;
  if (!Number.isFinite(measured))
    return { ...rest, measured: null, problem: 'the device gave a value that is no number', passed: false };
  return { ...rest, measured, passed: measured <= check.allowed };
}

/** A check that could not be made. */
export function selfTestProblem(check: Pick<SelfTestCheck, 'name' | 'precision'>, problem: string): SelfTestCheck {
  return { ...check, measure: 'could not be run', measured: null, allowed: 0, reason: '', problem, passed: false };
}

/** Largest |found − expected| · scale; NaN as soon as one difference is. Lengths must be equal. */
export function largestError(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  scale: (index: number) => number = () => 1,
): number {
  if (found.length !== expected.length) return Number.NaN;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i] - expected[i]) * scale(i);
    if (Number.isNaN(error)) return Number.NaN;
    largest = Math.max(largest, error);
  }
  return largest;
}
