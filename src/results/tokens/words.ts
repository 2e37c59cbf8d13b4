/** What is told of rows of tokens: how many passed, what is wrong with the others, and their table. */
import type { ResultWords } from '../kind.ts';
import { fileColumns } from './columns.ts';
import type { TokenDescription, TokenSummary } from './item.ts';

/** Items that the terminal names one by one. */
const NAMED = 10;

export function tokenWords(description: TokenDescription): ResultWords<TokenSummary> {
  const { columns, passes } = description;
  const verdict = (summaries: readonly TokenSummary[]) =>
    `${summaries.filter(({ converged }) => converged).length} of ${summaries.length} ${passes}.`;
  return {
    verdict,
    warnings: () => [],
    table: () => ({ page: columns, console: columns, csv: fileColumns(description) }),
    lines: (summaries) => {
      const bad = summaries.filter(({ converged }) => !converged);
      const more = bad.length > NAMED ? [`  and ${bad.length - NAMED} more: see summary.csv`] : [];
      return [
        verdict(summaries),
        ...bad.slice(0, NAMED).map(({ info, problems }) => `  ${info.runId}: ${problems.join('; ')}`),
        ...more,
      ];
    },
  };
}
