/** The user's counts as their role reads them. */
import type { CountTable } from '../../../bundle/anndata/types.ts';
import type { OwnFile } from '../../../bundle/own-file.ts';
import type { ColumnLabels } from '../data/labels.ts';
import type { TokenOptions } from '../data/tokenise.ts';

export interface DataInput extends OwnFile {
  readonly table: CountTable;
  readonly perturbation?: ColumnLabels;
  readonly cellType?: ColumnLabels;
  /** A name of `perturbation.names`. */
  readonly control?: string;
  /** What was taken for granted, and the warnings of the file, in sentences. */
  readonly granted: readonly string[];
}

/** Those of the options of `tokenise(input.table, …)` that the file and the choices about it fix. */
export function labelOptions({
  name,
  perturbation,
  cellType,
  control,
}: DataInput): Pick<TokenOptions, 'perturbation' | 'cellType' | 'control' | 'source'> {
  return {
    perturbation: perturbation?.column ?? '',
    cellType: cellType?.column ?? '',
    ...(control !== undefined && { control }),
    source: name,
  };
}
