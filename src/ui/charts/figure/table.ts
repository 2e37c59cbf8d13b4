/** The numbers behind a figure: shown as a table, saved as CSV. */
import { plain } from '../../format.ts';

/** NaN and undefined are empty. */
type Entry = string | number | undefined;

export interface FigureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Entry[])[];
}

/** Entries that a table on screen has at most: more would take seconds to lay out. */
const MOST_SHOWN = 6000;

/** The first rows of a table, as many as a page shows at once. */
export function shownRows({ columns, rows }: FigureTable): FigureTable['rows'] {
  return rows.slice(0, Math.max(20, Math.floor(MOST_SHOWN / columns.length)));
}

/** As a table on screen has it. */
export const entryText = (entry: Entry): string =>
  typeof entry === 'number' ? (Number.isNaN(entry) ? '' : plain(entry, 6)) : (entry ?? '');

/** As CSV, with every digit. */
export async function csvOf({ columns, rows }: FigureTable): Promise<string> {
  const { encodeCsv } = await import('../../../bundle/csv.ts');
  return encodeCsv(
    columns,
    rows.map((row) => row.map((entry) => (typeof entry === 'number' && Number.isNaN(entry) ? undefined : entry))),
  );
}

/** A matrix with a row name first: one row a row. */
export function wideTable(
  corner: string,
  rows: readonly string[],
  columns: readonly string[],
  values: ArrayLike<number>,
): FigureTable {
  return {
    columns: [corner, ...columns],
    rows: rows.map((name, i) => [name, ...columns.map((_, j) => values[i * columns.length + j])]),
  };
}
