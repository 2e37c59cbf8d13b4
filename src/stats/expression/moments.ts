/** Means and covariances of genes over cells, [cells][genes] flattened. */
import { integerProducts, largestInteger } from '../two-sample/integer-products.ts';
import { countPoints, type Points } from '../two-sample/points.ts';

export interface GeneMoments {
  readonly cells: number;
  readonly mean: Float64Array;
  /** Symmetric genes × genes, cells − 1 in the denominator (NumPy's cov). */
  readonly covariance: Float64Array;
}

/** Sums of products of whole numbers are exact below this. */
const EXACT = 2 ** 24;

/** @throws StatsInputError for fewer than two cells */
export function geneMoments(cells: Points): GeneMoments {
  const n = countPoints(cells, 'cells', 2);
  const { dim } = cells;
  const mean = geneMeans(cells);
  const largest = largestInteger(cells);
  // Of whole numbers the products are summed uncentred: all sums are exact, so that nothing is lost when the means are taken off.
  if (largest !== undefined && largest * largest < EXACT) {
    const products = wholeProducts(cells, Math.max(1, Math.floor((EXACT - 1) / Math.max(1, largest * largest))));
    for (let a = 0; a < dim; a++) {
      for (let b = 0; b < dim; b++) products[a * dim + b] = (products[a * dim + b] - n * mean[a] * mean[b]) / (n - 1);
    }
    return { cells: n, mean, covariance: products };
  }
  const covariance = new Float64Array(dim * dim);
  const centred = new Float64Array(dim);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < dim; a++) centred[a] = cells.values[i * dim + a] - mean[a];
    for (let a = 0; a < dim; a++) {
      const x = centred[a];
      for (let b = 0; b <= a; b++) covariance[a * dim + b] += x * centred[b];
    }
  }
  for (let a = 0; a < dim; a++) {
    for (let b = 0; b <= a; b++) {
      covariance[a * dim + b] /= n - 1;
      covariance[b * dim + a] = covariance[a * dim + b];
    }
  }
  return { cells: n, mean, covariance };
}

/** Mean of each gene. */
export function geneMeans({ values, dim }: Points): Float64Array {
  const mean = new Float64Array(dim);
  const n = values.length / dim;
  for (let i = 0; i < n; i++) for (let a = 0; a < dim; a++) mean[a] += values[i * dim + a];
  return mean.map((sum) => sum / n);
}

/** Σ over cells of x_a x_b, exactly: in parts of `most` cells, whose sums f32 holds. */
function wholeProducts({ values, dim }: Points, most: number): Float64Array {
  const n = values.length / dim;
  const out = new Float64Array(dim * dim);
  const part = Math.min(n, most);
  for (let from = 0; from < n; from += part) {
    const count = Math.min(part, n - from);
    const genes = new Float32Array(dim * count);
    for (let i = 0; i < count; i++) for (let a = 0; a < dim; a++) genes[a * count + i] = values[(from + i) * dim + a];
    const points = { values: genes, dim: count };
    for (const { row, rows, column, columns, values: sums, stride } of integerProducts(points, points)) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) out[(row + i) * dim + column + j] += sums[i * stride + j];
      }
    }
  }
  return out;
}
