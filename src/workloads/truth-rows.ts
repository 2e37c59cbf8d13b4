/** Rows of a table of true values, each beside the data that it belongs to. */
import type { TruthTable } from '../bundle/truth-table.ts';
import { ConfigError } from './workload.ts';

/** What the truths are of, for messages. */
export interface TruthOf {
  /** Who has them: "the image file". */
  readonly file: string;
  readonly one: string;
  readonly many: string;
}

/**
 * The table's rows in the order of the data: by their `index`, or as they come.
 * @param keys columns that mean something
 * @throws ConfigError for another number of rows, for none of the columns, and for an index that does not number the data
 */
export function truthRows(
  table: TruthTable,
  count: number,
  keys: readonly string[],
  { file, one, many }: TruthOf,
): TruthTable['rows'] {
  const { name, rows } = table;
  if (rows.length !== count)
    throw new ConfigError(
      'truth',
      `${name} has ${rows.length} rows, ${file} has ${count} ${many}. Give one row for every ${one}.`,
    );
  if (!keys.some((key) => rows.some((row) => row[key] !== undefined)))
    throw new ConfigError('truth', `${name} has none of the columns ${keys.join(', ')}. Name its columns so.`);
  if (rows.every((row) => row.index === undefined)) return rows;
  const ordered: TruthTable['rows'][number][] = new Array(count);
  for (const row of rows) {
    if (!Number.isInteger(row.index) || row.index < 0 || row.index >= count || ordered[row.index])
      throw new ConfigError(
        'truth',
        `${name}: the column index must hold each of 0 … ${count - 1} once, and ${row.index ?? 'an empty cell'} breaks that.`,
      );
    ordered[row.index] = row;
  }
  return ordered;
}
