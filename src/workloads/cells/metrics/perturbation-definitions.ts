/** What each metric of perturbations is: Cell-Eval's, with its names. */
import type { DeAgreement } from '../../../stats/perturbation/de-agreement.ts';
import { TOP_GENES } from '../../../stats/perturbation/de-agreement.ts';
import type { EffectAgreement } from '../../../stats/perturbation/effects.ts';
import type { Better, MetricWords } from './types.ts';

const SPACE = 'ln(1 + counts scaled to 10,000 a cell), all genes';
const DE = `${SPACE}; genes by Wilcoxon’s rank-sum test against controls, false discovery rate by Benjamini and Hochberg over all perturbations`;

/** What one perturbation has. */
export interface PerturbationScores {
  readonly effect: EffectAgreement;
  readonly de: DeAgreement;
  readonly discrimination: readonly number[];
}

interface Metric extends MetricWords {
  score(scores: PerturbationScores): number;
}

const metric = (
  id: string,
  title: string,
  space: string,
  better: Better,
  definition: string,
  score: Metric['score'],
): Metric => ({ id, title, space, better, definition, score });

const changed = 'genes with a false discovery rate below 0.05';
const discrimination = (name: string) =>
  `1 − rank/P: the rank, from 0, of the real effect among the real effects of all P perturbations by ${name} distance to the generated effect, the perturbed gene left out. 1: the right one is nearest; ½ + 1/(2P) by chance.`;

export const PERTURBATION_METRICS: readonly Metric[] = [
  metric(
    'pearson_delta',
    'Effect, correlation',
    SPACE,
    'one',
    'Pearson r over genes of (mean − control mean), generated against real.',
    ({ effect }) => effect.pearsonDelta,
  ),
  metric(
    'mae',
    'Mean expression, error',
    SPACE,
    'lower',
    'Mean over genes of |generated mean − real mean|.',
    ({ effect }) => effect.mae,
  ),
  metric(
    'mse',
    'Mean expression, squared error',
    SPACE,
    'lower',
    'Mean over genes of (generated mean − real mean)².',
    ({ effect }) => effect.mse,
  ),
  metric(
    'mae_delta',
    'Effect, error',
    SPACE,
    'lower',
    'As mae, of (mean − control mean).',
    ({ effect }) => effect.maeDelta,
  ),
  metric(
    'mse_delta',
    'Effect, squared error',
    SPACE,
    'lower',
    'As mse, of (mean − control mean).',
    ({ effect }) => effect.mseDelta,
  ),
  ...(['l1', 'l2', 'cosine'] as const).map((by, i) =>
    metric(
      `discrimination_score_${by}`,
      `Discrimination by ${by}`,
      SPACE,
      'higher',
      discrimination(by),
      (scores) => scores.discrimination[i],
    ),
  ),
  ...[...TOP_GENES, undefined].map((top, i) =>
    metric(
      `overlap_at_${top ?? 'N'}`,
      `Overlap of changed genes, ${top ?? 'all'}`,
      DE,
      'higher',
      `Of the k real ${changed} of largest |log fold change|, k = ${top ? `min(${top}, their number)` : 'their number'}, the share among the first k generated ones; 0 without any.`,
      ({ de }) => de.overlap[i],
    ),
  ),
  ...[...TOP_GENES, undefined].map((top, i) =>
    metric(
      `precision_at_${top ?? 'N'}`,
      `Precision of changed genes, ${top ?? 'all'}`,
      DE,
      'higher',
      `Of the k generated ${changed} of largest |log fold change|, k = ${top ? `min(${top}, their number)` : 'their number'}, the share among the first k real ones; 0 without any.`,
      ({ de }) => de.precision[i],
    ),
  ),
  metric(
    'de_direction_match',
    'Direction of change',
    DE,
    'higher',
    `Of the real ${changed} the share whose generated fold change goes the same way.`,
    ({ de }) => de.directionMatch,
  ),
  metric(
    'de_spearman_lfc_sig',
    'Fold changes, rank correlation',
    DE,
    'one',
    `Spearman’s r of real and generated fold changes over the real ${changed}.`,
    ({ de }) => de.lfcSpearman,
  ),
  metric(
    'de_sig_genes_recall',
    'Recall of changed genes',
    DE,
    'higher',
    `Of the real ${changed} the share that is so in generated cells.`,
    ({ de }) => de.recall,
  ),
  metric(
    'pr_auc',
    'Precision–recall area',
    DE,
    'higher',
    `Average precision of the generated false discovery rates, lowest first, in finding the real ${changed}.`,
    ({ de }) => de.prAuc,
  ),
  metric(
    'roc_auc',
    'ROC area',
    DE,
    'higher',
    `Chance that a real changed gene has a lower generated false discovery rate than another, ties for a half: ${changed}.`,
    ({ de }) => de.rocAuc,
  ),
  metric(
    'de_nsig_counts_real',
    'Changed genes, real',
    DE,
    'one',
    `Number of real ${changed}.`,
    ({ de }) => de.significantReal,
  ),
  metric(
    'de_nsig_counts_pred',
    'Changed genes, generated',
    DE,
    'one',
    `Number of generated ${changed}.`,
    ({ de }) => de.significantPredicted,
  ),
];

export const PEARSON_EDISTANCE: MetricWords = {
  id: 'pearson_edistance',
  title: 'Strength of perturbations, correlation',
  space: SPACE,
  better: 'one',
  definition:
    'Pearson r over perturbations of the energy distance 2E|x − y| − E|x − x′| − E|y − y′| of perturbed cells x from controls y, generated against real.',
};

export const SPEARMAN_SIGNIFICANT: MetricWords = {
  id: 'de_spearman_sig',
  title: 'Changed genes, rank correlation',
  space: DE,
  better: 'one',
  definition: `Spearman’s r over perturbations of the number of ${changed}, generated against real.`,
};
