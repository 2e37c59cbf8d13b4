/** Eigenvalues of symmetric matrices: all through ml-matrix, or the largest of a large one by orthogonal iteration. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { StatsInputError } from '../errors.ts';
import { RandomWords } from '../two-sample/random-words.ts';

export interface Eigen {
  /** Descending. */
  readonly values: Float64Array;
  /** [k][d]: row k is the unit vector of value k, its entry of largest magnitude positive. */
  readonly vectors: Float64Array;
}

/** Up to here the whole decomposition costs less than iterating. */
const WHOLE = 320;
/** Vectors beyond those asked for, which make the iteration converge faster. */
const SPARE = 14;
const MOST_ROUNDS = 200;
const TOLERANCE = 1e-10;

/** The `count` largest eigenvalues of a symmetric d × d matrix with their vectors. */
export function largestEigen(matrix: Float64Array, d: number, count: number): Eigen {
  if (matrix.length !== d * d)
    throw new StatsInputError(`the matrix has ${matrix.length} entries; ${d} × ${d} are needed`);
  if (!Number.isInteger(count) || count < 1 || count > d) {
    throw new StatsInputError(`count must be a whole number from 1 to ${d}, got ${count}`);
  }
  return d <= WHOLE || count + SPARE >= d / 2 ? whole(matrix, d, count) : iterated(matrix, d, count);
}

function whole(matrix: Float64Array, d: number, count: number): Eigen {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(asMatrix(matrix, d, d), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b] - realEigenvalues[a] || a - b);
  const values = Float64Array.from(order.slice(0, count), (k) => realEigenvalues[k]);
  const vectors = new Float64Array(count * d);
  for (let k = 0; k < count; k++) for (let i = 0; i < d; i++) vectors[k * d + i] = eigenvectorMatrix.get(i, order[k]);
  return { values, vectors: orient(vectors, d) };
}

/** Orthogonal iteration with Rayleigh–Ritz (Golub & Van Loan, Matrix Computations, 8.2.4) from fixed random vectors. */
function iterated(matrix: Float64Array, d: number, count: number): Eigen {
  const width = count + SPARE;
  const words = new RandomWords(0, 0);
  let basis = Float64Array.from({ length: width * d }, () => words.normal());
  orthonormalise(basis, d);
  let before = new Float64Array(count);
  for (let round = 0; ; round++) {
    const image = times(matrix, basis, d);
    const small = new Float64Array(width * width);
    for (let a = 0; a < width; a++)
      for (let b = 0; b < width; b++) small[a * width + b] = dot(basis, a * d, image, b * d, d);
    const { values, vectors } = whole(small, width, width);
    const change = values.subarray(0, count).reduce((most, v, k) => Math.max(most, Math.abs(v - before[k])), 0);
    if (change <= TOLERANCE * values[0] || round === MOST_ROUNDS) {
      const ritz = combine(vectors.subarray(0, count * width), basis, width, d);
      return { values: values.slice(0, count), vectors: orient(ritz, d) };
    }
    before = values.slice(0, count);
    basis = combine(vectors, image, width, d);
    orthonormalise(basis, d);
  }
}

/** Rows of `basis` times a symmetric matrix. */
function times(matrix: Float64Array, basis: Float64Array, d: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(basis.length);
  for (let i = 0; i < d; i++)
    for (let k = 0; k < basis.length / d; k++) out[k * d + i] = dot(matrix, i * d, basis, k * d, d);
  return out;
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += a[i + k] * b[j + k];
  return sum;
}

/** weights [rows][width] times basis [width][d]. */
function combine(weights: Float64Array, basis: Float64Array, width: number, d: number): Float64Array<ArrayBuffer> {
  const rows = weights.length / width;
  const out = new Float64Array(rows * d);
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < width; k++) {
      const weight = weights[r * width + k];
      for (let i = 0; i < d; i++) out[r * d + i] += weight * basis[k * d + i];
    }
  }
  return out;
}

/** Modified Gram–Schmidt, twice, on the rows. */
function orthonormalise(basis: Float64Array, d: number): void {
  for (let k = 0; k < basis.length / d; k++) {
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < k; other++) {
        const share = dot(basis, k * d, basis, other * d, d);
        for (let i = 0; i < d; i++) basis[k * d + i] -= share * basis[other * d + i];
      }
    }
    const norm = Math.sqrt(dot(basis, k * d, basis, k * d, d));
    for (let i = 0; i < d; i++) basis[k * d + i] /= norm > 0 ? norm : 1;
  }
}

/** A vector and its opposite are both right: the entry of largest magnitude is made positive. */
function orient(vectors: Float64Array, d: number): Float64Array {
  for (let k = 0; k < vectors.length / d; k++) {
    const vector = vectors.subarray(k * d, (k + 1) * d);
    const largest = vector.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);
    if (largest < 0) for (let i = 0; i < d; i++) vector[i] = -vector[i];
  }
  return vectors;
}

export function asMatrix(values: Float64Array, rows: number, columns: number): Matrix {
  return new Matrix(
    Array.from({ length: rows }, (_, r) => values.subarray(r * columns, (r + 1) * columns) as unknown as number[]),
  );
}
