/** Wilcoxon's rank-sum test (Mann & Whitney, Ann. Math. Stat. 18 (1947) 50), as differential expression uses it. */
import { StatsInputError } from '../errors.ts';
import { normalCdf } from '../normal.ts';

export interface RankSumResult {
  /** U of the first sample: pairs in which its value is larger, ties for a half. */
  readonly u: number;
  /** Two-sided, from the normal limit with continuity and tie correction (SciPy's mannwhitneyu, method "asymptotic"); 1 if all tie. */
  readonly pValue: number;
}

/** Compares ascending samples. @throws StatsInputError where one is empty */
export function rankSumSorted(x: Float64Array, y: Float64Array): RankSumResult {
  const [n, m] = [x.length, y.length];
  if (n === 0 || m === 0) throw new StatsInputError('a sample is empty; a rank-sum test needs values in both');
  let [i, j, rank] = [0, 0, 0];
  let rankSum = 0;
  let ties = 0;
  while (i < n || j < m) {
    const at = i < n && (j >= m || x[i] <= y[j]) ? x[i] : y[j];
    const [fromI, before] = [i, rank];
    while (i < n && x[i] === at) i++;
    while (j < m && y[j] === at) j++;
    rank = i + j;
    const count = rank - before;
    if (count === 0) throw new StatsInputError('a value is not a number');
    rankSum += ((i - fromI) * (before + 1 + rank)) / 2;
    ties += count ** 3 - count;
  }
  const u = rankSum - (n * (n + 1)) / 2;
  const total = n + m;
  const sd = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  if (!(sd > 0)) return { u, pValue: 1 };
  const z = (Math.max(u, n * m - u) - (n * m) / 2 - 0.5) / sd;
  return { u, pValue: Math.min(1, 2 * normalCdf(-z)) };
}
