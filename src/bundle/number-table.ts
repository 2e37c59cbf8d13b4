/** A CSV table of numbers alone, as an array [rows, columns]. A first line of names is passed over. */
import Papa from 'papaparse';
import type { NumericArray } from './array-data.ts';
import { FileError } from './file-error.ts';

/** @throws FileError for a cell that is no finite number, rows of unequal length, or a table without rows. */
export function decodeNumberTable(file: string, bytes: Uint8Array): NumericArray {
  const text = new TextDecoder().decode(bytes).replace(/^\uFEFF/, '');
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy', delimiter: ',' });
  const isNumber = (cell: string) => cell.trim() !== '' && Number.isFinite(Number(cell));
  const named = data.length > 0 && !data[0].some(isNumber);
  const rows = named ? data.slice(1) : data;
  if (rows.length === 0)
    throw new FileError(file, 'the table has no rows of numbers', 'Give one row for each observation.');
  const columns = rows[0].length;
  const line = (row: number) => row + (named ? 2 : 1);
  rows.forEach((row, at) => {
    if (row.length !== columns)
      throw new FileError(
        file,
        `line ${line(at)} has ${row.length} numbers, and the first has ${columns}`,
        'Give every line as many numbers.',
      );
    const bad = row.findIndex((cell) => !isNumber(cell));
    if (bad >= 0)
      throw new FileError(
        file,
        `line ${line(at)}, column ${bad + 1}: "${row[bad].slice(0, 40)}" is no finite number`,
        'Keep numbers only.',
      );
  });
  return { shape: [rows.length, columns], data: Float64Array.from(rows.flat(), Number) };
}
