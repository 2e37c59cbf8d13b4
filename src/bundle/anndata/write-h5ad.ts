/**
 * Writes AnnData files that anndata 0.8 and newer open, and scanpy with it: X as CSR in f32 (scanpy's functions expect floats), layers, obs, var
 * and uns. Layout: https://anndata.readthedocs.io/en/latest/fileformat-prose.html. Numbers are packed with gzip; text cannot be.
 */
import type { Dataset, File, Group } from '../hdf5.ts';
import { type CreatePacked, packedHdf5 } from '../hdf5-packed.ts';
import { BundleError } from '../types.ts';
import type { Column } from './types.ts';

export interface AnnDataFile {
  /** Unique. */
  readonly cellNames: readonly string[];
  /** Unique. */
  readonly genes: readonly string[];
  readonly obs: readonly Column[];
  /** Columns of `var`. */
  readonly genesOwn?: readonly Column[];
  /** Counts of `count` cells from `first` on, [cells][genes], always the same. */
  counts(first: number, count: number): Uint8Array | Uint16Array | Uint32Array;
  /** Further matrices of bytes by name, as `counts` gives its own: `layers/<name>`. */
  readonly layers?: Readonly<Record<string, (first: number, count: number) => Uint8Array>>;
  /** What `uns/<group>` holds besides. */
  readonly uns?: Readonly<Record<string, Readonly<Record<string, UnsValue>>>>;
  /** The time HDF5 notes, milliseconds since 1970: equal input gives equal bytes. */
  readonly timeMs: number;
}

export type UnsValue = string | number | readonly string[] | Float64Array | Int32Array;

export interface AnnDataSizes {
  /** Values that are packed together. */
  readonly together: number;
  /** What is not packed is handed on in pieces of at most this size. */
  readonly pieceBytes: number;
}

/** What a label that is missing is written as: text columns have no place for it. */
export const MISSING_LABEL = 'none';
/** Of axes without anything. */
const EMPTY = ['obsm', 'varm', 'obsp', 'varp'];
const MOST_ENTRIES = 2 ** 31 - 1;

/** The file in pieces, in order. @throws BundleError for names that are not unique, columns of another length, and more counts than places */
export async function* annDataPieces(file: AnnDataFile, sizes: AnnDataSizes): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  check(file);
  const x = new CountRows(file, sizes.together);
  yield* packedHdf5({
    timeMs: file.timeMs,
    pieceBytes: sizes.pieceBytes,
    write: (root, packed) => new Writer(file, sizes, packed).write(root, x),
  });
}

function check({ cellNames, genes, obs, genesOwn = [] }: AnnDataFile): void {
  for (const [what, names, columns] of [
    ['obs', cellNames, obs],
    ['var', genes, genesOwn],
  ] as const) {
    if (new Set(names).size !== names.length)
      throw new BundleError(`${what}: names are not unique; readers find rows by them.`);
    const taken = new Set(['_index']);
    for (const column of columns) {
      const length = column.kind === 'labels' ? column.codes.length : column.values.length;
      if (length !== names.length)
        throw new BundleError(`${what}/${column.name} has ${length} values, and there are ${names.length} names.`);
      if (taken.has(column.name) || column.name === '' || column.name.includes('/'))
        throw new BundleError(`${what}: "${column.name}" is taken or no name for a column.`);
      taken.add(column.name);
    }
  }
}

/** Rows of counts as CSR, found again by the place of an entry. */
class CountRows {
  readonly starts: Int32Array<ArrayBuffer>;
  readonly #file: AnnDataFile;

  constructor(file: AnnDataFile, together: number) {
    this.#file = file;
    const { cellNames, genes } = file;
    this.starts = new Int32Array(cellNames.length + 1);
    const rows = Math.max(1, Math.floor(together / Math.max(1, genes.length)));
    let entries = 0;
    for (let first = 0; first < cellNames.length; first += rows) {
      const count = Math.min(rows, cellNames.length - first);
      const some = file.counts(first, count);
      if (some.length !== count * genes.length)
        throw new BundleError(`X: ${some.length} counts came for ${count} cells of ${genes.length} genes.`);
      for (let cell = 0; cell < count; cell++) {
        for (let gene = 0; gene < genes.length; gene++) if (some[cell * genes.length + gene] !== 0) entries++;
        if (entries > MOST_ENTRIES)
          throw new BundleError(`X has more than ${MOST_ENTRIES} counts; export fewer cells.`);
        this.starts[first + cell + 1] = entries;
      }
    }
  }

  get entries(): number {
    return this.starts[this.starts.length - 1];
  }

  /** Calls `take` with gene and count of `count` entries from `first` on, numbered from 0. */
  #each(first: number, count: number, take: (at: number, gene: number, value: number) => void): void {
    const { starts } = this;
    const width = this.#file.genes.length;
    const row = this.#rowOf(first);
    const end = this.#rowOf(first + count - 1) + 1;
    const some = this.#file.counts(row, end - row);
    let entry = starts[row];
    for (let i = 0; i < some.length && entry < first + count; i++) {
      if (some[i] === 0) continue;
      if (entry >= first) take(entry - first, i % width, some[i]);
      entry++;
    }
  }

  /** Row of an entry: the last that starts at or before it. */
  #rowOf(entry: number): number {
    let [low, high] = [0, this.starts.length - 2];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= entry) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  data(first: number, count: number): Float32Array {
    const data = new Float32Array(count);
    this.#each(first, count, (at, _, value) => {
      data[at] = value;
    });
    return data;
  }

  indices(first: number, count: number): Int32Array {
    const indices = new Int32Array(count);
    this.#each(first, count, (at, gene) => {
      indices[at] = gene;
    });
    return indices;
  }
}

