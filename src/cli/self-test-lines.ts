/** What the command line says of a device's self-test. */
import { type SelfTestReport, shortError, tightestCheck } from '../engine/self-test/report.ts';
import type { Precision } from '../workloads/workload.ts';

/** "Self-test f32 passed: 6 checks; nearest to its limit HMC energy errors, 1.1e-4 of 3.0e-3 allowed." */
export function selfTestLine(report: SelfTestReport, precision: Precision): string {
  const tested = report.precisions.find((each) => each.precision === precision);
  const tightest = tested && tightestCheck(tested);
  if (!tested || !tightest) return `Self-test ${precision}: not tried.`;
  const nearest =
    tightest.measured === null
      ? `${tightest.name}: ${tightest.problem}`
      : `nearest to its limit ${tightest.name}, ${shortError(tightest.measured)} of ${shortError(tightest.allowed)} allowed`;
  const before = report.testedAt ? ` on ${report.testedAt.slice(0, 10)} (--self-test tries it again)` : '';
  return `Self-test ${precision} ${tested.passed ? 'passed' : 'failed'}${before}: ${tested.checks.length} checks; ${nearest}.`;
}
