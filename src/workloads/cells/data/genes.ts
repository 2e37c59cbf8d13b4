/** Which genes the network sees: the most variable ones, or those of a list. */
import { forEachRow, geneMoments } from '../../../bundle/anndata/sparse-counts.ts';
import type { SparseCounts } from '../../../bundle/anndata/types.ts';
import { ConfigError } from '../../workload.ts';
import { MOST_GENES } from './types.ts';

/** How many genes without a list: the size at which a small network samples in a browser. */
export const DEFAULT_GENES = 200;
/** Unknown names told one by one; the rest are a number. */
const TOLD = 5;

export interface GeneChoice {
  /** Columns of the counts: rising for the most variable genes, in the list's order for a list. */
  readonly columns: readonly number[];
  /** Names of the list that the data do not have. */
  readonly unknown: readonly string[];
}

/** The n genes of largest variance of log(1 + count), in the order of the file; of equals the earlier ones. */
export function mostVariable(counts: SparseCounts, n: number): GeneChoice {
  requireCount(n);
  const { variance } = geneMoments(counts);
  const order = Array.from(variance.keys()).sort((a, b) => variance[b] - variance[a] || a - b);
  return { columns: order.slice(0, n).sort((a, b) => a - b), unknown: [] };
}

/**
 * The genes of a list, each once.
 * @throws ConfigError where the data have none of them, or a list is too long
 */
export function genesOfList(names: readonly string[], wanted: readonly string[]): GeneChoice {
  const column = new Map(names.map((name, index) => [name, index]));
  const unique = [...new Set(wanted.map((name) => name.trim()).filter(Boolean))];
  const known = unique.filter((name) => column.has(name));
  const unknown = unique.filter((name) => !column.has(name));
  if (known.length === 0)
    throw new ConfigError(
      'genes',
      unique.length === 0
        ? 'the list of genes is empty: name some, or choose how many of the most variable ones to take.'
        : `none of the ${unique.length} genes of the list are in the data (${quoted(unique)}); the data name theirs like ${quoted(names)}. Use the same kind of names.`,
    );
  requireCount(known.length);
  return { columns: known.map((name) => column.get(name)!), unknown };
}

/** What is said of unknown names; undefined where there are none. */
export function unknownWords({ columns, unknown }: GeneChoice): string | undefined {
  if (unknown.length === 0) return undefined;
  const some = unknown.length === 1 ? '1 gene of the list is' : `${unknown.length} genes of the list are`;
  return `${some} not in the data and left out (${quoted(unknown)}); ${columns.length} are used.`;
}

/** Counts of some genes, in the order of `columns`, which are rising within a cell again. */
export function selectGenes(counts: SparseCounts, columns: readonly number[]): SparseCounts {
  const place = new Int32Array(counts.columns).fill(-1);
  columns.forEach((column, index) => {
    place[column] = index;
  });
  let kept = 0;
  for (const column of counts.columnOf) if (place[column] >= 0) kept++;
  const starts = new Uint32Array(counts.rows + 1);
  const columnOf = new Uint16Array(kept);
  const values = counts.counts instanceof Uint16Array ? new Uint16Array(kept) : new Uint32Array(kept);
  let end = 0;
  forEachRow(counts, (cell, genes, found) => {
    // By insertion: few are kept of a cell, and mostly in order.
    genes.forEach((gene, i) => {
      const column = place[gene];
      if (column < 0) return;
      let at = end++;
      for (; at > starts[cell] && columnOf[at - 1] > column; at--) {
        columnOf[at] = columnOf[at - 1];
        values[at] = values[at - 1];
      }
      columnOf[at] = column;
      values[at] = found[i];
    });
    starts[cell + 1] = end;
  });
  return { rows: counts.rows, columns: columns.length, starts, columnOf, counts: values };
}

function requireCount(n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > MOST_GENES)
    throw new ConfigError(
      'genes',
      `${n} genes: choose from 1 to ${MOST_GENES}; time and memory of attention grow with their square.`,
    );
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, TOLD).join(', ');
  return names.length > TOLD ? `${shown} and ${names.length - TOLD} more` : shown;
}
