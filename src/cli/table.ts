/** What stands on the terminal at the end of a run: the table of items, what their kind says of them, what they come to together. */
import type { ResultKind, ResultSummary, RunResults, RunTable } from '../results/kind.ts';
import { align } from './align.ts';

/** Rows shown of a table; all of them are in its file. */
const MAX_ROWS = 40;

/** Lines of the summary, empty for a run without results. */
export async function summaryLines(
  kind: Pick<ResultKind, 'words'>,
  summaries: readonly ResultSummary[],
  results?: RunResults,
): Promise<string[]> {
  if (summaries.length === 0) return [];
  const words = await kind.words();
  const columns = words.table(summaries).console;
  const rows = summaries
    .slice(0, MAX_ROWS)
    .map((summary) => [summary.info.runId, ...columns.map((column) => column.text(summary))]);
  return [
    ...align([['run', ...columns.map(({ title }) => title)], ...rows]),
    ...more(summaries.length, 'summary.csv'),
    '',
    ...(results?.tables ?? []).flatMap(tableLines),
    ...words.lines(summaries),
  ];
}

function tableLines({ name, title, columns, rows }: RunTable): string[] {
  const header = columns.map(({ name, title = name, unit }) => (unit ? `${title} [${unit}]` : title));
  const cells = rows.slice(0, MAX_ROWS).map((row) => row.map((cell, at) => cellText(cell, columns[at].digits)));
  return [`${title}:`, ...align([header, ...cells]), ...more(rows.length, `${name}.csv`), ''];
}

function cellText(cell: string | number, digits: number | undefined): string {
  return typeof cell === 'number' && digits !== undefined ? String(Number(cell.toPrecision(digits))) : String(cell);
}

function more(rows: number, file: string): string[] {
  return rows > MAX_ROWS ? [`… and ${rows - MAX_ROWS} more in ${file}`] : [];
}
