/** Errors of many ratios from one set of resamples: as `bootstrapRatio` of each column, drawn once. */
import { StatsInputError } from '../errors.ts';
import { RandomWords } from '../two-sample/random-words.ts';
import type { BootstrapOptions } from './bootstrap.ts';

export interface BootstrapColumns {
  /** [column] Σ numerator / Σ denominator of the items as they are. */
  readonly estimate: Float64Array<ArrayBuffer>;
  /** [column] standard deviation between resamples; NaN of one item. */
  readonly error: Float64Array<ArrayBuffer>;
}

/**
 * @param numerators [item][column] flattened
 * @param denominators [item], of every column
 */
export function bootstrapColumns(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  { seed, stream = 0, resamples }: BootstrapOptions,
): BootstrapColumns {
  const n = denominators.length;
  const columns = numerators.length / n;
  if (n < 1 || !Number.isInteger(columns))
    throw new StatsInputError(`${numerators.length} numbers are no whole columns of ${n} items`);
  const words = new RandomWords(seed, stream);
  const ratios = (counts: ArrayLike<number>) => {
    const sums = new Float64Array(columns);
    let below = 0;
    for (let i = 0; i < n; i++) {
      if (counts[i] === 0) continue;
      below += counts[i] * denominators[i];
      for (let c = 0; c < columns; c++) sums[c] += counts[i] * numerators[i * columns + c];
    }
    return sums.map((sum) => sum / below);
  };
  const estimate = ratios(new Float64Array(n).fill(1));
  // Welford's sums: the resamples themselves are never all held.
  const [mean, squares] = [new Float64Array(columns), new Float64Array(columns)];
  const counts = new Float64Array(n);
  for (let b = 0; b < resamples; b++) {
    counts.fill(0);
    for (let j = 0; j < n; j++) counts[Math.floor(words.word() * 2 ** -32 * n)]++;
    const found = ratios(counts);
    for (let c = 0; c < columns; c++) {
      const off = found[c] - mean[c];
      mean[c] += off / (b + 1);
      squares[c] += off * (found[c] - mean[c]);
    }
  }
  const known = n > 1 && resamples > 1;
  return { estimate, error: squares.map((sum) => (known ? Math.sqrt(sum / (resamples - 1)) : Number.NaN)) };
}
