/**
 * What the network sees of cells: a token per gene and cell, and labels. Plain data that goes to workers as it is.
 * A token below V is a bin of counts; V is the mask, which no data hold. With V + 1 ≤ 256 a token is a byte.
 */

import type { SparseCounts } from '../../../bundle/anndata/types.ts';

/** How counts become bins; see bins.ts. */
export type BinKind = 'octave' | 'exact' | 'quantile';

export interface Bins {
  readonly kind: BinKind;
  /** V: how many bins there are; also the mask's token. */
  readonly count: number;
  /** Least count of each bin, V whole numbers that rise from 0; absent for quantiles, whose edges are every cell's own. */
  readonly edges?: readonly number[];
}

/** A label a cell. Code `names.length` stands for none. */
export interface Labels {
  readonly names: readonly string[];
  /** [cells], each from 0 to `names.length`. */
  readonly codes: Uint32Array<ArrayBuffer>;
}

/**
 * Counts seen in training by gene and bin, to draw counts from bins. Row `gene · V + bin`; the last V rows pool all genes. Bin 0, which is no
 * molecule, has no entries.
 * Row r is entries `starts[r]` to `starts[r + 1]`, of rising value.
 */
export interface BinHistogram {
  /** [(genes + 1) · V + 1]. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Counts of molecules. */
  readonly values: Uint32Array<ArrayBuffer>;
  /** How often up to and with this entry within its row. */
  readonly cumulative: Uint32Array<ArrayBuffer>;
}

export interface TokenData {
  readonly cells: number;
  /** Unique names, in the order of the columns. */
  readonly genes: readonly string[];
  readonly bins: Bins;
  /** [cells][genes], all below V. */
  readonly tokens: Uint8Array<ArrayBuffer>;
  /** The counts behind the tokens. */
  readonly counts: SparseCounts;
  readonly perturbation?: Labels;
  readonly cellType?: Labels;
  /** The perturbation that means none was done: a name of `perturbation.names`. */
  readonly control?: string;
  /** Names of the cells, unique; absent where the source has none. */
  readonly cellNames?: readonly string[];
  /** Where the counts are from, in words. */
  readonly source: string;
  /** What the reader should know of how the counts became tokens, whole sentences. */
  readonly warnings: readonly string[];
}

/** The most genes a network takes. */
export const MOST_GENES = 2048;
/** The most bins: with the mask a token stays a byte. */
export const MOST_BINS = 255;
