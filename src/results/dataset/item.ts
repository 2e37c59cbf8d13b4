/** A result that is neither draws nor a posterior: named arrays with dimensions, and attributes, as an xarray Dataset has them. */
import type { ItemArray } from '../arrays.ts';
import type { AttributedItem, AttributedSummary } from '../attributed.ts';
import type { ResultColumn, ResultDescription, RunResults } from '../kind.ts';

/** One finished item. Plain data, structured-cloneable. */
export interface DatasetItem extends AttributedItem {
  readonly arrays: readonly ItemArray[];
}

export type DatasetSummary = AttributedSummary;

/** What an experiment says of its datasets without what computes. */
export interface DatasetDescription extends ResultDescription {
  readonly kind: 'dataset';
  /** What each item comes with, e.g. "a table of counts". */
  readonly each: string;
  /** What an item must be to pass, as the end of "… of … ", e.g. "hold all their words". */
  readonly passes: string;
  /** Columns after the item's name and verdict, in this order everywhere. */
  readonly columns: readonly ResultColumn<DatasetSummary>[];
}

/** What computes on datasets. */
export interface DatasetOptions {
  /** Each threshold that the item misses, in words; none where it passes. */
  problems?(item: DatasetItem): readonly string[];
  /** What all items come to together. */
  reduce?(items: readonly DatasetItem[]): RunResults;
}
