/** Permutation tests: what an estimate would be if labels, or pairings, meant nothing. */
import { StatsInputError } from '../errors.ts';
import { RandomWords } from '../two-sample/random-words.ts';

export interface PermutationOptions {
  /** An integer from 0 to 2⁵³ − 1: the same seed gives the same bits. */
  readonly seed: number;
  /** Streams of one seed are independent: one a metric. */
  readonly stream?: number;
  readonly permutations: number;
}

/** Which values of the estimate speak against the null. */
export type Side = 'less' | 'greater' | 'two-sided';

export interface PermutationTest {
  readonly observed: number;
  /** One a permutation, in the order drawn. */
  readonly null: Float64Array<ArrayBuffer>;
  readonly nullMean: number;
  readonly nullSd: number;
  /** (1 + values at least as extreme) / (1 + permutations): never 0 (Phipson & Smyth 2010). NaN where the estimate is. */
  readonly p: number;
  readonly side: Side;
}

/** `estimate` is given where each of the n labels (or rows) comes from; the identity gives `observed`. Permutation b continues the stream of b − 1. */
export function permutationTest(
  n: number,
  estimate: (from: Uint32Array) => number,
  side: Side,
  { seed, stream = 0, permutations }: PermutationOptions,
): PermutationTest {
  if (!Number.isInteger(n) || n < 2) throw new StatsInputError(`a permutation needs two items or more, got ${n}`);
  const words = new RandomWords(seed, stream);
  const from = Uint32Array.from({ length: n }, (_, i) => i);
  const observed = estimate(from);
  const found = Float64Array.from({ length: permutations }, () => {
    words.shuffle(from);
    return estimate(from);
  });
  // A permutation under which the estimate does not exist says nothing for or against.
  const known = found.filter((value) => !Number.isNaN(value));
  const nullMean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - nullMean) ** 2, 0);
  return {
    observed,
    null: found,
    nullMean,
    nullSd: known.length > 1 ? Math.sqrt(squares / (known.length - 1)) : Number.NaN,
    p: Number.isNaN(observed) ? Number.NaN : permutationP(observed, known, side),
    side,
  };
}

/** p of an observed value among those of permutations; two-sided: twice the smaller side, at most 1. */
export function permutationP(observed: number, found: ArrayLike<number>, side: Side): number {
  let [below, above] = [1, 1];
  for (let b = 0; b < found.length; b++) {
    if (found[b] <= observed) below++;
    if (found[b] >= observed) above++;
  }
  const count = side === 'less' ? below : side === 'greater' ? above : 2 * Math.min(below, above);
  return Math.min(1, count / (found.length + 1));
}
