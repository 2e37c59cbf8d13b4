/** What the page shows of the user's counts. */
import { geneMoments } from '../../../bundle/anndata/sparse-counts.ts';
import type { Column } from '../../../bundle/anndata/types.ts';
import type { DataInput } from './data-input.ts';

export interface LabelShare {
  readonly label: string;
  readonly cells: number;
}

export interface ColumnPreview {
  readonly name: string;
  readonly kind: 'labels' | 'numbers';
  /** What the run takes it for. */
  readonly use?: 'perturbation' | 'cell type';
  /** Cells without a value. */
  readonly missing: number;
  /** Of labels: how many there are, and the most frequent ones. */
  readonly distinct?: number;
  readonly most?: readonly LabelShare[];
  /** Of numbers. */
  readonly range?: readonly [number, number];
}

export interface DataPreview {
  readonly cells: number;
  readonly genes: number;
  readonly matrix: string;
  readonly done: readonly string[];
  /** Share of counts that are 0. */
  readonly zeros: number;
  readonly largest: number;
  /** Counts of a cell in all: least, median and most. */
  readonly totals: readonly [number, number, number];
  /** Cells by their total: bar i holds those from `edges[i]` to below `edges[i + 1]`, edges in equal ratios. */
  readonly histogram: { readonly edges: readonly number[]; readonly cells: readonly number[] };
  /** Genes whose log1p counts vary most, with mean and variance. */
  readonly variable: readonly { readonly gene: string; readonly mean: number; readonly variance: number }[];
  readonly columns: readonly ColumnPreview[];
  readonly control?: string;
  /** What was taken for granted, and warnings, in sentences. */
  readonly granted: readonly string[];
}

const BARS = 24;
const MOST_SHOWN = 12;

export function dataPreview(input: DataInput): DataPreview {
  const { table, perturbation, cellType, control, granted } = input;
  const { matrix, genes, cells } = table;
  const totals = Float64Array.from({ length: cells }, (_, cell) => {
    let sum = 0;
    for (let i = matrix.starts[cell]; i < matrix.starts[cell + 1]; i++) sum += matrix.counts[i];
    return sum;
  });
  const sorted = totals.slice().sort();
  let largest = 0;
  for (const count of matrix.counts) if (count > largest) largest = count;
  const { mean, variance } = geneMoments(matrix);
  const order = Array.from(genes.keys()).sort((a, b) => variance[b] - variance[a] || a - b);
  const use = (name: string) =>
    name === perturbation?.column ? 'perturbation' : name === cellType?.column ? 'cell type' : undefined;
  return {
    cells,
    genes: genes.length,
    matrix: table.source.matrix,
    done: table.source.done,
    zeros: 1 - matrix.counts.length / (cells * genes.length),
    largest,
    totals: [sorted[0], sorted[Math.floor(cells / 2)], sorted[cells - 1]],
    histogram: histogramOf(sorted),
    variable: order
      .slice(0, MOST_SHOWN)
      .map((gene) => ({ gene: genes[gene], mean: mean[gene], variance: variance[gene] })),
    columns: table.obs.map((column) => {
      const taken = use(column.name);
      return { ...columnPreview(column), ...(taken && { use: taken }) };
    }),
    ...(control !== undefined && { control }),
    granted,
  };
}

/** @param sorted totals, ascending */
function histogramOf(sorted: Float64Array): DataPreview['histogram'] {
  const from = Math.max(1, sorted[0]);
  const ratio = Math.max(2, (sorted[sorted.length - 1] + 1) / from) ** (1 / BARS);
  const edges = Array.from({ length: BARS + 1 }, (_, i) => (i === 0 ? sorted[0] : from * ratio ** i));
  const cells = new Array<number>(BARS).fill(0);
  for (const total of sorted) {
    let bar = total <= from ? 0 : Math.floor(Math.log(total / from) / Math.log(ratio));
    bar = Math.min(BARS - 1, Math.max(0, bar));
    cells[bar]++;
  }
  return { edges, cells };
}

function columnPreview(column: Column): ColumnPreview {
  if (column.kind === 'numbers') {
    let [least, most, missing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (const value of column.values) {
      if (Number.isNaN(value)) missing++;
      else [least, most] = [Math.min(least, value), Math.max(most, value)];
    }
    return { name: column.name, kind: 'numbers', missing, ...(least <= most && { range: [least, most] as const }) };
  }
  const often = new Uint32Array(column.labels.length);
  let missing = 0;
  for (const code of column.codes) {
    if (code < 0) missing++;
    else often[code]++;
  }
  const shares = column.labels.map((label, i) => ({ label, cells: often[i] })).filter(({ cells }) => cells > 0);
  return {
    name: column.name,
    kind: 'labels',
    missing,
    distinct: shares.length,
    most: shares.sort((a, b) => b.cells - a.cells).slice(0, MOST_SHOWN),
  };
}
