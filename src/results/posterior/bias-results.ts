/** bias_results.json: the statistics over a run's items, each with its error. */
import { canonicalJson, type JsonValue } from '../../bundle/json.ts';
import type { CorrectedBias } from '../../stats/corrected-bias.ts';
import type { MeanWithError } from '../../stats/paired.ts';
import type { NaiveBias, ParameterStatistics, RunStatistics } from './statistics.ts';

/** Text of bias_results.json; what does not exist (the slope of a single true value) is null. */
export function biasResultsJson({ items, truthsFromPrior, parameters }: RunStatistics): string {
  const related = ({ paired, ring }: ParameterStatistics): Record<string, JsonValue> => ({
    ...(paired && { paired_response: meanJson(paired) }),
    ...(ring && { twins: { ...meanJson(ring), variance_ratio: finite(ring.varianceRatio) } }),
  });
  return canonicalJson({
    n: items,
    truths_from_prior: truthsFromPrior,
    parameters: Object.fromEntries(parameters.map((each) => [each.name, { ...parameterJson(each), ...related(each) }])),
  });
}

/** Bias, coverage and ranks of a parameter. */
export function parameterJson({
  origin,
  naive,
  corrected,
  coverage,
  sbc,
}: ParameterStatistics): Record<string, JsonValue> {
  return {
    ...(origin !== 0 && { origin: finite(origin) }),
    naive: naive && { ...biasJson(naive), chi2_per_dof: finite(naive.chi2PerDof) },
    corrected: corrected && biasJson(corrected),
    coverage: coverage.map(({ level, inside, n, observed, error }) => ({
      level,
      n_covered: inside,
      n_total: n,
      observed: finite(observed),
      binomial_err: finite(error),
    })),
    sbc: sbc && {
      n: sbc.n,
      max_rank: sbc.maxRank,
      counts: [...sbc.counts],
      expected_count: sbc.expectedCount,
      ks_statistic: finite(sbc.ks.statistic),
      ks_pvalue: finite(sbc.ks.pValue),
      largest_ecdf_difference: finite(largest(sbc.ecdfDifference)),
      ecdf_band: finite(sbc.band),
    },
  };
}

function biasJson({ m, mErr, c, cErr, jackknife, n }: NaiveBias | CorrectedBias) {
  return {
    m: finite(m),
    m_err: finite(mErr),
    m_err_jackknife: finite(jackknife.mErr),
    c: finite(c),
    c_err: finite(cErr),
    c_err_jackknife: finite(jackknife.cErr),
    n,
  };
}

export function meanJson({ mean, error, n }: MeanWithError) {
  return { mean: finite(mean), err: finite(error), n };
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** JSON has no word for NaN and infinities. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
