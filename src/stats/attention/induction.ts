/** Which heads copy: scores on texts that repeat themselves, and on any text. Patterns are [width][width], row = query, causal. */
import { StatsInputError } from '../errors.ts';
import { requirePattern } from './pattern.ts';

/**
 * Induction score (Olsson, Elhage, Nanda et al. 2022) on a text BOS r r: mean over the second copy of a[t, t − |r| + 1], the token after the
 * same one before.
 * @param period |r|. @param start where the first copy begins: 1 after a BOS.
 */
export function inductionScore(pattern: ArrayLike<number>, width: number, period: number, start = 1): number {
  return secondCopyMean(pattern, width, period, start, period - 1);
}

/** Duplicate-token score on a text BOS r r: mean over the second copy of a[t, t − |r|], the same token before. */
export function duplicateTokenScore(pattern: ArrayLike<number>, width: number, period: number, start = 1): number {
  return secondCopyMean(pattern, width, period, start, period);
}

function secondCopyMean(
  pattern: ArrayLike<number>,
  width: number,
  period: number,
  start: number,
  back: number,
): number {
  if (!Number.isInteger(period) || period < 1) throw new StatsInputError(`the period is ${period}; a copy has tokens`);
  const end = start + 2 * period;
  requirePattern(pattern, width, end);
  let sum = 0;
  for (let t = start + period; t < end; t++) sum += pattern[t * width + t - back];
  return sum / period;
}

/** What a head is looked at for. */
export type HeadKind = 'induction' | 'duplicate' | 'previous';

/** Attention on the keys of a kind, and all attention: sums over queries, to be added over items. */
export interface DetectionSums {
  readonly matched: number;
  readonly all: number;
}

/**
 * TransformerLens' head detector ("mul"): share of attention on keys whose predecessor equals the query's token (induction), on earlier keys that equal
 * it (duplicate), or on the key before (previous). matched/all on any text.
 * @param ids tokens of the item; further rows of the pattern are padding.
 */
export function detectionSums(
  pattern: ArrayLike<number>,
  width: number,
  ids: ArrayLike<number>,
  kind: HeadKind,
): DetectionSums {
  requirePattern(pattern, width, ids.length);
  let [matched, all] = [0, 0];
  for (let q = 0; q < ids.length; q++) {
    for (let k = 0; k <= q; k++) {
      const share = pattern[q * width + k];
      all += share;
      if (matches(ids, q, k, kind)) matched += share;
    }
  }
  return { matched, all };
}

function matches(ids: ArrayLike<number>, q: number, k: number, kind: HeadKind): boolean {
  if (kind === 'previous') return k === q - 1;
  if (kind === 'duplicate') return k < q && ids[k] === ids[q];
  return k > 0 && ids[k - 1] === ids[q];
}

/** What TensorScope adds to its denominator. */
const FLOAT32_EPSILON = 1.2e-7;

/** What TensorScope's score is made of, to be added over items. */
export interface TensorScopeInduction {
  /** Attention where x[k − 1] = x[q − 1] and x[k] = x[q], k ≤ q − 2. */
  readonly copied: number;
  /** Attention where x[k − 1] = x[q − 1]. */
  readonly matched: number;
}

/**
 * Sums of TensorScope's "copy alignment", for comparison: it is one token off, so that it looks at duplicate-token heads, and as a ratio among matching keys
 * it is 1 for every head of a text that repeats itself.
 */
export function tensorScopeInductionSums(
  pattern: ArrayLike<number>,
  width: number,
  ids: ArrayLike<number>,
): TensorScopeInduction {
  requirePattern(pattern, width, ids.length);
  let [copied, matched] = [0, 0];
  for (let q = 2; q < ids.length; q++) {
    for (let k = 1; k <= q - 2; k++) {
      if (ids[k - 1] !== ids[q - 1]) continue;
      matched += pattern[q * width + k];
      if (ids[k] === ids[q]) copied += pattern[q * width + k];
    }
  }
  return { copied, matched };
}

/** TensorScope's score from its sums: copied/(matched + 1.2e-7), sums over all texts of the batch. */
export function tensorScopeInduction({ copied, matched }: TensorScopeInduction): number {
  return copied / (matched + FLOAT32_EPSILON);
}
