/** Bootstrap of items: they are drawn again with replacement, whatever lies within an item stays together. */
import { StatsInputError } from '../errors.ts';
import { quantileSorted, sortedCopy } from '../order.ts';
import { RandomWords } from '../two-sample/random-words.ts';

export interface BootstrapOptions {
  /** An integer from 0 to 2⁵³ − 1: the same seed gives the same bits. */
  readonly seed: number;
  /** Streams of one seed are independent: one a metric. */
  readonly stream?: number;
  readonly resamples: number;
  /** Share of resamples within the interval. */
  readonly level?: number;
}

export interface Bootstrap {
  /** Of the items as they are. */
  readonly estimate: number;
  /** Standard deviation between resamples. */
  readonly error: number;
  /** Percentile interval (Efron 1979). */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly resamples: number;
}

/**
 * Any estimate from n items: `estimate` is given the indices of items, some more than once. Draw j of resample b is word b n + j of the stream, so the
 * answer depends on seed, stream and n alone.
 */
export function bootstrap(n: number, estimate: (items: Uint32Array) => number, options: BootstrapOptions): Bootstrap {
  const { seed, stream = 0, resamples, level = 0.95 } = options;
  if (!Number.isInteger(n) || n < 1) throw new StatsInputError(`a bootstrap needs at least one item, got ${n}`);
  if (!(level > 0 && level < 1)) throw new StatsInputError(`the level is ${level}; it must lie between 0 and 1`);
  const words = new RandomWords(seed, stream);
  const items = Uint32Array.from({ length: n }, (_, i) => i);
  const whole = estimate(items);
  const found = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    for (let j = 0; j < n; j++) items[j] = Math.floor(words.word() * 2 ** -32 * n);
    found[b] = estimate(items);
  }
  const mean = found.reduce((sum, value) => sum + value, 0) / resamples;
  const squares = found.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sorted = sortedCopy(found);
  const quantile = (p: number) => (Number.isNaN(mean) ? Number.NaN : quantileSorted(sorted, p));
  return {
    estimate: whole,
    error: n > 1 && resamples > 1 ? Math.sqrt(squares / (resamples - 1)) : Number.NaN,
    low: quantile((1 - level) / 2),
    high: quantile((1 + level) / 2),
    n,
    resamples,
  };
}

/** Mean over items; items without a value (NaN) are left out. NaN where none has one. */
export function bootstrapMean(values: ArrayLike<number>, options: BootstrapOptions): Bootstrap {
  const known = Float64Array.from(Array.from(values).filter((value) => !Number.isNaN(value)));
  if (known.length === 0) {
    return {
      estimate: NaN,
      error: NaN,
      low: NaN,
      high: NaN,
      n: 0,
      resamples: options.resamples,
    };
  }
  const mean = (items: Uint32Array) => {
    let sum = 0;
    for (const i of items) sum += known[i];
    return sum / items.length;
  };
  return bootstrap(known.length, mean, options);
}

/** Σ numerator / Σ denominator over items: means over tokens from sums of items that differ in length. */
export function bootstrapRatio(
  numerator: ArrayLike<number>,
  denominator: ArrayLike<number>,
  options: BootstrapOptions,
): Bootstrap {
  if (numerator.length !== denominator.length) {
    throw new StatsInputError(`${numerator.length} numerators do not pair with ${denominator.length} denominators`);
  }
  const ratio = (items: Uint32Array) => {
    let [above, below] = [0, 0];
    for (const i of items) {
      above += numerator[i];
      below += denominator[i];
    }
    return above / below;
  };
  return bootstrap(numerator.length, ratio, options);
}
