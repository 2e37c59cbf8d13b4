import { requireSameLength, StatsInputError } from './errors.ts';

export interface Moments {
  readonly mean: Float64Array;
  /** Symmetric d × d, row-major, S − 1 in the denominator. */
  readonly covariance: Float64Array;
}

/** Mean and covariance of d columns of S draws each. NaN draws make the entries of their column NaN. */
export function covariance(columns: readonly ArrayLike<number>[]): Moments {
  if (columns.length === 0) throw new StatsInputError('columns is empty; pass one array of draws a parameter');
  const d = columns.length;
  const size = columns[0].length;
  const mean = new Float64Array(d);
  const matrix = new Float64Array(d * d);
  for (let a = 0; a < d; a++) {
    requireSameLength(columns[0], columns[a], `columns 0 and ${a}`);
    for (let i = 0; i < size; i++) mean[a] += columns[a][i];
    mean[a] /= size;
  }
  for (let a = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) {
      const [x, y] = [columns[a], columns[b]];
      const [meanX, meanY] = [mean[a], mean[b]];
      let sum = 0;
      for (let i = 0; i < size; i++) sum += (x[i] - meanX) * (y[i] - meanY);
      matrix[a * d + b] = sum / (size - 1);
      matrix[b * d + a] = matrix[a * d + b];
    }
  }
  return { mean, covariance: matrix };
}

/** Correlation matrix of a covariance matrix, row-major d × d; NaN in rows of a parameter that does not vary. */
export function correlation(matrix: Float64Array): Float64Array {
  const d = Math.round(Math.sqrt(matrix.length));
  return matrix.map((v, k) => {
    const [a, b] = [Math.floor(k / d), k % d];
    return v / Math.sqrt(matrix[a * d + a] * matrix[b * d + b]);
  });
}
