import { type SelfTestReport, shortError } from '../../engine/self-test/report.ts';
import type { SelfTestCheck } from '../../workloads/workload.ts';
import classes from './SelfTest.module.css';

/** How the device did against stored values: each check with what was measured and what is allowed. */
export default function SelfTest({ report }: { readonly report: SelfTestReport | undefined }) {
  if (!report) return <p role="status">Self-test: the device is being held against stored values.</p>;
  return report.precisions.map(({ precision, checks, passed }) => (
    <section key={precision} className={classes.test} data-testid="self-test">
      <table>
        <caption>
          Self-test {precision}: <strong data-passed={passed}>{passed ? 'passed' : 'failed'}</strong> in{' '}
          {(report.durationMs / 1000).toFixed(1)} s
        </caption>
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Measured</th>
            <th scope="col">Allowed</th>
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <Row key={check.name} check={check} />
          ))}
        </tbody>
      </table>
      <p>
        {passed
          ? 'This device gives what the double-precision reference gives, to the errors above.'
          : 'This device computes something else than the double-precision reference: runs in this precision are refused. Update the graphics driver or the browser, or use another adapter.'}
      </p>
    </section>
  ));
}

function Row({ check }: { readonly check: SelfTestCheck }) {
  const { name, measure, measured, allowed, reason, problem, passed } = check;
  return (
    <tr data-passed={passed}>
      <th scope="row">
        {name}
        <span>{problem ?? measure}</span>
      </th>
      <td>
        {passed ? '✓' : '✗'} {measured === null ? 'none' : shortError(measured)}
      </td>
      <td title={reason}>{shortError(allowed)}</td>
    </tr>
  );
}
