/** A table of numbers alone as an array [rows, columns]. */
import type { NumericArray } from './array-data.ts';
import { FileError } from './file-error.ts';
import { listed, readTable } from './table.ts';

/**
 * Rows in the order of the column that numbers them, where there is one; it is no number of theirs.
 * @throws FileError for a cell that is no finite number, rows of unequal length, a row that is missing, or a table without rows.
 */
export function decodeNumberTable(file: string, bytes: Uint8Array): NumericArray {
  const { names, rows, columns, told, number } = readTable(file, bytes);
  if (rows.length === 0)
    throw new FileError(file, 'the table has no rows of numbers', 'Give one row for each observation.');
  const data = new Float64Array(rows.length * columns);
  for (const [at, { line, index = at, cells }] of rows.entries()) {
    for (const [column, cell] of cells.entries()) {
      const value = number(cell);
      if (typeof value !== 'number') throw noNumber(file, line, column, cell, value === null);
      data[index * columns + column] = value;
    }
  }
  const numbering = names?.find((name) => /^(index|id|unnamed: 0)?$/i.test(name));
  if (columns > 1 && numbering !== undefined)
    throw new FileError(
      file,
      `the column ${numbering || 'without a name'} does not number the rows 0 … ${rows.length - 1}, so rows are missing or it is no number of theirs`,
      'Number every row once, or leave the column out.',
    );
  return { shape: [rows.length, columns], data, told: [...told, ...(names ? [`columns ${listed(names)}`] : [])] };
}

function noNumber(file: string, line: number, column: number, text: string, missing: boolean): FileError {
  return new FileError(
    file,
    `line ${line}, column ${column + 1}: "${text.slice(0, 40)}" is no finite number`,
    missing ? 'Keep numbers only: leave rows out whose numbers are missing.' : 'Keep numbers only.',
  );
}
