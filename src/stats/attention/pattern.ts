/** Attention patterns as arrays [width][width], row = query, causal. */
import { StatsInputError } from '../errors.ts';

/** Throws unless the pattern holds width × width numbers and the item fits. */
export function requirePattern(pattern: ArrayLike<number>, width: number, length: number): void {
  if (pattern.length !== width * width) {
    throw new StatsInputError(`a pattern of ${pattern.length} entries is not ${width} × ${width}`);
  }
  if (!Number.isInteger(length) || length < 1 || length > width) {
    throw new StatsInputError(`the item has ${length} tokens; the pattern takes 1 to ${width}`);
  }
}

/** Mean of the heads' patterns, [heads][width][width]. */
export function headMean(patterns: ArrayLike<number>, width: number): Float64Array<ArrayBuffer> {
  const size = width * width;
  const heads = patterns.length / size;
  if (!Number.isInteger(heads) || heads < 1) {
    throw new StatsInputError(`${patterns.length} entries are not patterns of ${width} × ${width}`);
  }
  const mean = new Float64Array(size);
  for (let head = 0; head < heads; head++) for (let at = 0; at < size; at++) mean[at] += patterns[head * size + at];
  return mean.map((sum) => sum / heads);
}
