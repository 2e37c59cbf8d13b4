/** The text of a table somebody gave: its encoding, its comments, and what separates its columns. */
import Papa from 'papaparse';
import { FileError } from './file-error.ts';

export interface TableLine {
  /** Counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface TableText {
  /** Lines with anything on them, comments left out. */
  readonly lines: readonly TableLine[];
  /** Lines without anything, counted from 1. */
  readonly empty: readonly number[];
  /** The last comment above them, split as they are and without its "#": `np.savetxt` writes names so. */
  readonly comment?: TableLine;
  /** Whether numbers have a comma for their point. */
  readonly decimalComma: boolean;
  /** What was recognised that is not the usual, in words. */
  readonly told: readonly string[];
}

type Separator = ',' | ';' | '\t' | ' ';

const WORDS: Readonly<Record<Separator, string | undefined>> = {
  ',': undefined,
  ';': 'separated by semicolons',
  '\t': 'separated by tabs',
  ' ': 'separated by spaces',
};
/** Lines that decide what separates. */
const SAMPLE = 50;

/** @throws FileError for bytes that are no text, for text without a line, and for quotes that do not close */
export function readTableText(file: string, bytes: Uint8Array): TableText {
  const { text, encoding } = decodeText(file, bytes);
  const all = text.split(/\r\n|\n|\r/);
  const isComment = (line: string) => line.trimStart().startsWith('#');
  const sample = all.filter((line) => line.trim() !== '' && !isComment(line)).slice(0, SAMPLE);
  if (sample.length === 0)
    throw new FileError(file, all.some(isComment) ? 'it holds nothing but comments' : 'the file is empty', GIVE_ROWS);
  const separator = separatorOf(sample);
  const cellsOf = splitter(file, separator);
  const lines = cellsOf(all.map((line) => (isComment(line) ? '' : line)));
  const first = lines[0].line;
  const above = all.slice(0, first - 1).findLastIndex(isComment);
  const comment = above < 0 ? undefined : cellsOf([all[above].trimStart().replace(/^#+\s?/, '')])[0]?.cells;
  const decimalComma = separator !== ',' && hasDecimalCommas(lines);
  const comments = all.filter(isComment).length;
  return {
    lines,
    ...(comment && { comment: { line: above + 1, cells: comment } }),
    empty: all.flatMap((line, i) => (line.trim() === '' ? [i + 1] : [])),
    decimalComma,
    told: [
      encoding,
      WORDS[separator],
      decimalComma ? 'decimal commas' : undefined,
      comments > 1 ? `${comments} lines of comment passed over` : undefined,
    ].filter((each) => each !== undefined),
  };
}

const GIVE_ROWS = 'Give a table with one row a line, its columns separated by commas.';

/** UTF-8, or UTF-16 by its byte-order mark or by the zeros that Latin letters and digits have in it. */
function decodeText(file: string, bytes: Uint8Array): { text: string; encoding?: string } {
  const zeros = (from: number) =>
    bytes.length > 3 && bytes.length % 2 === 0 && [0, 2].every((at) => bytes[from + at] === 0);
  const little = (bytes[0] === 0xff && bytes[1] === 0xfe) || zeros(1);
  const big = (bytes[0] === 0xfe && bytes[1] === 0xff) || zeros(0);
  const label = little ? 'utf-16le' : big ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return { text, ...(label !== 'utf-8' && { encoding: 'UTF-16' }) };
  } catch {
    // Said below.
  }
  const what = label === 'utf-8' ? 'its bytes are no UTF-8' : 'it begins like UTF-16 and does not go on so';
  throw new FileError(file, `not a text file (${what})`, 'Save the table as CSV in UTF-8.');
}

/** What is on every line; where nothing is, what is on most. A comma between digits on lines with another separator is a decimal one. */
function separatorOf(sample: readonly string[]): Separator {
  const bare = sample.map((line) => line.replace(/"[^"]*"/g, 'q'));
  const on = (mark: string) => bare.filter((line) => line.trim().includes(mark)).length;
  const lines = bare.length;
  if (on(';') === lines) return ';';
  // A cell with two numbers in it: the mark is not what separates them.
  const twoInOne = (mark: string) =>
    bare.some((line) => line.split(mark).some((cell) => /^[-+.\d]\S*\s+[-+.\d]\S*$/.test(cell.trim())));
  if (on('\t') === lines && !twoInOne('\t')) return '\t';
  if (on(',') === lines && !twoInOne(',')) return ',';
  if (bare.every((line) => /\S\s+\S/.test(line))) return ' ';
  const [most] = ([',', ';', '\t'] as const).toSorted((a, b) => on(b) - on(a));
  return on(most) > 0 ? most : ',';
}

/** Lines to cells, without white space around them; empty lines are left out. */
function splitter(file: string, separator: Separator): (lines: readonly string[]) => TableLine[] {
  if (separator === ' ')
    return (lines) =>
      lines.flatMap((text, i) =>
        text.trim() === '' ? [] : [{ line: i + 1, cells: text.trim().split(/\s+/).map(unquoted) }],
      );
  return (lines) => {
    const { data, errors } = Papa.parse<string[]>(lines.join('\n'), { delimiter: separator, newline: '\n' });
    if (errors.length > 0) {
      const { message, row } = errors[0];
      throw new FileError(
        file,
        `not readable as CSV: ${message} (line ${(row ?? 0) + 1})`,
        'Mend the quotes of that line, or take them away: numbers need none.',
      );
    }
    let line = 1;
    return data.flatMap((cells) => {
      const from = line;
      for (const cell of cells) line += cell.includes('\n') ? cell.split('\n').length - 1 : 0;
      line++;
      const empty = cells.length === 1 && cells[0].trim() === '' && lines[from - 1].trim() === '';
      return empty ? [] : [{ line: from, cells: cells.map((cell) => cell.trim()) }];
    });
  };
}

function unquoted(cell: string): string {
  return /^"([^"]*)"$/.exec(cell)?.[1] ?? cell;
}

/** Some cell is a number but for its comma, and none has a point. */
function hasDecimalCommas(lines: readonly TableLine[]): boolean {
  const sample = lines.slice(0, SAMPLE).flatMap(({ cells }) => cells);
  return (
    sample.some((cell) => /^[-+]?\d*,\d+([eE][-+]?\d+)?$/.test(cell)) && !sample.some((cell) => /\d\.\d/.test(cell))
  );
}
