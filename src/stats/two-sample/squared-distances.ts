/** Squared Euclidean distances between all pairs of points, in blocks: through the f32 multiplier where that is exact, else in f64. */
import { integerProducts, multipliesExactly } from './integer-products.ts';
import type { Points } from './points.ts';

/** Points of the left-hand side of a block that is computed in f64. */
const ROWS = 64;

export interface DistanceBlock {
  /** Points of a from here on, and how many. */
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
  /** Squared distance of pair (i, j) of the block at i * columns + j. Valid until the next block. */
  readonly squares: Float64Array;
  /** Whether every squared distance is a whole number. */
  readonly whole: boolean;
}

/** Squared distances of points of a to points of b; `half`: a is b, and only blocks with pairs j ≤ i come. */
export function* squaredDistances(a: Points, b: Points, half = false): Generator<DistanceBlock, void, void> {
  if (multipliesExactly(a, b, a.dim)) yield* wholeDistances(a, b, half);
  else yield* directDistances(a, b, half);
}

function* wholeDistances(a: Points, b: Points, half: boolean): Generator<DistanceBlock, void, void> {
  const x = squaredNorms(a);
  const y = a === b ? x : squaredNorms(b);
  let squares = new Float64Array(0);
  for (const { row, rows, column, columns, values, stride } of integerProducts(a, b, half)) {
    if (squares.length < rows * columns) squares = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      const norm = x[row + i];
      for (let j = 0; j < columns; j++) {
        squares[i * columns + j] = norm + y[column + j] - 2 * values[i * stride + j];
      }
    }
    yield { row, rows, column, columns, squares, whole: true };
  }
}

function* directDistances(a: Points, b: Points, half: boolean): Generator<DistanceBlock, void, void> {
  const { dim } = a;
  const x = Float64Array.from(a.values);
  const y = a === b ? x : Float64Array.from(b.values);
  const n = x.length / dim;
  const m = y.length / dim;
  const squares = new Float64Array(ROWS * m);
  for (let row = 0; row < n; row += ROWS) {
    const rows = Math.min(ROWS, n - row);
    const columns = half ? row + rows : m;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        squares[i * columns + j] = squaredDistance(x, (row + i) * dim, y, j * dim, dim);
      }
    }
    yield { row, rows, column: 0, columns, squares, whole: false };
  }
}

/** |p − q|² of the points that begin at i and j. */
export function squaredDistance(p: Float64Array, i: number, q: Float64Array, j: number, dim: number): number {
  let sum = 0;
  for (let axis = 0; axis < dim; axis++) {
    const difference = p[i + axis] - q[j + axis];
    sum += difference * difference;
  }
  return sum;
}

/** |x|² of each point. */
export function squaredNorms({ values, dim }: Points): Float64Array {
  const norms = new Float64Array(values.length / dim);
  for (let i = 0; i < norms.length; i++) {
    for (let axis = 0; axis < dim; axis++) norms[i] += values[i * dim + axis] ** 2;
  }
  return norms;
}
