/** Area under the ROC curve with DeLong's variance. */
import { meanRanks } from '../correlation.ts';
import { requireSameLength } from '../errors.ts';

/** Scores of examples and what each is: 1 where positive, else 0. */
export interface ScoredLabels {
  readonly scores: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
}

export interface Auc {
  /** Share of pairs of a positive and a negative one of which the positive has the larger score, ties as ½. NaN without pairs. */
  readonly auc: number;
  /** DeLong's standard error; NaN where a class has fewer than two. */
  readonly standardError: number;
  /** auc ± z · standard error at 95 %, cut to [0, 1]; all of that where there is no standard error. */
  readonly low: number;
  readonly high: number;
}

/** Quantile 0.975 of the standard normal. */
const Z = 1.959963984540054;

/**
 * AUC as the Mann–Whitney statistic, with its variance by E. DeLong, D. DeLong and D. Clarke-Pearson, Biometrics 44 (1988) 837, through
 * mid-ranks (X. Sun and W. Xu, IEEE Signal Process. Lett. 21 (2014) 1389). Examples are taken as independent.
 */
export function aucDeLong(sample: ScoredLabels): Auc {
  return withInterval(placements(sample));
}

/**
 * AUC over pairs of the same part, as of folds whose scores come from different fits: parts count by their pairs. The variance is that of a
 * sum of independent ones. Parts with one class alone have no pairs and add nothing.
 */
export function aucOfParts(parts: readonly ScoredLabels[]): Auc {
  const each = parts.map(placements).filter(({ pairs }) => pairs > 0);
  const pairs = each.reduce((sum, part) => sum + part.pairs, 0);
  let [auc, variance] = [pairs > 0 ? 0 : Number.NaN, 0];
  for (const part of each) {
    const share = part.pairs / pairs;
    auc += share * part.auc;
    variance += share ** 2 * part.variance;
  }
  return withInterval({ pairs, auc, variance: pairs > 0 ? variance : Number.NaN });
}

interface Placements {
  readonly pairs: number;
  readonly auc: number;
  readonly variance: number;
}

function placements({ scores, labels }: ScoredLabels): Placements {
  requireSameLength(scores, labels, 'scores and labels');
  const positive: number[] = [];
  const negative: number[] = [];
  for (let i = 0; i < labels.length; i++) (labels[i] === 1 ? positive : negative).push(scores[i]);
  const [m, n] = [positive.length, negative.length];
  if (m === 0 || n === 0) return { pairs: 0, auc: Number.NaN, variance: Number.NaN };
  const all = meanRanks([...positive, ...negative]);
  const [own, others] = [meanRanks(positive), meanRanks(negative)];
  // Of each positive one, the share of negative ones below it; of each negative one, of positive ones above it.
  const above = own.map((rank, i) => (all[i] - rank) / n);
  const below = others.map((rank, j) => 1 - (all[m + j] - rank) / m);
  return { pairs: m * n, auc: mean(above), variance: variance(above) / m + variance(below) / n };
}

function withInterval({ auc, variance }: Placements): Auc {
  const standardError = Math.sqrt(variance);
  if (!Number.isFinite(standardError)) return { auc, standardError: Number.NaN, low: 0, high: 1 };
  return {
    auc,
    standardError,
    low: Math.max(0, auc - Z * standardError),
    high: Math.min(1, auc + Z * standardError),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Unbiased; NaN of one value. */
function variance(values: Float64Array): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
