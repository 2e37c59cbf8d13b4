/** What is told of datasets: how many passed, what is wrong with the others, and their table. */
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
