/** The distances of all pairs of points, kept so that any number of kernels can be summed over them. */
import { integerProducts, multipliesExactly } from './integer-products.ts';
import { countPoints, type Points, requireSameDim } from './points.ts';
import { squaredDistances, squaredNorms } from './squared-distances.ts';
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
  if (multipliesExactly(a, b, a.dim)) {
    const counts = yield* countSquares(a, b, ofPairs);
    return { n, m, sum: (kernel) => sumCounted(counts, kernel) };
  }
  const all = new Float64Array(ofPairs);
  let pairs = 0;
  for (const { row, rows, column, columns, squares } of squaredDistances(a, b, half)) {
    for (let i = 0; i < rows; i++) {
      const end = half ? Math.min(columns, row + i - column) : columns;
      for (let j = 0; j < end; j++) all[pairs + j] = squares[i * columns + j];
      pairs += Math.max(0, end);
    }
    yield { pairs, ofPairs };
  }
  return { n, m, sum: (kernel) => sumOver(all, kernel) };
}

/** How often each squared distance occurs: |x|² + |y|² − 2 x·y, all of them whole numbers that f32 holds. */
function* countSquares(a: Points, b: Points, ofPairs: number): Steps<PairProgress, Uint32Array> {
  const half = a === b;
  const x = squaredNorms(a);
  const y = half ? x : squaredNorms(b);
  const largest = (norms: Float64Array) => norms.reduce((most, norm) => Math.max(most, norm), 0);
  const counts = new Uint32Array(1 + largest(x) + largest(y));
  let pairs = 0;
  for (const { row, rows, column, columns, values, stride } of integerProducts(a, b, half)) {
    for (let i = 0; i < rows; i++) {
      const norm = x[row + i];
      const end = half ? Math.min(columns, row + i - column) : columns;
      const from = i * stride;
      for (let j = 0; j < end; j++) counts[norm + y[column + j] - 2 * values[from + j]]++;
      pairs += Math.max(0, end);
    }
    yield { pairs, ofPairs };
  }
  return counts;
}

function sumOver(squares: Float64Array, kernel: (square: number) => number): number {
  let sum = 0;
  for (let k = 0; k < squares.length; k++) sum += kernel(squares[k]);
  return sum;
}

function sumCounted(counts: Uint32Array, kernel: (square: number) => number): number {
  let sum = 0;
  for (let square = 0; square < counts.length; square++) {
    if (counts[square] > 0) sum += counts[square] * kernel(square);
  }
  return sum;
}
