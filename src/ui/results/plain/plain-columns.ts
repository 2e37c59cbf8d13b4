import type { ResultColumn, ResultSummary } from '../../../results/kind.ts';

/** Key of the column that says whether an item passed. */
export const VERDICT = 'verdict';

/** Columns of the table of all items: what holds for any kind, then what the experiment adds. */
export function plainColumns(own: readonly ResultColumn[] = []): readonly ResultColumn[] {
  return [
    {
      key: VERDICT,
      title: 'Verdict',
      about: 'Passed meets every threshold; otherwise the first that it misses.',
      text: ({ converged, problems }: ResultSummary) => (converged ? '● passed' : `✖ ${problems[0] ?? 'did not pass'}`),
      alarming: ({ converged }: ResultSummary) => !converged,
    },
    {
      key: 'attempts',
      title: 'Attempts',
      about: 'How often it was computed: 1, and one more for each rescue with harder parameters.',
      numeric: true,
      text: ({ attempts }: ResultSummary) => String(attempts),
    },
    ...own,
  ];
}
