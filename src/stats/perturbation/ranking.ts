/** How well scores put the right entries first. */

import { meanRanks } from '../correlation.ts';
import { requireSameLength } from '../errors.ts';

/** Area under the ROC curve: the chance that a positive outscores a negative, ties for a half. NaN unless there are both. */
export function rocAuc(positive: ArrayLike<boolean>, scores: ArrayLike<number>): number {
  requireSameLength(positive, scores, 'positive and scores');
  const ranks = meanRanks(scores);
  let [count, sum] = [0, 0];
  for (let i = 0; i < ranks.length; i++) {
    if (!positive[i]) continue;
    count++;
    sum += ranks[i];
  }
  const negatives = ranks.length - count;
  return count > 0 && negatives > 0 ? (sum - (count * (count + 1)) / 2) / (count * negatives) : Number.NaN;
}

/**
 * Average precision Σ (R_n − R_{n−1}) P_n over thresholds, scikit-learn's average_precision_score: equal scores are one threshold.
 * NaN unless there are positives and negatives.
 */
export function averagePrecision(positive: ArrayLike<boolean>, scores: ArrayLike<number>): number {
  requireSameLength(positive, scores, 'positive and scores');
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b] - scores[a]);
  const total = Array.from(positive).filter((hit) => hit).length;
  if (total === 0 || total === scores.length) return Number.NaN;
  let [hits, sum] = [0, 0];
  for (let first = 0; first < order.length; ) {
    let end = first;
    let found = 0;
    for (; end < order.length && scores[order[end]] === scores[order[first]]; end++) if (positive[order[end]]) found++;
    hits += found;
    sum += (found / total) * (hits / end);
    first = end;
  }
  return sum;
}
