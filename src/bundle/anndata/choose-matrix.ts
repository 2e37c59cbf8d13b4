/** Which matrix of an AnnData file holds counts: `layers/counts`, `raw/X`, `X`, in that order; else the first whose log1p can be undone. */
import type { FileError } from '../file-error.ts';
import type { FileChoices } from '../own-file.ts';
import type { Elements } from './elements.ts';
import { loadMatrix, type Nature, natureOf } from './load-matrix.ts';
import { type Located, locate, type RawMatrix } from './matrix.ts';
import { LARGEST_COUNT, sparseCounts } from './sparse-counts.ts';
import type { SparseCounts } from './types.ts';
import { LARGEST_LOG, type Undone, undoLog } from './undo-log.ts';

export interface ChosenMatrix {
  readonly path: string;
  readonly matrix: SparseCounts;
  readonly done: readonly string[];
  readonly warnings: readonly string[];
  /** Paths that may be named, the chosen one first. */
  readonly matrices: readonly string[];
}

/** Names of the genes of `X` and the layers, and of raw where there is one. */
export interface Sizes {
  readonly rows: number;
  readonly columns: number;
  readonly rawColumns: number | undefined;
}

const KEEP_COUNTS =
  'Keep the counts beside what is computed from them: adata.layers["counts"] = adata.X.copy() before normalising; then write the file again.';
const PREFERRED = 'layers/counts';

/** Where `raw/X` stands: before 0.7 the root has "raw.X". */
export function rawPath(file: Elements): string {
  return file.at('raw/X') || !file.at('raw.X') ? 'raw' : 'raw.';
}

/** @param wanted the path that the user names @throws FileError where no matrix holds counts, each with what it holds */
export function chooseMatrix(file: Elements, sizes: Sizes, wanted?: string): ChosenMatrix {
  const paths = matrixPaths(file);
  if (paths.length === 0)
    throw file.refusal(
      'it holds no matrix: X is missing, and there is neither raw/X nor a layer',
      'Write the file with its counts: adata.X = counts (cells × genes), then adata.write_h5ad(path).',
    );
  if (wanted !== undefined && !paths.includes(wanted))
    throw file.refusal(`there is no matrix ${wanted}`, `Name one of ${paths.join(', ')}.`, choicesOf(paths));
  const tried = wanted === undefined ? paths.filter(isTriedUnasked) : [wanted];
  if (tried.length === 0)
    throw file.refusal(
      `X is missing, and of the layers ${paths.join(', ')} none is called counts`,
      'Say which of them holds counts (matrix), or write the file again with X.',
      choicesOf(paths),
    );
  const looked = tried.map((path) => locatedAt(file, path, sizes));
  const natures: { readonly matrix: Located; readonly nature: Nature }[] = [];
  for (const matrix of looked) {
    const nature = natureOf(file, matrix);
    if (nature.kind === 'counts') return chosen(file, matrix, paths);
    natures.push({ matrix, nature });
  }
  const failures: string[] = [];
  for (const { matrix, nature } of natures) {
    if (nature.kind === 'fractions' && nature.largest < LARGEST_LOG) {
      const raw = loadMatrix(file, matrix);
      const undone = undoLog(raw, Math.log(baseOf(file)));
      if (!('failedAt' in undone)) return fromLogs(file, matrix, raw, undone, paths);
      failures.push(
        `${matrix.path} looks like logarithms, and undoing log1p gives no whole numbers (first in cell ${undone.failedAt}, counted from 0)`,
      );
    } else failures.push(words(matrix.path, nature));
  }
  throw noCounts(file, failures, paths);
}

const isTriedUnasked = (path: string) => path === PREFERRED || !path.startsWith('layers/');

/** In the order in which they are tried, then the other layers. */
function matrixPaths(file: Elements): string[] {
  const layers = file.names('layers').map((name) => `layers/${name}`);
  return [
    ...layers.filter((path) => path === PREFERRED),
    ...(file.at(`${rawPath(file)}${rawPath(file) === 'raw' ? '/' : ''}X`) ? ['raw/X'] : []),
    ...(file.at('X') ? ['X'] : []),
    ...layers.filter((path) => path !== PREFERRED),
  ];
}

function locatedAt(file: Elements, path: string, { rows, columns, rawColumns }: Sizes): Located {
  const raw = path === 'raw/X';
  const at = raw && rawPath(file) === 'raw.' ? 'raw.X' : path;
  return locate(file, path, at, rows, raw ? (rawColumns ?? columns) : columns)!;
}

function chosen(file: Elements, matrix: Located, paths: readonly string[]): ChosenMatrix {
  const raw = loadMatrix(file, matrix);
  for (const value of raw.values)
    if (value > LARGEST_COUNT)
      throw file.refusal(`${matrix.path} holds ${value}, and counts up to ${LARGEST_COUNT} are read`, KEEP_COUNTS);
  return { ...told(matrix, paths), matrix: sparseCounts(raw, raw.values), done: [], warnings: [] };
}

function fromLogs(
  file: Elements,
  matrix: Located,
  raw: RawMatrix,
  { values, multiples, sparse }: Undone,
  paths: readonly string[],
): ChosenMatrix {
  if (values.some((value) => value > LARGEST_COUNT))
    throw file.refusal(`${matrix.path} gives counts beyond ${LARGEST_COUNT} when log1p is undone`, KEEP_COUNTS);
  const warnings = [
    `${matrix.path} held logarithms: the smallest value of each cell was taken for one count, and all others came out whole.`,
    ...(multiples > 0
      ? [`In ${multiples} cells the smallest was taken for two to four counts, since only then all came out whole.`]
      : []),
    ...(sparse > 0
      ? [`${sparse} cells have fewer than ten genes: their smallest value may have been more than one count.`]
      : []),
  ];
  return { ...told(matrix, paths), matrix: sparseCounts(raw, values), done: ['log1p undone'], warnings };
}

function told({ path }: Located, paths: readonly string[]) {
  return { path, matrices: [path, ...paths.filter((each) => each !== path)] };
}

/** scanpy notes the base of its logarithms, where it is not e. */
function baseOf(file: Elements): number {
  const path = 'uns/log1p/base';
  const dataset = file.dataset(path);
  if (!dataset || file.isText(path)) return Math.E;
  const { value } = dataset;
  return typeof value === 'number' && value > 1 ? value : Math.E;
}

function words(path: string, nature: Nature): string {
  if (nature.kind === 'counts') return `${path} holds counts`;
  if (nature.kind === 'fractions')
    return `${path} holds fractions up to ${Number(nature.largest.toPrecision(6))}: neither counts nor their logarithms`;
  return nature.value < 0
    ? `${path} holds ${nature.value} (${nature.where}), so it was scaled or centred`
    : `${path} holds ${nature.value} (${nature.where})`;
}

function noCounts(file: Elements, failures: readonly string[], paths: readonly string[]): FileError {
  const others = paths.filter((path) => !isTriedUnasked(path));
  const advice =
    others.length > 0 ? `${KEEP_COUNTS} If one of ${others.join(', ')} holds counts, name it (matrix).` : KEEP_COUNTS;
  return file.refusal(`no counts: ${failures.join('; ')}`, advice, paths.length > 1 ? choicesOf(paths) : undefined);
}

export function choicesOf(paths: readonly string[]): FileChoices {
  return { matrix: paths.map((path) => ({ value: path, label: path })) };
}
