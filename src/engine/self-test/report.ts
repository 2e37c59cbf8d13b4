/** The outcome of a device's self-test. Plain data, structured-cloneable. */
import type { Precision, SelfTestCheck } from '../../workloads/workload.ts';

export interface PrecisionReport {
  readonly precision: Precision;
  /** Library first, then the experiments in the order of the registry. */
  readonly checks: readonly SelfTestCheck[];
  readonly passed: boolean;
}

export interface SelfTestReport {
  /** Name of the adapter. */
  readonly adapter: string;
  /** One a precision that runs may ask for. */
  readonly precisions: readonly PrecisionReport[];
  /** Wall-clock milliseconds, compiling included. */
  readonly durationMs: number;
  /** When it was made, ISO 8601, where that was before this process began: a verdict that was remembered. */
  readonly testedAt?: string;
}

/** The check that came nearest to what it is allowed, or went farthest beyond; one that could not be made comes first. */
export function tightestCheck({ checks }: PrecisionReport): SelfTestCheck | undefined {
  const strain = ({ measured, allowed }: SelfTestCheck) => {
    if (measured === null) return Number.POSITIVE_INFINITY;
    return measured === 0 ? 0 : measured / allowed;
  };
  return checks.reduce<SelfTestCheck | undefined>(
    (worst, check) => (worst === undefined || strain(check) > strain(worst) ? check : worst),
    undefined,
  );
}

/** "Normal quantiles: largest relative error of 256 was 4.2e-7, allowed 2.0e-6". */
export function checkInWords({ name, measure, measured, allowed, problem }: SelfTestCheck): string {
  if (measured === null) return `${name}: ${problem ?? measure}`;
  return `${name}: ${measure} is ${shortError(measured)}, allowed ${shortError(allowed)}`;
}

/** An error with two digits: 0, 12, 4.2e-7. */
export function shortError(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toExponential(1);
}
