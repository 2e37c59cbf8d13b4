/** What the page asks about cells beside a run: the real ones, and how a rule brings masks to counts with the mixture in the network's place. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { Bins } from '../data/types.ts';
import type { CellsParams } from '../params.ts';

/** Real cells as the page draws them. Answer of the job `data`. */
export interface RealCells {
  readonly genes: readonly string[];
  readonly bins: Bins;
  /** Of the cells in the data. */
  readonly cells: number;
  /** Genes that are drawn, from left to right: of very many those that vary most, those that go together beside each other. */
  readonly order: Uint32Array<ArrayBuffer>;
  /** Some cells, [sample][genes], those of a label beside each other. */
  readonly sample: Uint8Array<ArrayBuffer>;
  /** Of each of the sample: its label in words, empty where it has none. */
  readonly sampleLabels: readonly string[];
  /** Mean bin of each gene over the cells that were counted. */
  readonly means: Float64Array<ArrayBuffer>;
  /** Of each cell that was counted: the share of its genes without a molecule, and its molecules. */
  readonly zeroShares: Float32Array<ArrayBuffer>;
  readonly molecules: Float32Array<ArrayBuffer>;
  /** Pearson correlation of the bins of each pair of `order`, [order][order]. */
  readonly correlation: Float32Array<ArrayBuffer>;
  /** One half of the cells held against the other: what a perfect sampler of so many cells would get. */
  readonly floor: Agreement;
  readonly perturbations: readonly LabelCount[];
  readonly cellTypes: readonly LabelCount[];
  /** The perturbation that means none was done. */
  readonly control?: string;
  readonly source: string;
  readonly warnings: readonly string[];
}

export interface LabelCount {
  readonly name: string;
  readonly cells: number;
}

/** Molecules of a cell by the least count of each bin, so that real and drawn cells are counted alike; of quantiles the bins themselves. */
export function leastMolecules({ edges }: Bins, tokens: ArrayLike<number>, from: number, genes: number): number {
  let sum = 0;
  for (let gene = 0; gene < genes; gene++) sum += edges ? edges[tokens[from + gene]] : tokens[from + gene];
  return sum;
}

export function zeroShare(tokens: ArrayLike<number>, from: number, genes: number): number {
  let zeros = 0;
  for (let gene = 0; gene < genes; gene++) zeros += Number(tokens[from + gene] === 0);
  return zeros / genes;
}

/** How well cells keep what real ones have, over the genes of `order`. */
export interface Agreement {
  /** Cells that are held against the real ones. */
  readonly cells: number;
  /** Mean squared difference of the Pearson correlations of pairs of different genes. */
  readonly correlationMse: number;
  /** Least-squares slope of those correlations on the real ones: 0 where genes are independent, 1 where structure is kept. */
  readonly slope: number;
  /** Pearson correlation over genes of their mean bins. */
  readonly meanR: number;
}

export interface DataWish {
  readonly config: RunConfig;
}

export interface FilmWish {
  readonly config: RunConfig;
  /** In the place of the form's. */
  readonly rule?: CellsParams['rule'];
  readonly steps?: number;
  /** Cells that are drawn. */
  readonly cells: number;
  /** Of them the first, which are looked at on their way. */
  readonly looks: number;
}

/** Answer of the job `film`: cells drawn by the sampler of a run, on the CPU and with the mixture as predictor. */
export interface FilmReply {
  readonly rule: CellsParams['rule'];
  /** Steps in all, with the denoising. */
  readonly steps: number;
  /** [looks][genes] */
  readonly tokens: Uint8Array<ArrayBuffer>;
  /** [looks][genes] steps after which a gene is there; 0 where it was known. */
  readonly revealedAt: Uint16Array<ArrayBuffer>;
  /** As of the real cells, over all that were drawn. */
  readonly correlation: Float32Array<ArrayBuffer>;
  readonly agreement: Agreement;
  /** Of as many cells drawn from the mixture at once: what it knows itself, which no rule can better. */
  readonly exact: Agreement;
}

/** The jobs as the page sees them; none tells of anything or can be told anything. */
export interface DataTypes {
  readonly wish: DataWish;
  readonly reply: RealCells;
  readonly event: never;
  readonly messages: Record<never, never>;
}
export interface FilmTypes {
  readonly wish: FilmWish;
  readonly reply: FilmReply;
  readonly event: never;
  readonly messages: Record<never, never>;
}
