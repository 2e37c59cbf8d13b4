/** A matrix of an AnnData file as rows without zeros, in order, and what kind of numbers it holds. */
import type { Elements, Numbers } from './elements.ts';
import { entriesOf, type Located, piecesOf, type RawMatrix, rowsOf, startsOf } from './matrix.ts';

/** What a matrix holds, as far as it matters for what it is. */
export type Nature =
  | { readonly kind: 'counts' }
  /** Not negative, and some are no whole numbers. */
  | { readonly kind: 'fractions'; readonly largest: number }
  /** A value that no count and no logarithm of one can be. */
  | { readonly kind: 'other'; readonly value: number; readonly where: string };

/** Looks through all values, up to the first that no count can be and no logarithm of one. */
export function natureOf(file: Elements, matrix: Located): Nature {
  const dense = matrix.form === 'dense';
  let largest = 0;
  let whole = true;
  for (const { from, values } of dense ? rowsOf(file, matrix.at) : piecesOf(file, `${matrix.at}/data`)) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
        const where = dense
          ? `cell ${from + Math.floor(i / matrix.columns)}, gene ${i % matrix.columns}, counted from 0`
          : `data[${from + i}]`;
        return { kind: 'other', value, where };
      }
      if (value > largest) largest = value;
      whole &&= Number.isInteger(value);
    }
  }
  return whole ? { kind: 'counts' } : { kind: 'fractions', largest };
}

/** @throws FileError for places that are out of range, or that a row has twice */
export function loadMatrix(file: Elements, matrix: Located): RawMatrix {
  if (matrix.form === 'dense') return loadDense(file, matrix);
  const { at, rows, columns } = matrix;
  const entries = entriesOf(file, at);
  return matrix.form === 'csr'
    ? loadRows(file, matrix, Uint32Array.from(startsOf(file, `${at}/indptr`, rows, entries)))
    : loadColumns(file, matrix, startsOf(file, `${at}/indptr`, columns, entries));
}

/** Whole numbers beyond 2²⁴ are not exact in 32-bit floats. */
function room(file: Elements, path: string, axes: number, entries: number): RawMatrix['values'] {
  const { type, size } = file.array(path, axes).dataset.metadata;
  return size === 8 || (type === 0 && size === 4) ? new Float64Array(entries) : new Float32Array(entries);
}

function loadDense(file: Elements, { at, path, rows, columns }: Located): RawMatrix {
  const starts = new Uint32Array(rows + 1);
  for (const { from, values } of rowsOf(file, at))
    for (let i = 0; i < values.length; i++) if (values[i] !== 0) starts[from + Math.floor(i / columns) + 1]++;
  let entries = 0;
  for (let row = 0; row < rows; row++) {
    entries += starts[row + 1];
    starts[row + 1] = entries;
  }
  if (entries >= 2 ** 31)
    throw file.refusal(`${path} has ${entries} values that are not zero`, 'Give a part of the cells.');
  const columnOf = new Uint32Array(entries);
  const kept = room(file, at, 2, entries);
  let next = 0;
  for (const { values } of rowsOf(file, at))
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) continue;
      columnOf[next] = i % columns;
      kept[next++] = values[i];
    }
  return { rows, columns, starts, columnOf, values: kept };
}

function loadRows(file: Elements, { at, rows, columns }: Located, starts: Uint32Array<ArrayBuffer>): RawMatrix {
  const entries = starts[rows];
  const values = room(file, `${at}/data`, 1, entries);
  for (const { from, values: some } of piecesOf(file, `${at}/data`)) values.set(some, from);
  const columnOf = new Uint32Array(entries);
  for (const { from, values: some } of piecesOf(file, `${at}/indices`)) {
    requirePlaces(file, `${at}/indices`, from, some, columns);
    columnOf.set(some, from);
  }
  const matrix = { rows, columns, starts, columnOf, values };
  sortRows(file, at, matrix);
  return matrix;
}

/** Columns one after the other, each entry put behind those that its row has already: so rows come out in order of columns. */
function loadColumns(file: Elements, { at, rows, columns }: Located, ends: Numbers): RawMatrix {
  const entries = ends[columns];
  const starts = new Uint32Array(rows + 1);
  for (const { from, values: some } of piecesOf(file, `${at}/indices`)) {
    requirePlaces(file, `${at}/indices`, from, some, rows);
    for (let i = 0; i < some.length; i++) starts[some[i] + 1]++;
  }
  for (let row = 0; row < rows; row++) starts[row + 1] += starts[row];
  const next = starts.slice(0, rows);
  const place = new Uint32Array(entries);
  const columnOf = new Uint32Array(entries);
  let column = 0;
  for (const { from, values: some } of piecesOf(file, `${at}/indices`))
    for (let i = 0; i < some.length; i++) {
      while (from + i >= ends[column + 1]) column++;
      place[from + i] = next[some[i]]++;
      columnOf[place[from + i]] = column;
    }
  const values = room(file, `${at}/data`, 1, entries);
  for (const { from, values: some } of piecesOf(file, `${at}/data`))
    for (let i = 0; i < some.length; i++) values[place[from + i]] = some[i];
  const matrix = { rows, columns, starts, columnOf, values };
  sortRows(file, at, matrix);
  return matrix;
}

export function requirePlaces(file: Elements, path: string, from: number, places: Numbers, below: number): void {
  for (let i = 0; i < places.length; i++) {
    const place = places[i];
    if (place >= 0 && place < below && Number.isInteger(place)) continue;
    throw file.refusal(`${path} holds ${place} at ${from + i} (counted from 0), and ${below} is the end`);
  }
}

/** Puts each row in order of its columns. @throws FileError where one has a column twice */
export function sortRows(file: Elements, path: string, { rows, starts, columnOf, values }: RawMatrix): void {
  for (let row = 0; row < rows; row++) {
    const [begin, end] = [starts[row], starts[row + 1]];
    let sorted = true;
    for (let i = begin + 1; i < end; i++) sorted &&= columnOf[i] > columnOf[i - 1];
    if (sorted) continue;
    const order = Array.from({ length: end - begin }, (_, i) => begin + i).sort((a, b) => columnOf[a] - columnOf[b]);
    const [places, moved] = [order.map((i) => columnOf[i]), order.map((i) => values[i])];
    const twice = places.findIndex((place, i) => i > 0 && place === places[i - 1]);
    if (twice >= 0)
      throw file.refusal(
        `${path} has two values for cell ${row} and gene ${places[twice]} (counted from 0)`,
        'Add them up first: adata.X.sum_duplicates() in Python, then write the file again.',
      );
    columnOf.set(places, begin);
    values.set(moved, begin);
  }
}
