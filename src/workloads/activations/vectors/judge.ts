/** Scores of a direction that is fitted again for every fold, on the fold that it has not seen. */
import { aucDeLong, aucOfParts, type ScoredLabels } from '../../../stats/classification/auc.ts';
import { projections } from '../../../stats/classification/products.ts';
import { accuracyAt, classMoments, cohensD, midpoint } from '../../../stats/classification/separation.ts';
import type { Direction } from './fit.ts';
import type { Folds } from './folds.ts';
import type { Interval, Scores } from './types.ts';

/** What a fit to a training part makes of all texts. */
export interface FoldScores {
  readonly fold: number;
  /** Of every text, whether it was fitted to or not. */
  readonly scores: Float64Array;
}

export const textsOf = (folds: Folds, kept: (fold: number) => boolean): number[] =>
  Array.from(folds.of, (_, text) => text).filter((text) => kept(folds.of[text]));

/** @param rows [n][d] @param fitted to the texts of a training part; folds whose has one class alone are left out */
export function foldScores(
  folds: Folds,
  y: Uint8Array,
  x: Float64Array,
  fitted: (texts: number[], fold: number) => Direction,
): FoldScores[] {
  const out: FoldScores[] = [];
  for (let fold = 0; fold < folds.count; fold++) {
    const texts = textsOf(folds, (each) => each !== fold);
    if (new Set(texts.map((text) => y[text])).size < 2) continue;
    out.push({ fold, scores: projections(x, fitted(texts, fold).vector) });
  }
  return out;
}

/**
 * Held-out and training scores of fits, one a fold. AUC: over pairs of texts held out together, DeLong's interval. Cohen's d and accuracy: over
 * all held-out texts, each from its fold's training midpoint and in units of the training classes' spread, since folds have scales of their own.
 */
export function judged(
  folds: Folds,
  y: Uint8Array,
  fits: readonly FoldScores[],
): { readonly heldOut: Scores; readonly train: Scores } {
  const parts = fits.map(({ fold, scores }) => {
    const train = sampleOf(
      scores,
      y,
      textsOf(folds, (each) => each !== fold),
    );
    const held = sampleOf(
      scores,
      y,
      textsOf(folds, (each) => each === fold),
    );
    const threshold = midpoint(train);
    const { positiveVariance, negativeVariance } = classMoments(train);
    const spread = Math.sqrt((positiveVariance + negativeVariance) / 2);
    const scaled = held.scores.map((score) => (spread > 0 ? (score - threshold) / spread : score - threshold));
    return { train, threshold, held: { scores: scaled, labels: held.labels } };
  });
  const all = {
    scores: parts.flatMap(({ held }) => Array.from(held.scores)),
    labels: parts.flatMap(({ held }) => Array.from(held.labels)),
  };
  const heldOut = {
    auc: interval(aucOfParts(parts.map(({ held }) => held))),
    cohensD: cohensD(all),
    accuracy: accuracyAt(all, 0),
  };
  const aucs = parts.map(({ train }) => aucDeLong(train));
  const train = {
    auc: {
      value: mean(aucs.map(({ auc }) => auc)),
      low: mean(aucs.map(({ low }) => low)),
      high: mean(aucs.map(({ high }) => high)),
    },
    cohensD: mean(parts.map((part) => cohensD(part.train))),
    accuracy: mean(parts.map((part) => accuracyAt(part.train, part.threshold))),
  };
  return { heldOut, train };
}

interface Sample extends ScoredLabels {
  readonly scores: Float64Array;
  readonly labels: Uint8Array;
}

export function sampleOf(scores: Float64Array, y: Uint8Array, texts: readonly number[]): Sample {
  return {
    scores: Float64Array.from(texts, (text) => scores[text]),
    labels: Uint8Array.from(texts, (text) => y[text]),
  };
}

const interval = ({ auc, low, high }: { auc: number; low: number; high: number }): Interval => ({
  value: auc,
  low,
  high,
});

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
