/** Perturbations one by one: generated cells of each label against real ones, beside controls and the mean of all perturbed cells. */
import { pearson, spearman } from '../../../stats/correlation.ts';
import { geneMeans } from '../../../stats/expression/moments.ts';
import { aggregate } from '../../../stats/perturbation/aggregate.ts';
import { deAgreement } from '../../../stats/perturbation/de-agreement.ts';
import { differentialExpression, type GeneChanges } from '../../../stats/perturbation/differential.ts';
import { discriminationScores, effectAgreement, effectOf } from '../../../stats/perturbation/effects.ts';
import { energyDistance, meanDistance } from '../../../stats/perturbation/energy.ts';
import type { Points } from '../../../stats/two-sample/points.ts';
import type { Steps } from '../../../stats/two-sample/steps.ts';
import { ENERGY_CELLS } from './limits.ts';
import {
  PEARSON_EDISTANCE,
  PERTURBATION_METRICS,
  type PerturbationScores,
  SPEARMAN_SIGNIFICANT,
} from './perturbation-definitions.ts';
import { type Grouped, perturbedGroups } from './perturbed-groups.ts';
import {
  type CellMetricsInput,
  type MetricProgress,
  type MetricRow,
  type MetricWords,
  orNull,
  type PerturbationRow,
} from './types.ts';

export interface PerturbationResults {
  readonly rows: readonly MetricRow[];
  readonly metrics: readonly MetricWords[];
  readonly perturbations: readonly PerturbationRow[];
  readonly notes: readonly string[];
}

/** What the metrics need of one side, computed once. */
interface Side {
  readonly means: readonly Float64Array[];
  readonly controlMean: Float64Array;
  readonly changes: readonly GeneChanges[];
  readonly energy: Float64Array;
}

function sideOf({ groups, control }: Grouped): Side {
  const few = (points: Points) => ({
    values: Float64Array.from(points.values).subarray(0, ENERGY_CELLS * points.dim),
    dim: points.dim,
  });
  const controls = few(control);
  const within = meanDistance(controls, controls);
  return {
    means: groups.map(geneMeans),
    controlMean: geneMeans(control),
    changes: differentialExpression(groups, control),
    energy: Float64Array.from(groups, (group) => energyDistance(few(group), controls, within)),
  };
}

interface Compared {
  readonly scores: readonly PerturbationScores[];
  readonly edistance: number;
  readonly significant: number;
}

function compare(real: Side, made: Side, targets: readonly (number | undefined)[]): Compared {
  const bulks = [real, made].map(({ means, controlMean }) =>
    means.map((perturbed) => ({ perturbed, control: controlMean })),
  );
  const [x, y] = bulks.map((each) => each.map(effectOf));
  const discrimination = (['l1', 'l2', 'cosine'] as const).map((by) => discriminationScores(x, y, by, targets));
  const scores = x.map((_, p) => ({
    effect: effectAgreement(bulks[0][p], bulks[1][p]),
    de: deAgreement(real.changes[p], made.changes[p]),
    discrimination: discrimination.map((each) => each[p]),
  }));
  return {
    scores,
    edistance: pearson(real.energy, made.energy),
    significant: spearman(
      scores.map(({ de }) => de.significantReal),
      scores.map(({ de }) => de.significantPredicted),
    ),
  };
}

/** @throws ConfigError where labels are missing, or the control has no cells */
export function* perturbationMetricSteps(
  input: CellMetricsInput,
  labels: { readonly names: readonly string[]; readonly control: string },
): Steps<MetricProgress, PerturbationResults> {
  const { seed, genes } = input;
  const { names, sets, halves, cells, notes } = perturbedGroups(input, labels);
  const targets = names.map((name) => {
    const at = genes.indexOf(name);
    return at < 0 ? undefined : at;
  });
  const of = Object.keys(sets).length + 1;
  const sides = new Map<string, Side>();
  for (const [set, grouped] of Object.entries(sets)) {
    yield { metric: `Perturbations: ${set}`, done: sides.size, of };
    sides.set(set, sideOf(grouped));
  }
  yield { metric: 'Perturbations: halves of the real cells', done: sides.size, of };
  const real = sides.get('real')!;
  sides.delete('real');
  const compared: Record<string, Compared> = Object.fromEntries(
    Array.from(sides, ([set, side]) => [set, compare(real, side, targets)]),
  );
  if (halves) compared.ceiling = compare(sideOf(halves[0]), sideOf(halves[1]), targets);
  const n = Math.min(...cells.map((each) => each.cells));
  const row = (words: MetricWords, of: (each: Compared) => number): MetricRow => {
    const value = (set: string) => (compared[set] ? orNull(of(compared[set])) : null);
    return {
      ...words,
      value: value('generated'),
      floor: value('training'),
      ceiling: value('ceiling'),
      baselines: { control: value('control'), all_perturbed: value('all_perturbed') },
      n,
      seed,
    };
  };
  const rows = PERTURBATION_METRICS.map((metric): MetricRow => {
    const { score, ...words } = metric;
    const spread = aggregate(compared.generated.scores.map(score));
    return {
      ...row(words, ({ scores }) => aggregate(scores.map(score)).mean),
      parts: {
        perturbations: spread.n,
        median: orNull(spread.median),
        sd: orNull(spread.sd),
        min: orNull(spread.min),
        max: orNull(spread.max),
      },
    };
  });
  return {
    rows: [
      ...rows,
      row(PEARSON_EDISTANCE, ({ edistance }) => edistance),
      row(SPEARMAN_SIGNIFICANT, ({ significant }) => significant),
    ],
    metrics: PERTURBATION_METRICS.map(({ score: _, ...words }) => words),
    perturbations: names.map((perturbation, p) => ({
      perturbation,
      ...cells[p],
      values: Object.fromEntries(
        PERTURBATION_METRICS.map(({ id, score }) => [
          id,
          Object.fromEntries(Object.entries(compared).map(([set, { scores }]) => [set, orNull(score(scores[p]))])),
        ]),
      ),
    })),
    notes,
  };
}
