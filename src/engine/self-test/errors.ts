/** A device that computes wrongly is not used. */
import type { Precision } from '../../workloads/workload.ts';
import { checkInWords, type SelfTestReport } from './report.ts';

/** The precision a run needs failed the self-test of its device. */
export class SelfTestError extends Error {
  override readonly name = 'SelfTestError';
  readonly kept = 'Nothing was started; finished results are kept.';
  readonly todo =
    'Update the graphics driver or the browser, or use another adapter. On the command line --cpu computes without it, which is slower.';
  constructor(
    readonly precision: Precision,
    report: SelfTestReport,
  ) {
    const checks = report.precisions.find((tested) => tested.precision === precision)?.checks ?? [];
    const failed = checks.filter(({ passed }) => !passed).map(checkInWords);
    super(`The self-test of ${precision} on ${report.adapter} failed. ${failed.join('; ') || 'It was not tried'}.`);
  }
}

/** Throws `SelfTestError` unless the device has passed in this precision. */
export function requirePrecision(report: SelfTestReport, precision: Precision): void {
  if (!report.precisions.some((tested) => tested.precision === precision && tested.passed))
    throw new SelfTestError(precision, report);
}
