/** The distances of all pairs of points, kept so that any number of kernels can be summed over them. */
import { countPoints, type Points, requireSameDim } from './points.ts';
import { squaredDistances } from './squared-distances.ts';
import type { Steps } from './steps.ts';

export interface PairDistances {
  /** Points of the first sample, and of the second. */
  readonly n: number;
  readonly m: number;
  /** Sum of a function of the squared distance over all pairs; within one sample over pairs of different points, each once. */
  sum(kernel: (square: number) => number): number;
}

export interface PairProgress {
  readonly pairs: number;
  readonly ofPairs: number;
}

/**
 * Distances between a and b, or within a where b is a. Of whole-number points it keeps how often each squared distance occurs (a few
 * hundred kilobytes whatever the number of points), of others all of them, 8 bytes a pair.
 */
export function* pairDistanceSteps(a: Points, b: Points): Steps<PairProgress, PairDistances> {
  requireSameDim(a, b);
  const n = countPoints(a, 'a', 2);
  const m = countPoints(b, 'b', 2);
  const half = a === b;
  const ofPairs = half ? (n * (n - 1)) / 2 : n * m;
  let counts = new Float64Array(0);
  let all: Float64Array | undefined;
  let pairs = 0;
  for (const { row, rows, column, columns, squares, whole } of squaredDistances(a, b, half)) {
    if (whole) {
      const needed = 1 + largest(squares, rows * columns);
      if (needed > counts.length) counts = grown(counts, needed);
    } else all ??= new Float64Array(ofPairs);
    for (let i = 0; i < rows; i++) {
      const from = i * columns;
      const end = half ? Math.min(columns, row + i - column) : columns;
      if (all) for (let j = 0; j < end; j++) all[pairs + j] = squares[from + j];
      else for (let j = 0; j < end; j++) counts[squares[from + j]]++;
      pairs += Math.max(0, end);
    }
    yield { pairs, ofPairs };
  }
  return { n, m, sum: (kernel) => (all ? sumOver(all, kernel) : sumCounted(counts, kernel)) };
}

function sumOver(squares: Float64Array, kernel: (square: number) => number): number {
  let sum = 0;
  for (let k = 0; k < squares.length; k++) sum += kernel(squares[k]);
  return sum;
}

function sumCounted(counts: Float64Array, kernel: (square: number) => number): number {
  let sum = 0;
  for (let square = 0; square < counts.length; square++) {
    if (counts[square] > 0) sum += counts[square] * kernel(square);
  }
  return sum;
}

function largest(values: Float64Array, count: number): number {
  let most = 0;
  for (let k = 0; k < count; k++) if (values[k] > most) most = values[k];
  return most;
}

function grown(counts: Float64Array, needed: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(Math.max(needed, 2 * counts.length));
  out.set(counts);
  return out;
}
