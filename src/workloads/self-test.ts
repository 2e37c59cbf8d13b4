/**
 * What a self-test says: a kernel's result held against stored values, with the error that was measured and the one that is allowed.
 * Plain data, structured-cloneable.
 */
import type { Precision } from './workload.ts';

export interface SelfTestCheck {
  /** What was tried, e.g. "Normal quantiles". */
  readonly name: string;
  readonly precision: Precision;
  /** What the figure is, e.g. "largest relative error of 512 quantiles". */
  readonly measure: string;
  /** Null where nothing could be measured; `problem` then says why. */
  readonly measured: number | null;
  readonly allowed: number;
  /** Why that much is allowed. */
  readonly reason: string;
  /** What kept the check from measuring, in words. */
  readonly problem?: string;
  readonly passed: boolean;
}

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
