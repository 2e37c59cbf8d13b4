/** Tables of true values brought by the user: CSV, numbers only. */
import { decodeCsv } from './csv.ts';
import { FileError } from './file-error.ts';
import { sha256Of } from './sha256.ts';

/** A table: one record a row, numbers only; an empty cell leaves its key out. */
export interface TruthTable {
  readonly name: string;
  readonly sha256: string;
  readonly rows: readonly Readonly<Record<string, number>>[];
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
 * Decodes a table: a header line of names, then a row of numbers an item.
 * @throws FileError for bytes that are no text, a cell that is no finite number, or a table without rows.
 */
export async function loadTruth(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  words: TruthWords = PLAIN,
): Promise<TruthTable> {
  const { header, rows } = decodeCsv(name, decodeText(name, bytes));
  if (header.every((name) => name !== '' && Number.isFinite(Number(name)))) {
    throw new FileError(
      name,
      `the first line, "${header.join(',').slice(0, 60)}", holds numbers where names of columns are expected`,
      `Put a header line on top, for example: ${words.header}`,
    );
  }
  if (rows.length === 0) {
    throw new FileError(name, 'the table has a header but no rows', `Give one row for every ${words.item}.`);
  }
  const records = rows.map((row, index) => {
    const record: Record<string, number> = {};
    row.forEach((cell, column) => {
      if (cell.trim() === '') {
        return;
      }
      const value = Number(cell);
      if (!Number.isFinite(value)) {
        throw new FileError(
          name,
          `row ${index + 2}, column ${header[column]}: "${cell.slice(0, 40)}" is no finite number`,
          'Keep numbers only; leave a cell empty where nothing is known.',
        );
      }
      record[header[column]] = value;
    });
    return record;
  });
  return { name, sha256: await sha256Of(bytes), rows: records };
}

function decodeText(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileError(name, 'not a text file (its bytes are no UTF-8)', 'Save the table as CSV in UTF-8.');
  }
}
