/** CSV tables (RFC 4180) through papaparse: quoted fields, either line ending, a byte-order mark. */
import Papa from 'papaparse';
import { FileError } from './file-error.ts';

export interface CsvTable {
  readonly header: readonly string[];
  /** As many cells a row as the header has names. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * Decodes a CSV file whose first row names its columns.
 * @throws FileError for an empty file, unequal rows, repeated or missing names, or a quote that never closes.
 */
export function decodeCsv(file: string, text: string): CsvTable {
  const clean = text.replace(/^\uFEFF/, '');
  if (clean.trim() === '') {
    throw new FileError(file, 'the file is empty', 'Give a CSV file whose first line names its columns.');
  }
  const parsed = Papa.parse<string[]>(clean, { skipEmptyLines: 'greedy', delimiter: ',' });
  if (parsed.errors.length > 0) {
    const { message, row } = parsed.errors[0];
    throw new FileError(
      file,
      `not readable as CSV: ${message} (row ${(row ?? 0) + 1})`,
      'Mend the quotes of that row.',
    );
  }
  const [first, ...rows] = parsed.data;
  if (first === undefined) {
    throw new FileError(file, 'it holds separators alone', 'Give a CSV file whose first line names its columns.');
  }
  const header = first.map((cell) => cell.trim());
  const seen = new Set<string>();
  const repeated = header.find((name) => name === '' || seen.size === seen.add(name).size);
  if (repeated !== undefined) {
    throw new FileError(
      file,
      repeated === '' ? 'a column has no name' : `the column ${repeated} appears twice`,
      'Give every column a name of its own in the first line.',
    );
  }
  const ragged = rows.findIndex((row) => row.length !== header.length);
  if (ragged >= 0) {
    throw new FileError(
      file,
      `row ${ragged + 2} has ${rows[ragged].length} cells, the header names ${header.length}`,
      'Separate columns with commas and give every row the same number of cells.',
    );
  }
  return { header, rows };
}

/** Encodes a table as CSV with "\n" line ends; numbers keep every digit JavaScript prints, missing cells are empty. */
export function encodeCsv(
  header: readonly string[],
  rows: readonly (readonly (string | number | boolean | undefined)[])[],
): string {
  return `${Papa.unparse([[...header], ...rows.map((row) => [...row])], { newline: '\n' })}\n`;
}
