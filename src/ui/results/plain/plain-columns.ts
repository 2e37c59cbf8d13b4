import type { ResultSummary } from '../../../results/kind.ts';
import type { ItemColumn, PlainKind } from './plain-kind.ts';

/** Columns of the table of all items: what holds for any kind, then the kind's own. */
export function plainColumns(kind: PlainKind | undefined, first: ResultSummary): readonly ItemColumn[] {
  return [
    {
      key: 'verdict',
      title: 'Verdict',
      about: 'Passed meets every threshold of its kind; otherwise the first that it misses.',
      cell: ({ converged, problems }) => (converged ? '● passed' : `✖ ${problems[0] ?? 'did not pass'}`),
    },
    {
      key: 'attempts',
      title: 'Attempts',
      about: 'How often it was computed: 1, and one more for each rescue with harder parameters.',
      numeric: true,
      cell: ({ attempts }) => attempts,
    },
    ...(kind?.columns(first) ?? []),
  ];
}
