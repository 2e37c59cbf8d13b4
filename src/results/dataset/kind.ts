/** Datasets: arrays and attributes of every item, and what they come to together. */
import type { ResultKind } from '../kind.ts';
import type { DatasetDescription, DatasetItem, DatasetOptions, DatasetSummary } from './item.ts';

/** What of an item is no array. */
type About = Pick<DatasetItem, 'attributes' | 'work'>;

/** @param description what the experiment's form, page and tables know of them */
export function datasetResults(
  description: DatasetDescription,
  { problems, reduce }: DatasetOptions = {},
): ResultKind<DatasetItem, DatasetSummary> {
  return {
    ...description,
    summarize(item, attempts) {
      const missed = problems?.(item) ?? [];
      const { info, attributes, work } = item;
      return { info, attempts, converged: missed.length === 0, problems: missed, attributes, work };
    },
    worth: ({ converged }) => Number(converged),
    stored: ({ info, arrays, attributes, work }) => ({ info, arrays, about: { attributes, work } satisfies About }),
    restored: ({ info, arrays, about }) => ({ info, arrays, ...(about as About) }),
    ...(reduce && { reduce }),
    words: async () => (await import('./words.ts')).datasetWords(description),
    files: async () => (await import('./files.ts')).datasetFiles(description),
  };
}
