/** Counts without their zeros: made from what a file holds, and looked at row by row. */
import type { RawMatrix } from './matrix.ts';
import type { SparseCounts } from './types.ts';

/** Largest count that is kept. */
export const LARGEST_COUNT = 2 ** 32 - 1;

/**
 * Whole values in the smallest type that holds them; zeros that were stored are left out.
 * @param values whole, from 0 to `LARGEST_COUNT`, one an entry of `matrix`
 * @param keep new place of each column; −1 leaves it out. Ascending, so that rows stay in order
 */
export function sparseCounts(
  { rows, columns, starts, columnOf }: Omit<RawMatrix, 'values'>,
  values: ArrayLike<number>,
  keep?: { readonly places: Int32Array; readonly columns: number },
): SparseCounts {
  let [kept, largest] = [0, 0];
  for (let i = 0; i < columnOf.length; i++) {
    if (values[i] === 0 || (keep && keep.places[columnOf[i]] < 0)) continue;
    kept++;
    if (values[i] > largest) largest = values[i];
  }
  const width = keep?.columns ?? columns;
  const newStarts = new Uint32Array(rows + 1);
  const newColumns = width <= 2 ** 16 ? new Uint16Array(kept) : new Uint32Array(kept);
  const counts = largest < 2 ** 16 ? new Uint16Array(kept) : new Uint32Array(kept);
  let next = 0;
  for (let row = 0; row < rows; row++) {
    for (let i = starts[row]; i < starts[row + 1]; i++) {
      const column = keep ? keep.places[columnOf[i]] : columnOf[i];
      if (values[i] === 0 || column < 0) continue;
      newColumns[next] = column;
      counts[next++] = values[i];
    }
    newStarts[row + 1] = next;
  }
  return { rows, columns: width, starts: newStarts, columnOf: newColumns, counts };
}

/** Calls `row` for each cell in order with its genes and their counts: views, valid during the call. */
export function forEachRow(
  { rows, starts, columnOf, counts }: SparseCounts,
  row: (at: number, genes: Uint16Array | Uint32Array, counts: Uint16Array | Uint32Array) => void,
): void {
  for (let at = 0; at < rows; at++)
    row(at, columnOf.subarray(starts[at], starts[at + 1]), counts.subarray(starts[at], starts[at + 1]));
}

/**
 * Counts of the chosen genes alone, dense.
 * @param genes places of columns, none twice
 * @param cells places of rows; all without it
 * @returns [cells][genes], of 16 bits where the matrix is
 */
export function gatherCounts(
  matrix: SparseCounts,
  genes: readonly number[],
  cells?: readonly number[],
): Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  const { rows, columns, starts, columnOf, counts } = matrix;
  const place = new Int32Array(columns).fill(-1);
  for (const [at, gene] of genes.entries()) {
    if (!(gene >= 0 && gene < columns) || place[gene] >= 0)
      throw new RangeError(`gene ${gene} of ${columns} is none, or was chosen twice`);
    place[gene] = at;
  }
  const width = genes.length;
  const size = (cells?.length ?? rows) * width;
  const dense = counts instanceof Uint16Array ? new Uint16Array(size) : new Uint32Array(size);
  for (let at = 0; at < (cells?.length ?? rows); at++) {
    const row = cells ? cells[at] : at;
    for (let i = starts[row]; i < starts[row + 1]; i++) {
      const column = place[columnOf[i]];
      if (column >= 0) dense[at * width + column] = counts[i];
    }
  }
  return dense;
}

export interface GeneMoments {
  /** [genes] mean of log(1 + count) over all cells, zeros included. */
  readonly mean: Float64Array<ArrayBuffer>;
  /** [genes] variance, divided by cells − 1 (0 for a single cell). */
  readonly variance: Float64Array<ArrayBuffer>;
  /** [genes] cells with a count above zero. */
  readonly cells: Uint32Array<ArrayBuffer>;
}

/** Mean and variance of log1p counts of every gene, in one pass over what is stored. @param cells places of rows; all without it */
export function geneMoments(matrix: SparseCounts, cells?: readonly number[]): GeneMoments {
  const { rows, columns, starts, columnOf, counts } = matrix;
  // Welford's update over the cells that have the gene; the zeros of the others are merged in at the end (Chan et al. 1979).
  const mean = new Float64Array(columns);
  const squares = new Float64Array(columns);
  const seen = new Uint32Array(columns);
  const all = cells?.length ?? rows;
  for (let at = 0; at < all; at++) {
    const row = cells ? cells[at] : at;
    for (let i = starts[row]; i < starts[row + 1]; i++) {
      const gene = columnOf[i];
      const value = Math.log1p(counts[i]);
      const delta = value - mean[gene];
      mean[gene] += delta / ++seen[gene];
      squares[gene] += delta * (value - mean[gene]);
    }
  }
  const variance = new Float64Array(columns);
  for (let gene = 0; gene < columns; gene++) {
    if (all === 0) break;
    const share = seen[gene] / all;
    variance[gene] = all < 2 ? 0 : (squares[gene] + mean[gene] ** 2 * seen[gene] * (1 - share)) / (all - 1);
    mean[gene] *= share;
  }
  return { mean, variance, cells: seen };
}
