/** How far two classes lie apart along one number. */
import { requireSameLength } from '../errors.ts';
import type { ScoredLabels } from './auc.ts';

export interface Classes {
  readonly positive: number;
  readonly negative: number;
  /** Unbiased variances. */
  readonly positiveVariance: number;
  readonly negativeVariance: number;
}

/** Means and variances of the scores by class; NaN of a class that is not there. */
export function classMoments({ scores, labels }: ScoredLabels): Classes {
  requireSameLength(scores, labels, 'scores and labels');
  const moments = (label: 0 | 1) => {
    const own = Array.from(scores).filter((_, i) => (labels[i] === 1) === (label === 1));
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    return { mean, variance: own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (own.length - 1) };
  };
  const [zero, one] = [moments(0), moments(1)];
  return {
    positive: one.mean,
    negative: zero.mean,
    positiveVariance: one.variance,
    negativeVariance: zero.variance,
  };
}

/** Cohen's d, signed: Δmean / √((s₁² + s₀²) / 2); 0 where neither mean nor scores differ, NaN without one of the classes. */
export function cohensD(sample: ScoredLabels): number {
  const { positive, negative, positiveVariance, negativeVariance } = classMoments(sample);
  const difference = positive - negative;
  return difference === 0 ? 0 : difference / Math.sqrt((positiveVariance + negativeVariance) / 2);
}

/** Halfway between the means of the classes. */
export function midpoint(sample: ScoredLabels): number {
  const { positive, negative } = classMoments(sample);
  return (positive + negative) / 2;
}

/** Share of examples on the right side of a threshold: positive ones above it, negative ones not. */
export function accuracyAt({ scores, labels }: ScoredLabels, threshold: number): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (scores[i] > threshold === (labels[i] === 1)) right++;
  return right / labels.length;
}
