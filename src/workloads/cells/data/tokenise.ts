/** A table of counts to what the network sees. */
import { gatherCounts } from '../../../bundle/anndata/sparse-counts.ts';
import type { CountTable } from '../../../bundle/anndata/types.ts';
import { ConfigError } from '../../workload.ts';
import { QUANTILE_WARNING, tokensOfCounts } from './bins.ts';
import { DEFAULT_GENES, genesOfList, mostVariable, selectGenes, unknownWords } from './genes.ts';
import { findControl, findLabels } from './labels.ts';
import type { Bins, TokenData } from './types.ts';

/** What is needed of a file's table, or of simulated cells. */
export type Counts = Pick<CountTable, 'cells' | 'genes' | 'cellNames' | 'obs' | 'matrix' | 'warnings'>;

export interface TokenOptions {
  /** So many of the most variable genes, or the names of some. */
  readonly genes?: number | readonly string[];
  /** Also a gene of the list that the data lack: a network's genes are all needed. @default false */
  readonly allGenes?: boolean;
  readonly bins: Bins;
  /** Names of columns of `obs`; "" for none; looked for where undefined. */
  readonly perturbation?: string;
  readonly cellType?: string;
  /** The perturbation that is the control; looked for where undefined. */
  readonly control?: string;
  /** Where the counts are from, in words. */
  readonly source: string;
}

/**
 * Tokens of all cells. Fewer genes than asked for, where the data have fewer.
 * @throws ConfigError naming the option at fault
 */
export function tokenise(table: Counts, options: TokenOptions): TokenData {
  const { genes = DEFAULT_GENES, bins, source } = options;
  if (table.cells === 0) throw new ConfigError('data', `${source} has no cells: give a file with some.`);
  const choice = typeof genes === 'number' ? mostVariable(table.matrix, genes) : genesOfList(table.genes, genes);
  if (options.allGenes && choice.unknown.length > 0)
    throw new ConfigError(
      'genes',
      `${source} lacks ${choice.unknown.length} of the ${choice.unknown.length + choice.columns.length} genes that the network is about (${choice.unknown.slice(0, 5).join(', ')}, …). Give data with these genes, or train a network on yours.`,
    );
  const counts = selectGenes(table.matrix, choice.columns);
  const perturbation = findLabels(table, 'perturbation', options.perturbation);
  const cellType = findLabels(table, 'cellType', options.cellType);
  const control = perturbation && findControl(perturbation, options.control);
  const few =
    typeof genes === 'number' && choice.columns.length < genes
      ? `The data have ${choice.columns.length} genes, fewer than the ${genes} asked for: all are used.`
      : undefined;
  const notes = [few, unknownWords(choice), bins.kind === 'quantile' ? QUANTILE_WARNING : undefined];
  return {
    cells: table.cells,
    genes: choice.columns.map((column) => table.genes[column]),
    bins,
    tokens: tokensOfCounts(counts, bins),
    counts,
    ...(perturbation && { perturbation }),
    ...(cellType && { cellType }),
    ...(control !== undefined && { control }),
    cellNames: table.cellNames,
    source,
    warnings: [...table.warnings, ...notes.filter((note) => note !== undefined)],
  };
}

/** Counts of some cells, dense, [cells][genes]: what metrics compare. @param cells indices; all without it */
export function denseCounts({ counts, genes }: TokenData, cells?: readonly number[]): Uint16Array | Uint32Array {
  return gatherCounts(
    counts,
    genes.map((_, gene) => gene),
    cells,
  );
}
