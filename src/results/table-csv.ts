/** A table of a run as CSV, all digits of its numbers. */
import { encodeCsv } from '../bundle/csv.ts';
import type { RunTable } from './kind.ts';

export function tableCsv({ columns, rows }: RunTable): string {
  return encodeCsv(
    columns.map(({ name }) => name),
    rows.map((row) => [...row]),
  );
}
