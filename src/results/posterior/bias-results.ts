/** bias_results.json: SHINE's keys (its `shine-bias-stats`), then the pooled statistics, each with its error. */
import { canonicalJson, type JsonValue } from '../../bundle/json.ts';
import type { CorrectedBias } from '../../stats/corrected-bias.ts';
import type { MeanWithError } from '../../stats/paired.ts';
import { type Acceptance, acceptance, type Level } from './acceptance.ts';
import type { NaiveBias, ParameterStatistics, RunStatistics } from './statistics.ts';
import type { StatisticsItem } from './statistics-item.ts';

export interface BiasResultsInput {
  /** Of SHINE's levels; undefined where the experiment has none, which nothing is judged by then. */
  readonly level: Level | undefined;
  /** All items; at level 0 and without a level SHINE judges all, elsewhere those that passed its convergence thresholds. */
  readonly items: readonly (StatisticsItem & { readonly passed: boolean })[];
  /** Of the items that are judged. */
  readonly statistics: RunStatistics;
}

/** Items that enter the statistics of a level. SHINE's level 0 takes all: it was made for noise so low that R̂ means nothing. */
export function judgedItems<T extends { readonly passed: boolean }>(
  items: readonly T[],
  level: Level | undefined,
): T[] {
  return level === undefined || level === 'level_0' ? [...items] : items.filter(({ passed }) => passed);
}

/** Text of bias_results.json; what does not exist (the slope of a single true value) is null. */
export function biasResultsJson(input: BiasResultsInput): string {
  const judged = judgedItems(input.items, input.level);
  const verdict = input.level && acceptance(judged, input.level);
  return canonicalJson({
    level: input.level ?? null,
    n_realizations: input.items.length,
    n_converged: judged.length,
    bias_g1: input.level === 'level_0' ? singlePoints(judged, 'g1') : [],
    bias_g2: input.level === 'level_0' ? singlePoints(judged, 'g2') : [],
    overall_passed: verdict?.passed ?? null,
    acceptance: verdict ? acceptanceJson(verdict) : null,
    pooled: {
      n: input.statistics.items,
      truths_from_prior: input.statistics.truthsFromPrior,
      parameters: Object.fromEntries(input.statistics.parameters.map((each) => [each.name, parameterJson(each)])),
    },
  });
}

/** SHINE's estimate from one realization: m = ĝ/g − 1 with error σ/|g|, c = 0 by construction. None where the truth is zero. */
function singlePoints(items: readonly StatisticsItem[], name: string): JsonValue[] {
  return items.flatMap(({ runId, truth, estimates }) => {
    const estimate = estimates.find((each) => each.name === name);
    const g = truth[name];
    if (!estimate || !Number.isFinite(g) || g === 0) return [];
    const { mean, sd } = estimate;
    return [{ run_id: runId, m: finite(mean / g - 1), m_err: finite(sd / Math.abs(g)), c: 0, c_err: finite(sd) }];
  });
}

function acceptanceJson({ failures, honest }: Acceptance): JsonValue {
  return {
    failures: failures.map(({ runId, check }) => ({ run_id: runId, check })),
    chance_of_m_check: finite(honest.chanceOfMCheck),
    median_m_err: finite(honest.medianMErr),
  };
}

function parameterJson(each: ParameterStatistics): JsonValue {
  const { naive, corrected, coverage, sbc, paired, ring } = each;
  return {
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
    paired_response: paired && meanJson(paired),
    ring: ring && { ...meanJson(ring), variance_ratio: finite(ring.varianceRatio) },
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

function meanJson({ mean, error, n }: MeanWithError) {
  return { mean: finite(mean), err: finite(error), n };
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
