/**
 * A table of numbers somebody gave, read by one rule whatever it is for: which line names the columns, which column numbers the rows,
 * which cells are numbers and which say that there is none. What was recognised is told; what is not understood is refused by line.
 */
import { FileError } from './file-error.ts';
import { readTableText, type TableLine } from './table-text.ts';

export interface Table {
  /** Names of the columns as they stand there, without those that number the rows; absent where no line names them. */
  readonly names?: readonly string[];
  readonly rows: readonly TableRow[];
  /** Number of columns. */
  readonly columns: number;
  /** What was recognised, in words. */
  readonly told: readonly string[];
  /** The number of a cell: undefined for other text, null for a cell that says that there is none. */
  number(cell: string): number | null | undefined;
}

export interface TableRow extends TableLine {
  /** Its number by the table's own column of numbers, counted from 0; absent where the table has none. */
  readonly index?: number;
}

type ReadNumber = Table['number'];

/** Nothing, and what tables write where there is no number. */
const MISSING = /^(|nan|-nan|na|n\/a|null|none|nil|--)$/i;
/** Decimal: JavaScript's own reading takes hexadecimal and white space for numbers too. */
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;
/** Columns that number rows, best first: pandas leaves its own without a name. */
const INDEX_NAMES = ['index', 'id', 'unnamed: 0', ''];
/** Names of columns that are told at most. */
const MOST_NAMES = 8;

/**
 * Reads a table.
 * @throws FileError for what is no text, for rows of unequal length, for a first line that may be either names or numbers
 */
export function readTable(file: string, bytes: Uint8Array): Table {
  const text = readTableText(file, bytes);
  const { comment } = text;
  const number: ReadNumber = (cell) => numberOf(cell, text.decimalComma);
  const columns = text.lines[0].cells.length;
  const lines = columns === 1 ? withEmptyLines(text.lines, text.empty) : text.lines;
  const commented = comment?.cells.length === columns && comment.cells.every((name) => !NUMBER.test(name));
  const [first, ...below] = lines;
  const headed = isHeader(file, first, below, number);
  const named = headed ? first : commented ? comment : undefined;
  const rows = headed ? below : lines;
  const ragged = rows.find(({ cells }) => cells.length !== columns);
  if (ragged)
    throw new FileError(
      file,
      `line ${ragged.line} has ${ragged.cells.length} numbers, and the first has ${columns}`,
      'Give every line as many numbers.',
    );
  if (!named) return { rows, columns, told: text.told, number };
  const numbered = named.cells.some((name) => NUMBER.test(name));
  const told = [`line ${named.line}${numbered ? ', whole numbers from 0,' : ''} names the columns`, ...text.told];
  return withNames(file, named, { rows, columns, told, number });
}

/** In a table of one column, a line without anything is a row without a number. */
function withEmptyLines(lines: readonly TableLine[], empty: readonly number[]): TableLine[] {
  const [first, last] = [lines[0].line, lines[lines.length - 1].line];
  const missing = empty.filter((line) => line > first && line < last).map((line) => ({ line, cells: [''] }));
  return [...lines, ...missing].sort((a, b) => a.line - b.line);
}

/** The words of a list of names, not longer than a line. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => (name === '' ? '(without a name)' : name.slice(0, 40)));
  return names.length > MOST_NAMES ? `${shown.join(', ')} and ${names.length - MOST_NAMES} more` : shown.join(', ');
}

function numberOf(cell: string, decimalComma: boolean): ReturnType<ReadNumber> {
  if (MISSING.test(cell)) return null;
  const plain = decimalComma ? cell.replace(',', '.') : cell;
  const number = NUMBER.test(plain) ? Number(plain) : undefined;
  return Number.isFinite(number) ? number : undefined;
}

/**
 * Whether the first line names columns: no number on it and at least one word; or the whole numbers from 0 that pandas gives columns
 * without names, where every number below has a point.
 */
function isHeader(file: string, { line, cells }: TableLine, below: readonly TableLine[], number: ReadNumber): boolean {
  const isNumber = (cell: string) => typeof number(cell) === 'number';
  const numbers = cells.filter(isNumber);
  if (numbers.length === 0) return cells.some((cell) => number(cell) === undefined);
  if (below.length === 0 || numbers.some((cell, i) => cell !== String(i))) return false;
  // `,0,1` or `id,0,1`: pandas with its index.
  const afterIndex = numbers.length === cells.length - 1 && !isNumber(cells[0]);
  if (afterIndex) return INDEX_NAMES.includes(cells[0].toLowerCase());
  if (numbers.length < cells.length) return false;
  const pointed = below.every((row) => row.cells.every((cell) => !isNumber(cell) || /[.,eE]/.test(cell)));
  // A single 0 is as good a number as a name; several from 0 on are names, unless all numbers are whole.
  const several = cells.length > 1;
  if (several === pointed) return several;
  throw new FileError(
    file,
    `line ${line}, "${cells.join(',').slice(0, 60)}", may be the names that pandas gives columns, or numbers like the rest`,
    'Name the columns, save the table without names (header=False), or write these numbers with a point (0.0).',
  );
}

function withNames(file: string, named: TableLine, table: Table): Table {
  const names = named.cells.map((name) => name.replace(/^#\s*/, ''));
  const places = new Map<string, number>();
  for (const [at, name] of names.entries()) {
    if (name !== '' && places.has(name.toLowerCase()))
      throw new FileError(
        file,
        `the column ${name.slice(0, 40)} appears twice`,
        'Give every column a name of its own.',
      );
    places.set(name.toLowerCase(), at);
  }
  const candidates = INDEX_NAMES.flatMap((name) => places.get(name) ?? []);
  // Of a single column nothing would be left.
  const index = table.columns > 1 ? indexColumn(candidates, table) : undefined;
  if (!index) return { ...table, names };
  const others = (cells: readonly string[]) => cells.filter((_, at) => at !== index.at);
  const label = names[index.at] === '' ? 'the first column' : `the column ${names[index.at]}`;
  const inOrder = index.numbers.every((number, row) => number === row);
  return {
    ...table,
    names: others(names),
    rows: table.rows.map(({ line, cells }, row) => ({ line, index: index.numbers[row], cells: others(cells) })),
    columns: table.columns - 1,
    told: [...table.told, inOrder ? `${label} numbers the rows` : `rows in the order of ${label}`],
  };
}

/** The first of these columns that holds each of 0 … n − 1, or of 1 … n, once. */
function indexColumn(
  places: readonly number[],
  { rows, number }: Table,
): { at: number; numbers: number[] } | undefined {
  for (const at of places) {
    const numbers = rows.map(({ cells }) => number(cells[at]) ?? Number.NaN);
    const from = numbers.includes(0) ? 0 : 1;
    const once = new Set(numbers).size === rows.length;
    if (once && numbers.every((n) => Number.isInteger(n) && n >= from && n < from + rows.length))
      return { at, numbers: numbers.map((n) => n - from) };
  }
  return undefined;
}
