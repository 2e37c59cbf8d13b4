/** Statistics over a run as plain text. */

import type { NaiveBias, ParameterStatistics, RunStatistics } from '../../../results/posterior/statistics.ts';
import type { CorrectedBias } from '../../../stats/corrected-bias.ts';

/** One block a parameter: bias naive and corrected, pairs, coverage, ranks. */
export function statisticsLines(statistics: RunStatistics): string[] {
  return [
    'Bias, estimate = (1 + m) truth + c, errors by jackknife:',
    ...statistics.parameters.flatMap((each) => parameterLines(each, statistics.truthsFromPrior)),
  ];
}

function parameterLines(each: ParameterStatistics, truthsFromPrior: boolean): string[] {
  const { name, naive, corrected, coverage, sbc, paired, ring } = each;
  const lines = [`  ${name}`];
  if (naive) lines.push(`    posterior means as they are   ${biasText(naive)}`);
  if (corrected) lines.push(`    prior taken out               ${biasText(corrected)}`);
  if (paired)
    lines.push(`    ${paired.n} pairs at ±g: response ${signed(paired.mean)} ± ${paired.error.toExponential(1)}`);
  if (ring)
    lines.push(`    ${ring.n} twins turned by 90°: mean error ${signed(ring.mean)} ± ${ring.error.toExponential(1)}`);
  for (const { level, observed, inside, n, error } of coverage) {
    lines.push(
      `    ${(100 * level).toFixed(0)} % intervals hold the truth in ${(100 * observed).toFixed(1)} % (${inside} of ${n}; ±${(100 * error).toFixed(1)} expected)`,
    );
  }
  if (sbc) {
    const largest = sbc.ecdfDifference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    lines.push(
      `    ranks of ${sbc.n} truths: KS p = ${sbc.ks.pValue.toPrecision(2)}, largest ECDF difference ${(largest / sbc.band).toFixed(2)} of the 95 % band` +
        (truthsFromPrior
          ? ''
          : ' (truths are not known to be drawn from the prior: uniform only where the data outweigh it)'),
    );
  }
  return lines;
}

function biasText({ m, c, jackknife, n }: NaiveBias | CorrectedBias): string {
  const slope = Number.isFinite(m)
    ? `m = ${signed(m)} ± ${jackknife.mErr.toExponential(1)}, `
    : 'one true value, so no m; ';
  return `${slope}c = ${signed(c)} ± ${jackknife.cErr.toExponential(1)} (${n})`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toExponential(2)}`;
}
