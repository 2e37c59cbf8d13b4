/** Products of matrices that lie row by row, in f64. */
import { StatsInputError } from '../errors.ts';

/** a [rows][inner] times b [inner][columns]. */
export function product(a: Float64Array, b: Float64Array, inner: number): Float64Array<ArrayBuffer> {
  const [rows, columns] = [a.length / inner, b.length / inner];
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    const row = out.subarray(r * columns, (r + 1) * columns);
    for (let k = 0; k < inner; k++) {
      const weight = a[r * inner + k];
      if (weight === 0) continue;
      const from = k * columns;
      for (let c = 0; c < columns; c++) row[c] += weight * b[from + c];
    }
  }
  return out;
}

/** a [rows][inner] times the transpose of b [columns][inner]. */
export function productTransposed(a: Float64Array, b: Float64Array, inner: number): Float64Array<ArrayBuffer> {
  const [rows, columns] = [a.length / inner, b.length / inner];
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[r * inner + k] * b[c * inner + k];
      out[r * columns + c] = sum;
    }
  }
  return out;
}

/** Inner products of n rows of d numbers, [n][n]. */
export function gramMatrix(x: Float64Array, n: number): Float64Array<ArrayBuffer> {
  if (n < 1 || x.length % n !== 0) throw new StatsInputError(`${x.length} numbers are not ${n} rows of equal length`);
  const d = x.length / n;
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += x[i * d + k] * x[j * d + k];
      gram[i * n + j] = sum;
      gram[j * n + i] = sum;
    }
  }
  return gram;
}

/** Inner products of the rows less their mean, from those of the rows: J K J with J = I − 1 1ᵀ / n. */
export function centredGram(gram: Float64Array, n: number): Float64Array<ArrayBuffer> {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) means[i] += gram[i * n + j] / n;
  const whole = means.reduce((sum, mean) => sum + mean / n, 0);
  return gram.map((value, at) => value - means[Math.floor(at / n)] - means[at % n] + whole);
}

/** Sum of rows [n][d], each times its weight. */
export function combineRows(x: ArrayLike<number>, weights: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const d = x.length / weights.length;
  const out = new Float64Array(d);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i];
    if (weight !== 0) for (let k = 0; k < d; k++) out[k] += weight * x[i * d + k];
  }
  return out;
}

/** Inner product of every row [n][d] with a vector. */
export function projections(x: ArrayLike<number>, vector: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const d = vector.length;
  if (d < 1 || x.length % d !== 0) throw new StatsInputError(`rows of ${d} numbers do not fit ${x.length} numbers`);
  return Float64Array.from({ length: x.length / d }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += x[i * d + k] * vector[k];
    return sum;
  });
}

/** Euclidean length. */
export function norm(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < vector.length; k++) sum += vector[k] * vector[k];
  return Math.sqrt(sum);
}
