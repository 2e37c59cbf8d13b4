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
 * A column whose denominators sum to 0 in a resample leaves that resample out.
 * @param numerators [item][column] flattened
 * @param denominators the same, or [item] where all columns share them
 */
export function bootstrapColumns(
  n: number,
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  { seed, stream = 0, resamples }: BootstrapOptions,
): BootstrapColumns {
  const columns = numerators.length / n;
  if (n < 1 || !Number.isInteger(columns))
    throw new StatsInputError(`${numerators.length} numbers are no whole columns of ${n} items`);
  if (denominators.length !== n && denominators.length !== numerators.length)
    throw new StatsInputError(`${denominators.length} denominators belong to neither ${n} items nor to their columns`);
  const shared = denominators.length === n && columns > 1;
  const words = new RandomWords(seed, stream);
  const ratios = (counts: ArrayLike<number>) => {
    const [above, below] = [new Float64Array(columns), new Float64Array(columns)];
    for (let i = 0; i < n; i++) {
      if (counts[i] === 0) continue;
      for (let c = 0; c < columns; c++) {
        above[c] += counts[i] * numerators[i * columns + c];
        below[c] += counts[i] * denominators[shared ? i : i * columns + c];
      }
    }
    return above.map((sum, c) => sum / below[c]);
  };
  const estimate = ratios(new Float64Array(n).fill(1));
  // Welford's sums: the resamples themselves are never all held.
  const [mean, squares, seen] = [new Float64Array(columns), new Float64Array(columns), new Float64Array(columns)];
  const counts = new Float64Array(n);
  for (let b = 0; b < resamples; b++) {
    counts.fill(0);
    for (let j = 0; j < n; j++) counts[Math.floor(words.word() * 2 ** -32 * n)]++;
    const found = ratios(counts);
    for (let c = 0; c < columns; c++) {
      if (Number.isNaN(found[c])) continue;
      const off = found[c] - mean[c];
      mean[c] += off / ++seen[c];
      squares[c] += off * (found[c] - mean[c]);
    }
  }
  const error = squares.map((sum, c) => (n > 1 && seen[c] > 1 ? Math.sqrt(sum / (seen[c] - 1)) : Number.NaN));
  return { estimate, error };
}
