/** bias_results.json: SHINE's keys (its `shine-bias-stats`), then the pooled statistics, each with its error. */
import { canonicalJson, type JsonValue } from '../../../bundle/json.ts';
import { finite, meanJson, parameterJson } from '../../../results/posterior/bias-results.ts';
import type { JudgedItem } from '../../../results/posterior/forms.ts';
import type { ParameterStatistics, RunStatistics } from '../../../results/posterior/statistics.ts';
import type { StatisticsItem } from '../../../results/posterior/statistics-item.ts';
import { type Acceptance, acceptance } from './acceptance.ts';
import { judgedItems, type Level } from './levels.ts';

export interface BiasResultsInput {
  /** Of SHINE's levels; undefined where the experiment has none, which nothing is judged by then. */
  readonly level: Level | undefined;
  /** All items; at level 0 and without a level SHINE judges all, elsewhere those that passed its convergence thresholds. */
  readonly items: readonly JudgedItem[];
  /** Of the items that are judged. */
  readonly statistics: RunStatistics;
}

/** Text of bias_results.json; what does not exist (the slope of a single true value) is null. */
export function biasResultsJson(input: BiasResultsInput): string {
  const judged = judgedItems(input.items, input.level);
  const verdict = input.level && acceptance(judged, input.level);
  return canonicalJson({
    level: input.level ?? null,
    n_realizations: input.items.length,
    // Level 0 judges all of them, as SHINE does.
    n_converged: input.level === 'level_0' ? judged.length : judged.filter(({ passed }) => passed).length,
    n_unfit: judged.filter(({ unfit }) => unfit).length,
    bias_g1: input.level === 'level_0' ? singlePoints(judged, 'g1') : [],
    bias_g2: input.level === 'level_0' ? singlePoints(judged, 'g2') : [],
    overall_passed: verdict?.passed ?? null,
    acceptance: verdict ? acceptanceJson(verdict) : null,
    pooled: {
      n: input.statistics.items,
      truths_from_prior: input.statistics.truthsFromPrior,
      parameters: Object.fromEntries(
        input.statistics.parameters.map((each) => [each.name, { ...parameterJson(each), ...pairsJson(each) }]),
      ),
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

/** What pairs at ±g and turned twins say of a parameter. */
function pairsJson({ paired, ring }: ParameterStatistics): Record<string, JsonValue> {
  return {
    paired_response: paired && meanJson(paired),
    ring: ring && { ...meanJson(ring), variance_ratio: finite(ring.varianceRatio) },
  };
}
