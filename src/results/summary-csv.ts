/** summary.csv: one line an item, from the columns of its kind. */
import { encodeCsv } from '../bundle/csv.ts';
import type { ResultColumn, ResultSummary } from './kind.ts';

/** The name of the item goes before all columns; a column without a value of its own is written as people read it. */
export function summaryCsv<S extends ResultSummary>(
  columns: readonly ResultColumn<S>[],
  summaries: readonly S[],
): string {
  return encodeCsv(
    ['run_id', ...columns.map(({ key }) => key)],
    summaries.map((summary) => [
      summary.info.runId,
      ...columns.map((column) => (column.value ? column.value(summary) : column.text(summary))),
    ]),
  );
}
