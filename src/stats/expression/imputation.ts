/**
 * How well hidden tokens are told. Only for imputation and reconstruction, where a predicted token belongs to a known one: between
 * unpaired cells these numbers mean nothing.
 */
import { requireSameLength, StatsInputError } from '../errors.ts';

export const WITHIN = [1, 3, 5, 10] as const;

export interface ImputationScore {
  /** Hidden tokens that were compared. */
  readonly hidden: number;
  /** Share that is exactly right. */
  readonly exact: number;
  /** Mean |predicted − true| in bins. */
  readonly mae: number;
  /** Share with |predicted − true| ≤ k, for the k of `WITHIN`. */
  readonly within: readonly number[];
}

/**
 * Scores of predicted tokens at hidden places alone.
 * @param hidden 1 where the token was hidden, [cells][genes] as both others
 * @throws StatsInputError for unequal lengths, or where nothing is hidden
 */
export function imputationScore(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  hidden: ArrayLike<number>,
): ImputationScore {
  requireSameLength(predicted, truth, 'predicted and truth');
  requireSameLength(truth, hidden, 'truth and hidden');
  let [count, exact, off] = [0, 0, 0];
  const within = WITHIN.map(() => 0);
  for (let i = 0; i < truth.length; i++) {
    if (!hidden[i]) continue;
    const difference = Math.abs(predicted[i] - truth[i]);
    count++;
    off += difference;
    if (difference === 0) exact++;
    for (let k = 0; k < WITHIN.length; k++) if (difference <= WITHIN[k]) within[k]++;
  }
  if (count === 0) throw new StatsInputError('no token is hidden; imputation is scored at hidden genes alone');
  return { hidden: count, exact: exact / count, mae: off / count, within: within.map((hits) => hits / count) };
}
