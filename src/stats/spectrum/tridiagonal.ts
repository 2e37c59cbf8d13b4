/** Eigenvalues and eigenvectors of small symmetric tridiagonal matrices: what Lanczos' method leaves to solve. */
import { StatsInputError } from '../errors.ts';

/** Implicit shifts need two rounds an eigenvalue on average; EISPACK gives up at 30. */
const MOST_ROUNDS = 60;

export interface TridiagonalEigen {
  /** Descending, m of them. */
  readonly values: Float64Array<ArrayBuffer>;
  /** First component of each unit eigenvector, made positive (or zero). */
  readonly first: Float64Array<ArrayBuffer>;
  /** Last component of each, with the sign that belongs to `first`. */
  readonly last: Float64Array<ArrayBuffer>;
}

/**
 * Eigenvalues with the first and last components of their vectors by QL with implicit shifts (Golub & Welsch 1969; EISPACK's imtql2): O(m²), since
 * only these two rows of the matrix of vectors are turned along.
 * @param diagonal m entries. @param offDiagonal m − 1 entries or more; entry k couples k and k + 1, further ones are not read.
 */
export function tridiagonalEigen(diagonal: ArrayLike<number>, offDiagonal: ArrayLike<number>): TridiagonalEigen {
  const m = requireTridiagonal(diagonal, offDiagonal);
  const [first, last] = [unitRow(m, 0), unitRow(m, m - 1)];
  const values = implicitQl(diagonal, offDiagonal, [first, last]);
  const order = descending(values);
  const sign = (k: number) => (first[k] < 0 ? -1 : 1);
  return {
    values: Float64Array.from(order, (k) => values[k]),
    first: Float64Array.from(order, (k) => Math.abs(first[k])),
    last: Float64Array.from(order, (k) => sign(k) * last[k]),
  };
}

/**
 * The same with whole eigenvectors, O(m³): [j][k], row j is the unit vector of value j, its first component positive (or zero). With Lanczos' basis
 * q_k, Σ_k vectors[j][k] q_k is the Ritz vector of value j.
 */
export function tridiagonalVectors(
  diagonal: ArrayLike<number>,
  offDiagonal: ArrayLike<number>,
): { readonly values: Float64Array<ArrayBuffer>; readonly vectors: Float64Array<ArrayBuffer> } {
  const m = requireTridiagonal(diagonal, offDiagonal);
  const rows = Array.from({ length: m }, (_, row) => unitRow(m, row));
  const values = implicitQl(diagonal, offDiagonal, rows);
  const order = descending(values);
  const vectors = new Float64Array(m * m);
  for (let j = 0; j < m; j++) {
    const sign = rows[0][order[j]] < 0 ? -1 : 1;
    for (let k = 0; k < m; k++) vectors[j * m + k] = sign * rows[k][order[j]];
  }
  return { values: Float64Array.from(order, (k) => values[k]), vectors };
}

function requireTridiagonal(diagonal: ArrayLike<number>, offDiagonal: ArrayLike<number>): number {
  const m = diagonal.length;
  if (m < 1) throw new StatsInputError('the diagonal is empty; pass at least one entry');
  if (offDiagonal.length < m - 1) {
    throw new StatsInputError(`a diagonal of ${m} needs ${m - 1} entries beside it, got ${offDiagonal.length}`);
  }
  for (let k = 0; k < m; k++) {
    if (!Number.isFinite(diagonal[k]) || (k < m - 1 && !Number.isFinite(offDiagonal[k]))) {
      throw new StatsInputError(`row ${k} of the tridiagonal matrix is not finite`);
    }
  }
  return m;
}

function unitRow(m: number, row: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(m);
  out[row] = 1;
  return out;
}

function descending(values: Float64Array): number[] {
  return Array.from(values, (_, k) => k).sort((a, b) => values[b] - values[a] || a - b);
}

/** Eigenvalues in no order; every row of `rows`, a row of the identity, becomes that row of the matrix whose columns are the vectors. */
function implicitQl(
  diagonal: ArrayLike<number>,
  offDiagonal: ArrayLike<number>,
  rows: readonly Float64Array[],
): Float64Array<ArrayBuffer> {
  const m = diagonal.length;
  const d = Float64Array.from(diagonal);
  const e = new Float64Array(m);
  for (let k = 0; k < m - 1; k++) e[k] = offDiagonal[k];
  for (let low = 0; low < m; low++) {
    for (let round = 0; ; round++) {
      let end = low;
      while (end < m - 1 && !negligible(e[end], d[end], d[end + 1])) end++;
      if (end === low) break;
      if (round === MOST_ROUNDS) throw new StatsInputError(`eigenvalue ${low} did not converge in ${round} rounds`);
      chase(d, e, low, end, rows);
    }
  }
  return d;
}

/** Lost in the sum of its neighbours: EISPACK's test. */
function negligible(coupling: number, a: number, b: number): boolean {
  const size = Math.abs(a) + Math.abs(b);
  return size + Math.abs(coupling) === size;
}

/** One QL step with Wilkinson's shift on the unreduced block low … end. */
function chase(d: Float64Array, e: Float64Array, low: number, end: number, rows: readonly Float64Array[]): void {
  const lean = (d[low + 1] - d[low]) / (2 * e[low]);
  const length = Math.hypot(lean, 1);
  let g = d[end] - d[low] + e[low] / (lean + (lean < 0 ? -length : length));
  let [s, c, p] = [1, 1, 0];
  for (let i = end - 1; i >= low; i--) {
    const f = s * e[i];
    const b = c * e[i];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // The block fell apart in the middle: take back the shift and look again.
      d[i + 1] -= p;
      e[end] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    const shifted = d[i + 1] - p;
    const turn = (d[i] - shifted) * s + 2 * c * b;
    p = s * turn;
    d[i + 1] = shifted + p;
    g = c * turn - b;
    for (const row of rows) {
      const upper = row[i + 1];
      row[i + 1] = s * row[i] + c * upper;
      row[i] = c * row[i] - s * upper;
    }
  }
  d[low] -= p;
  e[low] = g;
  e[end] = 0;
}
