/** Tables of true values brought by the user: CSV, numbers only. */
import { FileError } from './file-error.ts';
import { sha256Of } from './sha256.ts';
import { listed, readTable, type Table, type TableRow } from './table.ts';

/** A table: one record a row, numbers only; a cell without a number leaves its key out. */
export interface TruthTable {
  readonly name: string;
  readonly sha256: string;
  /** By names in small letters. `index` is the row's number from 0, by whichever column numbers the rows. */
  readonly rows: readonly Readonly<Record<string, number>>[];
  /** Columns of the file that nothing reads. */
  readonly unused?: readonly string[];
  /** What was recognised in the file, in words. */
  readonly told?: readonly string[];
}

/** How messages speak of a table. */
export interface TruthWords {
  /** A header line, as an example. */
  readonly header: string;
  /** What has a row each. */
  readonly item: string;
}

const PLAIN: TruthWords = { header: 'a,b,seed', item: 'item' };

/**
 * Decodes a table: names of columns, then a row of numbers an item.
 * @param understood whether a column (in small letters) means something; others are named and left out
 * @throws FileError for bytes that are no text, a cell that is no finite number, a table without names of columns or without rows.
 */
export async function loadTruth(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  words: TruthWords = PLAIN,
  understood: (column: string) => boolean = () => true,
): Promise<TruthTable> {
  const table = readTable(name, bytes);
  const { names, rows, told, number } = table;
  if (!names)
    throw withoutNames(
      name,
      rows[0].cells,
      rows[0].cells.some((cell) => number(cell) !== null),
      words,
    );
  if (rows.length === 0) {
    throw new FileError(name, 'the table has a header but no rows', `Give one row for every ${words.item}.`);
  }
  const keys = names.map((each) => each.toLowerCase());
  const used = keys.flatMap((key, at) => (key !== '' && (key === 'index' || understood(key)) ? [at] : []));
  const records = rows.map((row) => recordOf(name, { ...table, names }, row, used));
  const unused = names.filter((_, at) => !used.includes(at));
  const unknown = records.filter((record) => Object.keys(record).every((key) => key === 'index')).length;
  return {
    name,
    sha256: await sha256Of(bytes),
    rows: records,
    ...(unused.length > 0 && { unused }),
    told: [
      `with ${listed(used.map((at) => keys[at])) || 'no column that is known here'}`,
      ...(unused.length > 0 ? [`not used: ${listed(unused)}`] : []),
      ...(unknown > 0 && used.length > 0 ? [`${unknown} of them without a value`] : []),
      ...told,
    ],
  };
}

function recordOf(
  file: string,
  { names, number }: Table & { readonly names: readonly string[] },
  { line, index, cells }: TableRow,
  used: readonly number[],
): Record<string, number> {
  const record = used.flatMap((at): [string, number][] => {
    const value = number(cells[at]);
    if (value === undefined)
      throw new FileError(
        file,
        `line ${line}, column ${names[at]}: "${cells[at].slice(0, 40)}" is no finite number`,
        'Keep numbers only; leave a cell empty where nothing is known.',
      );
    return value === null ? [] : [[names[at].toLowerCase(), value]];
  });
  // As own fields, whatever their names are.
  return Object.fromEntries([...(index === undefined ? [] : [['index', index] as const]), ...record]);
}

function withoutNames(file: string, cells: readonly string[], hold: boolean, { header }: TruthWords): FileError {
  const first = `the first line, "${cells.join(',').slice(0, 60)}",`;
  return new FileError(
    file,
    hold ? `${first} holds numbers where names of columns are expected` : `${first} names no columns`,
    `Put a header line on top, for example: ${header}`,
  );
}
