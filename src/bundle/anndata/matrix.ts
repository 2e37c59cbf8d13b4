/** Matrices of an AnnData file: dense, CSR and CSC, read in pieces; nothing dense is made of what is stored sparsely. */
import { defaultSizes } from '../../batch/sizes.ts';
import type { Elements, Numbers } from './elements.ts';

export interface Located {
  /** "X", "raw/X", "layers/counts"; as messages and users name it. */
  readonly path: string;
  /** The element itself; `path` except in files of before 0.7, where raw is "raw.X". */
  readonly at: string;
  readonly form: 'dense' | 'csr' | 'csc';
  readonly rows: number;
  readonly columns: number;
}

/** What was not zero, by row; within a row by column. */
export interface RawMatrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows + 1] */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly columnOf: Uint32Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

const GIVE_MATRIX = 'Write the file again with a matrix that NumPy or SciPy made (dense, CSR or CSC).';
/** Entries of one matrix: their places are 32-bit numbers, and memory is finite. */
const MAX_ENTRIES = 2 ** 30;

/** The matrix at a path; undefined where there is none. @param rows @param columns what obs and var say @throws FileError for a shape that is another */
export function locate(file: Elements, path: string, at: string, rows: number, columns: number): Located | undefined {
  const found = file.at(at);
  if (!found) return undefined;
  const sized = (form: Located['form'], shape: readonly unknown[]): Located => {
    if (shape.length === 2 && shape[0] === rows && shape[1] === columns) return { path, at, form, rows, columns };
    throw file.refusal(
      `${path} has the shape ${shape.join(' × ') || 'of a single value'}, and there are ${rows} cells and ${columns} genes`,
      'Write the file again; rows are cells (obs) and columns genes (var).',
    );
  };
  if ('filters' in found) return sized('dense', found.shape ?? []);
  const form = /^(cs[rc])(?:_matrix)?$/.exec(
    file.text(at, 'encoding-type') ?? file.text(at, 'h5sparse_format') ?? '',
  )?.[1];
  if (form !== 'csr' && form !== 'csc')
    throw file.refusal(
      `${path} is a group of the encoding ${file.text(at, 'encoding-type') ?? 'unknown'}, which is no matrix`,
      GIVE_MATRIX,
    );
  const shape = file.attribute(at, 'shape') ?? file.attribute(at, 'h5sparse_shape');
  return sized(form, Array.isArray(shape) ? shape : []);
}

/** Starts of rows (CSR) or columns (CSC), checked. */
export function startsOf(file: Elements, path: string, major: number, entries: number): Numbers {
  const starts = file.numbers(path);
  if (starts.length !== major + 1)
    throw file.refusal(`${path} has ${starts.length} values, and ${major + 1} are needed (one more than its rows)`);
  if (starts[0] !== 0) throw file.refusal(`${path} begins with ${starts[0]}, not 0`);
  for (let i = 0; i < major; i++) {
    if (starts[i + 1] >= starts[i]) continue;
    throw file.refusal(`${path} goes down from ${starts[i]} to ${starts[i + 1]} at ${i + 1} (counted from 0)`);
  }
  if (starts[major] !== entries)
    throw file.refusal(`${path} ends at ${starts[major]}, and there are ${entries} values`);
  return starts;
}

/** Entries of a sparse matrix: `data` and `indices` must be equally long. */
export function entriesOf(file: Elements, path: string): number {
  const [entries] = file.array(`${path}/data`).shape;
  const [indices] = file.array(`${path}/indices`).shape;
  if (indices !== entries) throw file.refusal(`${path}/indices has ${indices} values, and ${path}/data has ${entries}`);
  if (entries > MAX_ENTRIES)
    throw file.refusal(
      `${path} has ${entries} values, and at most ${MAX_ENTRIES} are read`,
      'Give a part of the cells.',
    );
  return entries;
}

/** All of an array of one axis, in order, in pieces. */
export function* piecesOf(
  file: Elements,
  path: string,
): Generator<{ readonly from: number; readonly values: Numbers }> {
  const { dataset, shape } = file.array(path);
  const step = stepOf(defaultSizes['bundle.readBytes'] / dataset.metadata.size, dataset.metadata.chunks?.[0]);
  for (let from = 0; from < shape[0]; from += step)
    yield { from, values: file.numbers(path, [[from, Math.min(from + step, shape[0])]]) };
}

/** All of a matrix of two axes, some rows at a time. */
export function* rowsOf(file: Elements, path: string): Generator<{ readonly from: number; readonly values: Numbers }> {
  const { dataset, shape } = file.array(path, 2);
  if (shape[1] === 0) return;
  const step = stepOf(
    defaultSizes['bundle.readBytes'] / (dataset.metadata.size * shape[1]),
    dataset.metadata.chunks?.[0],
  );
  for (let from = 0; from < shape[0]; from += step)
    yield {
      from,
      values: file.numbers(path, [
        [from, Math.min(from + step, shape[0])],
        [0, shape[1]],
      ]),
    };
}

/** About as many as wanted, of chunks of the file whole ones: each is unpacked once then. */
function stepOf(wanted: number, together = 1): number {
  const least = Math.max(1, Math.floor(wanted));
  return together > 16 * least ? least : Math.max(1, Math.floor(least / together)) * together;
}
