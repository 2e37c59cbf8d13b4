/** Columns of summary.csv of rows of tokens: the experiment's own, and its seed. */
import { fileColumn, yesNo } from '../file-column.ts';
import type { ResultColumn } from '../kind.ts';
import type { TokenDescription, TokenSummary } from './item.ts';

export function fileColumns({ columns }: TokenDescription): readonly ResultColumn<TokenSummary>[] {
  return [
    ...columns,
    fileColumn('passed', ({ converged }) => yesNo(converged)),
    fileColumn('seed', ({ info }) => info.seed),
  ];
}
