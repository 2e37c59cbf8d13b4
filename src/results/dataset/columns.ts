/** Columns of summary.csv of datasets: the experiment's own, whether an item passed, and its seed. */

import { fileColumn, yesNo } from '../file-column.ts';
import type { ResultColumn } from '../kind.ts';
import type { DatasetDescription, DatasetSummary } from './item.ts';

export function fileColumns({ columns }: DatasetDescription): readonly ResultColumn<DatasetSummary>[] {
  return [
    ...columns,
    fileColumn('passed', ({ converged }) => yesNo(converged)),
    fileColumn('seed', ({ info }) => info.seed),
  ];
}
