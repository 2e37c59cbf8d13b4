/** Counts as Cell Ranger's folders hold them: `matrix.mtx`, genes × cells, with `barcodes.tsv` and `features.tsv` (or `genes.tsv`), each packed or not. */
import { FileError } from '../file-error.ts';
import { wholeOf } from './inflate.ts';
import { readMatrixMarket, type Triplets } from './matrix-market.ts';
import { type Features, tenXTable } from './ten-x.ts';
import type { CountTable } from './types.ts';

/** A file and how it is called. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface MtxFiles {
  readonly matrix: NamedBytes;
  readonly barcodes?: NamedBytes;
  readonly features?: NamedBytes;
}

/** Names of a million cells or genes take less. */
const MAX_NAMES_BYTES = 256 * 1024 ** 2;

/** Without names genes and cells are numbered, and the table says so. @throws FileError, naming the file and the line */
export function readMtx({ matrix, barcodes, features }: MtxFiles): CountTable {
  const triplets = readMatrixMarket(matrix.name, matrix.bytes);
  const cellNames = barcodes && linesOf(barcodes).map((line) => line.split('\t')[0].trim());
  const named = features && featuresOf(features);
  const [genes, cells] = [named?.names.length ?? triplets.rows, cellNames?.length ?? triplets.columns];
  const fits = triplets.rows === genes && triplets.columns === cells;
  const turned =
    !fits && triplets.rows === (cellNames?.length ?? triplets.rows) && triplets.columns === named?.names.length;
  if (!fits && !turned)
    throw new FileError(
      matrix.name,
      `it is ${triplets.rows} × ${triplets.columns}, and there are ${named?.names.length ?? 'no'} features (${features?.name ?? 'no such file'}) and ${cellNames?.length ?? 'no'} barcodes (${barcodes?.name ?? 'no such file'})`,
      'Give the three files of one library together.',
    );
  const byCell = rowsOf(matrix.name, turned ? triplets : transposed(triplets));
  const warnings = [
    ...(turned ? [`${matrix.name} is cells × genes, as its names tell.`] : []),
    ...(named ? [] : ['No names of genes came with the matrix: its rows were taken for genes, and numbered.']),
    ...(cellNames ? [] : ['No barcodes came with the matrix: its cells were numbered.']),
  ];
  const table = tenXTable(
    byCell,
    byCell.values,
    named ?? { names: numbered('gene', byCell.columns) },
    cellNames ?? numbered('cell', byCell.rows),
    'mtx',
    'matrix.mtx',
    [],
    (what) => new FileError(matrix.name, what, 'Give the matrix of a gene expression library.'),
  );
  return { ...table, warnings: [...warnings, ...table.warnings] };
}

const numbered = (noun: string, count: number) => Array.from({ length: count }, (_, i) => `${noun}${i + 1}`);

const transposed = ({ rows, columns, rowOf, columnOf, values }: Triplets): Triplets => ({
  rows: columns,
  columns: rows,
  rowOf: columnOf,
  columnOf: rowOf,
  values,
});

/** Entries by row, and within a row by column: sorted by column first, then by row, each by counting. */
function rowsOf(name: string, { rows, columns, rowOf, columnOf, values }: Triplets) {
  const byColumn = order(columnOf, columns);
  const sorted = order(rowOf, rows, byColumn.places);
  const places = sorted.places;
  const newColumns = Uint32Array.from(places, (i) => columnOf[i]);
  for (let i = 1; i < places.length; i++) {
    if (newColumns[i] !== newColumns[i - 1] || rowOf[places[i]] !== rowOf[places[i - 1]]) continue;
    throw new FileError(
      name,
      `it has two values for cell ${rowOf[places[i]] + 1} and gene ${newColumns[i] + 1} (counted from 1)`,
      'Add them up first: counts.sum_duplicates() in SciPy, then write the file again.',
    );
  }
  return {
    rows,
    columns,
    starts: sorted.starts,
    columnOf: newColumns,
    values: Uint32Array.from(places, (i) => values[i]),
  };
}

/** Counting sort that keeps equal keys in the order of `among`. */
function order(keys: Uint32Array, below: number, among?: Uint32Array) {
  const starts = new Uint32Array(below + 1);
  for (const key of keys) starts[key + 1]++;
  for (let i = 0; i < below; i++) starts[i + 1] += starts[i];
  const next = starts.slice(0, below);
  const places = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const at = among ? among[i] : i;
    places[next[keys[at]]++] = at;
  }
  return { starts, places };
}

/** `features.tsv`: id, name, type; `genes.tsv`: id, name; one column alone is the name. */
function featuresOf(file: NamedBytes): Features {
  const rows = linesOf(file).map((line) => line.split('\t').map((cell) => cell.trim()));
  const names = rows.map((cells) => cells[1] || cells[0]);
  return rows.every((cells) => cells.length >= 3) ? { names, types: rows.map((cells) => cells[2]) } : { names };
}

function linesOf({ name, bytes }: NamedBytes): string[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(wholeOf(name, bytes, MAX_NAMES_BYTES));
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(name, 'its bytes are no UTF-8 text', 'Save the names as text in UTF-8.', { cause: error });
  }
  const lines = text.split(/\r\n|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
