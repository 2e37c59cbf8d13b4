/** Counts of genes in cells, as files of single-cell work hold them. Plain data: it may be posted between threads. */
import type { FileOptions } from '../own-file.ts';

/**
 * Counts of `rows` cells and `columns` genes without their zeros: those of row r are `counts[starts[r]]` to `counts[starts[r + 1] − 1]`,
 * of the genes that `columnOf` names, ascending.
 */
export interface SparseCounts {
  readonly rows: number;
  readonly columns: number;
  /** [rows + 1] */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly columnOf: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  /** Whole and positive; 16 bits where the largest fits. */
  readonly counts: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
}

/** What is known of each cell under one name. */
export type Column =
  | {
      readonly kind: 'labels';
      readonly name: string;
      /** Each label once. */
      readonly labels: readonly string[];
      /** A place in `labels` a cell; −1 = missing. */
      readonly codes: Int32Array<ArrayBuffer>;
    }
  | {
      readonly kind: 'numbers';
      readonly name: string;
      /** One a cell; NaN = missing. */
      readonly values: Float64Array<ArrayBuffer>;
    };

export type CountFormat = 'h5ad' | '10x h5' | 'loom' | 'mtx';

export interface CountTable {
  readonly cells: number;
  /** Unique: names that come again have -1, -2 … behind them, as scanpy does it. */
  readonly genes: readonly string[];
  readonly cellNames: readonly string[];
  /** Columns of `obs`, in the file's order. */
  readonly obs: readonly Column[];
  readonly matrix: SparseCounts;
  readonly source: {
    readonly format: CountFormat;
    /** The element that the counts came from: "X", "raw/X", "layers/counts", "matrix". */
    readonly matrix: string;
    /** What had to be done to have counts: "log1p undone". */
    readonly done: readonly string[];
    /** Elements that the counts may come from instead, the one that was taken first. */
    readonly matrices: readonly string[];
  };
  /** What was not used or taken for granted, in sentences. */
  readonly warnings: readonly string[];
}

export interface CountOptions extends FileOptions {
  /** The element to take the counts from, instead of what the order of preference finds. */
  readonly matrix: string;
}
