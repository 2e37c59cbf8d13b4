import { expect, test } from 'vitest';
import { DENSE, sparseOf } from '../test-support/anndata.ts';
import { uniqueNames } from './names.ts';
import { forEachRow, gatherCounts, geneMoments, sparseCounts } from './sparse-counts.ts';
import { undoLog } from './undo-log.ts';

const { data, indices, indptr } = sparseOf(DENSE);
const raw = {
  rows: 6,
  columns: 4,
  starts: Uint32Array.from(indptr),
  columnOf: Uint32Array.from(indices),
  values: Float64Array.from(data),
};
const matrix = sparseCounts(raw, data);

test('mean and variance of log1p counts are those of the dense matrix, of all cells and of some', () => {
  for (const cells of [undefined, [5, 0, 2], [3, 1]]) {
    const { mean, variance, cells: seen } = geneMoments(matrix, cells);
    const rows = (cells ?? [...DENSE.keys()]).map((row) => DENSE[row].map(Math.log1p));
    for (let gene = 0; gene < 4; gene++) {
      const values = rows.map((row) => row[gene]);
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const spread = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1);
      expect(mean[gene]).toBeCloseTo(average, 13);
      expect(variance[gene]).toBeCloseTo(spread, 12);
      expect(seen[gene]).toBe(values.filter((value) => value > 0).length);
    }
  }
  expect([...geneMoments(matrix, [2]).variance]).toEqual([0, 0, 0, 0]);
});

test('chosen genes of chosen cells, in the order that was asked for', () => {
  expect([...gatherCounts(matrix, [3, 0], [5, 0])]).toEqual([2, 5, 1, 0]);
  expect([...gatherCounts(matrix, [2])]).toEqual([0, 0, 260, 0, 0, 1]);
  for (const genes of [[4], [-1], [1, 1]])
    expect(() => gatherCounts(matrix, genes)).toThrow('is none, or was chosen twice');
});

test('rows are handed on one by one', () => {
  const told: number[][] = [];
  forEachRow(matrix, (at, genes, counts) => told.push([at, ...genes, ...counts]));
  expect(told).toEqual([
    [0, 1, 3, 3, 1],
    [1, 0, 2],
    [2, 0, 2, 1, 260],
    [3],
    [4, 1, 3, 1, 70_000],
    [5, 0, 2, 3, 5, 1, 2],
  ]);
});

test('columns that are left out move the others up', () => {
  const kept = sparseCounts(raw, data, { places: Int32Array.of(-1, 0, -1, 1), columns: 2 });
  expect([...gatherCounts(kept, [0, 1])]).toEqual(DENSE.flatMap((row) => [row[1], row[3]]));
});

test('names that are taken by others are passed over', () => {
  expect(uniqueNames(['a', 'a', 'b', 'a-1', 'a', 'b']).names).toEqual(['a', 'a-2', 'b', 'a-1', 'a-3', 'b-1']);
});

test('logarithms: the smallest is one count, or a few where only then all are whole; else nothing is made up', () => {
  const logs = (counts: number[], base = Math.E) => ({
    ...raw,
    rows: 1,
    starts: Uint32Array.of(0, counts.length),
    values: Float32Array.from(counts, (count) => Math.log1p((count * 1e4) / 333) / Math.log(base)),
  });
  expect(undoLog(logs([1, 2, 7, 5000]))).toMatchObject({
    values: Float64Array.of(1, 2, 7, 5000),
    multiples: 0,
    sparse: 1,
  });
  expect(undoLog(logs([2, 3, 5]))).toMatchObject({ values: Float64Array.of(2, 3, 5), multiples: 1 });
  expect(undoLog(logs([1, 9, 31], 2), Math.LN2)).toMatchObject({ values: Float64Array.of(1, 9, 31) });
  expect(undoLog(logs([1, 1.37, 2.51]))).toEqual({ failedAt: 0 });
  // Of another base than was said.
  expect(undoLog(logs([1, 9, 31], 2))).toEqual({ failedAt: 0 });
});
