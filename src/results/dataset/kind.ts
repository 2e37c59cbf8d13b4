/** Datasets: arrays and attributes of every item, and what they come to together. */
import { type About, summaryOf } from '../attributed.ts';
import type { ResultKind } from '../kind.ts';
import type { DatasetDescription, DatasetItem, DatasetOptions, DatasetSummary } from './item.ts';

/** @param description what the experiment's form, page and tables know of them */
export function datasetResults(
  description: DatasetDescription,
  { problems, reduce }: DatasetOptions = {},
): ResultKind<DatasetItem, DatasetSummary> {
  return {
    ...description,
    summarize: (item, attempts) => summaryOf(item, attempts, problems?.(item) ?? []),
    worth: ({ converged }) => Number(converged),
    stored: ({ info, arrays, attributes, work }) => ({ info, arrays, about: { attributes, work } satisfies About }),
    restored: ({ info, arrays, about }) => ({ info, arrays, ...(about as About) }),
    ...(reduce && { reduce }),
    words: async () => (await import('./words.ts')).datasetWords(description),
    files: async () => (await import('./files.ts')).datasetFiles(description),
  };
}