class Writer {
  readonly #file: AnnDataFile;
  readonly #sizes: AnnDataSizes;
  readonly #packed: CreatePacked;

  constructor(file: AnnDataFile, sizes: AnnDataSizes, packed: CreatePacked) {
    this.#file = file;
    this.#sizes = sizes;
    this.#packed = packed;
  }

  write(root: File, x: CountRows): void {
    const { cellNames, genes, obs, genesOwn = [], layers = {}, uns = {} } = this.#file;
    encode(root, 'anndata', '0.1.0');
    this.#frame(root, 'obs', cellNames, obs);
    this.#frame(root, 'var', genes, genesOwn);
    this.#sparse(root, x);
    const layerGroup = this.#dict(root, 'layers');
    for (const [name, rows] of Object.entries(layers)) this.#layer(layerGroup, name, rows);
    for (const name of EMPTY) this.#dict(root, name);
    const unsGroup = this.#dict(root, 'uns');
    for (const [name, values] of Object.entries(uns)) {
      const group = this.#dict(unsGroup, name);
      for (const [key, value] of Object.entries(values)) this.#value(group, key, value);
    }
  }

  #dict(parent: Group, name: string): Group {
    const group = parent.create_group(name, true);
    encode(group, 'dict', '0.1.0');
    return group;
  }

  #frame(root: Group, name: string, names: readonly string[], columns: readonly Column[]): void {
    const frame = root.create_group(name, true);
    encode(frame, 'dataframe', '0.2.0');
    frame.create_attribute('_index', '_index');
    const order = columns.map((column) => column.name);
    if (order.length > 0) frame.create_attribute('column-order', order, [order.length], 'S');
    // What anndata itself writes where there is none.
    else frame.create_attribute('column-order', new Float64Array(0), [0], '<d');
    this.#texts(frame, '_index', names);
    for (const column of columns) {
      if (column.kind === 'numbers') this.#numbers(frame, column.name, whole(column.values) ?? column.values);
      // As text: every version opens it, and scanpy makes categories of it. Their flag "ordered" cannot be written as 0.8 wants it.
      else this.#texts(frame, column.name, labelsOf(column));
    }
  }

  #sparse(root: Group, x: CountRows): void {
    const group = root.create_group('X', true);
    encode(group, 'csr_matrix', '0.1.0');
    const { cellNames, genes } = this.#file;
    group.create_attribute(
      'shape',
      BigInt64Array.of(BigInt(cellNames.length), BigInt(genes.length)) as never,
      [2],
      '<q',
    );
    const { entries } = x;
    this.#array(group, 'data', '<f', entries, (first, count) => x.data(first, count));
    this.#array(group, 'indices', '<i', entries, (first, count) => x.indices(first, count));
    this.#array(group, 'indptr', '<i', x.starts.length, (first, count) => x.starts.subarray(first, first + count));
  }

  #layer(layers: Group, name: string, values: (first: number, count: number) => Uint8Array): void {
    const { length: width } = this.#file.genes;
    const { length } = this.#file.cellNames;
    const together = Math.max(1, Math.floor(this.#sizes.together / Math.max(1, width)));
    const empty = length === 0 || width === 0;
    const dataset = empty
      ? layers.create_dataset({ name, data: new Uint8Array(0), shape: [length, width], dtype: '<B' })
      : this.#packed(layers, { name, length, width, dtype: '<B', together, values });
    encode(dataset, 'array', '0.2.0');
  }

  #numbers(group: Group, name: string, values: Float64Array | Int32Array): void {
    const dtype = values instanceof Int32Array ? '<i' : '<d';
    const dataset = this.#array(group, name, dtype, values.length, (first, count) =>
      values.subarray(first, first + count),
    );
    encode(dataset, 'array', '0.2.0');
  }

  #array(
    group: Group,
    name: string,
    dtype: '<f' | '<i' | '<d',
    length: number,
    values: (first: number, count: number) => Float32Array | Float64Array | Int32Array,
  ): Dataset {
    // Nothing cannot be packed.
    if (length === 0) return group.create_dataset({ name, data: new Float64Array(0), shape: [0], dtype });
    return this.#packed(group, { name, length, dtype, together: this.#sizes.together, values });
  }

  #texts(group: Group, name: string, texts: readonly string[]): void {
    encode(
      group.create_dataset({ name, data: [...texts], shape: [texts.length], dtype: 'S' }),
      'string-array',
      '0.2.0',
    );
  }

  #value(group: Group, name: string, value: UnsValue): void {
    if (typeof value === 'string')
      encode(group.create_dataset({ name, data: value, shape: [], dtype: 'S' }), 'string', '0.2.0');
    else if (typeof value === 'number')
      encode(
        group.create_dataset({ name, data: value, shape: [], dtype: isWord(value) ? '<i' : '<d' }),
        'numeric-scalar',
        '0.2.0',
      );
    else if (value instanceof Float64Array || value instanceof Int32Array) this.#numbers(group, name, value);
    else this.#texts(group, name, value as readonly string[]);
  }
}

function encode(of: Group | Dataset, type: string, version: string): void {
  of.create_attribute('encoding-type', type);
  of.create_attribute('encoding-version', version);
}

function labelsOf({ labels, codes }: Column & { kind: 'labels' }): string[] {
  return Array.from(codes, (code) => (code < 0 ? MISSING_LABEL : labels[code]));
}

/** Whole numbers of 32 bits, where all are. */
function whole(values: Float64Array): Int32Array | undefined {
  return values.every(isWord) ? Int32Array.from(values) : undefined;
}

/** A whole number of 32 bits. */
const isWord = (value: number) => Object.is(value | 0, value);
