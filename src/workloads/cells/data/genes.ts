/** Which genes the network sees: the most variable ones, or those of a list. */
import { ConfigError } from '../../workload.ts';
import { MOST_GENES, type SparseCounts } from './types.ts';

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

/**
 * Variance of log(1 + count) of every gene over all cells, zeros included. Summed over a histogram with rising counts, so genes of
 * equal histograms have equal variances to the bit.
 */
export function logVariances(counts: SparseCounts): Float64Array<ArrayBuffer> {
  const histograms: Map<number, number>[] = Array.from({ length: counts.genes }, () => new Map());
  counts.columns.forEach((gene, at) => {
    const value = counts.values[at];
    histograms[gene].set(value, (histograms[gene].get(value) ?? 0) + 1);
  });
  return Float64Array.from(histograms, (histogram) => {
    const sorted = [...histogram].sort((a, b) => a[0] - b[0]);
    const moment = (power: number) =>
      sorted.reduce((sum, [value, often]) => sum + often * Math.log1p(value) ** power, 0) / counts.cells;
    return moment(2) - moment(1) ** 2;
  });
}

/** The n genes of largest variance of log(1 + count), in the order of the file; of equals the earlier ones. */
export function mostVariable(counts: SparseCounts, n: number): GeneChoice {
  requireCount(n);
  const variances = logVariances(counts);
  const order = Array.from(variances.keys()).sort((a, b) => variances[b] - variances[a] || a - b);
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

/** Counts of some genes, in the order of `columns`. */
export function selectGenes(counts: SparseCounts, columns: readonly number[]): SparseCounts {
  const place = new Int32Array(counts.genes).fill(-1);
  columns.forEach((column, index) => {
    place[column] = index;
  });
  const starts = new Uint32Array(counts.cells + 1);
  const kept: [number, number][][] = [];
  for (let cell = 0; cell < counts.cells; cell++) {
    const row: [number, number][] = [];
    for (let at = counts.starts[cell]; at < counts.starts[cell + 1]; at++) {
      const gene = place[counts.columns[at]];
      if (gene >= 0) row.push([gene, counts.values[at]]);
    }
    kept.push(row.sort((a, b) => a[0] - b[0]));
    starts[cell + 1] = starts[cell] + row.length;
  }
  const entries = kept.flat();
  return {
    cells: counts.cells,
    genes: columns.length,
    starts,
    columns: Uint32Array.from(entries, ([gene]) => gene),
    values: Uint32Array.from(entries, ([, value]) => value),
  };
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
