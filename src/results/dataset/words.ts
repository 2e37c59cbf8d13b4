/** What is said of datasets where a run is over: how many passed, the table, what the others lack. */
import type { ResultWords } from '../kind.ts';
import { fileColumns } from './columns.ts';
import type { DatasetDescription, DatasetSummary } from './item.ts';

export function datasetWords(description: DatasetDescription): ResultWords<DatasetSummary> {
  const { columns, passes } = description;
  const verdict = (summaries: readonly DatasetSummary[]) =>
    `${summaries.filter(({ converged }) => converged).length} of ${summaries.length} ${passes}.`;
  return {
    verdict,
    warnings: () => [],
    table: () => ({ page: columns, console: columns, csv: fileColumns(description) }),
    lines: (summaries) => [
      verdict(summaries),
      ...summaries
        .filter(({ converged }) => !converged)
        .map(({ info, problems }) => `  ${info.runId}: ${problems.join('; ')}`),
    ],
  };
}
