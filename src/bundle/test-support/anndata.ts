/** Small AnnData files for tests, written with h5wasm: the whole of one, or one with something else in a place. */
import { type Dataset, type File, type Group, writeHdf5 } from '../hdf5.ts';

type Array1 = Int8Array | Uint8Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

const DTYPES: Readonly<Record<string, string>> = {
  Int8Array: '<b',
  Uint8Array: '<B',
  Int32Array: '<i',
  BigInt64Array: '<q',
  Float32Array: '<f',
  Float64Array: '<d',
};

/** Six cells × four genes; cell 3 has nothing. */
export const DENSE: readonly (readonly number[])[] = [
  [0, 3, 0, 1],
  [2, 0, 0, 0],
  [1, 0, 260, 0],
  [0, 0, 0, 0],
  [0, 1, 0, 70_000],
  [5, 0, 1, 2],
];
export const GENES = ['A', 'B', 'Γ', 'D'];
export const CELLS = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'];

export function encode(of: Group | Dataset, type: string, version: string): void {
  of.create_attribute('encoding-type', type);
  of.create_attribute('encoding-version', version);
}

export function put(group: Group, name: string, data: Array1, shape: readonly number[] = [data.length]): Dataset {
  return group.create_dataset({ name, data, shape: [...shape], dtype: DTYPES[data.constructor.name] });
}

export function putTexts(group: Group, name: string, texts: readonly string[]): Dataset {
  return group.create_dataset({ name, data: [...texts], shape: [texts.length], dtype: 'S' });
}

export interface Sparse {
  readonly data: number[];
  readonly indices: number[];
  readonly indptr: number[];
}

/** CSR of rows; CSC of the transposed ones. */
export function sparseOf(rows: readonly (readonly number[])[]): Sparse {
  const sparse: Sparse = { data: [], indices: [], indptr: [0] };
  for (const row of rows) {
    for (const [at, value] of row.entries()) {
      if (value === 0) continue;
      sparse.data.push(value);
      sparse.indices.push(at);
    }
    sparse.indptr.push(sparse.data.length);
  }
  return sparse;
}

export const transposed = (rows: readonly (readonly number[])[]) => rows[0].map((_, i) => rows.map((row) => row[i]));

export function putSparse(
  group: Group,
  name: string,
  { data, indices, indptr }: Sparse,
  { form = 'csr', shape = [6, 4], wide = false }: { form?: 'csr' | 'csc'; shape?: number[]; wide?: boolean } = {},
): void {
  const matrix = group.create_group(name);
  encode(matrix, `${form}_matrix`, '0.1.0');
  matrix.create_attribute('shape', shape.map(BigInt) as never, [2], '<q');
  const places = (values: number[]) => (wide ? BigInt64Array.from(values, BigInt) : Int32Array.from(values));
  put(matrix, 'data', wide ? BigInt64Array.from(data, BigInt) : Float32Array.from(data));
  put(matrix, 'indices', places(indices));
  put(matrix, 'indptr', places(indptr));
}

/** The group of a dataframe with its names; columns are for the caller. */
export function putFrame(file: Group, name: string, names: readonly string[], columns: readonly string[] = []): Group {
  const frame = file.create_group(name);
  encode(frame, 'dataframe', '0.2.0');
  frame.create_attribute('_index', '_index');
  if (columns.length > 0) frame.create_attribute('column-order', [...columns], [columns.length], 'S');
  else frame.create_attribute('column-order', new Float64Array(0), [0], '<d');
  putTexts(frame, '_index', names);
  return frame;
}

/** @param more what it holds besides `obs` and `var` of six cells and four genes; given those two, none are made */
export function annData(more: (file: File) => void, frames = true): Promise<Uint8Array<ArrayBuffer>> {
  return writeHdf5(0, (file) => {
    encode(file, 'anndata', '0.1.0');
    if (frames) {
      putFrame(file, 'obs', CELLS);
      putFrame(file, 'var', GENES);
    }
    more(file);
  });
}
