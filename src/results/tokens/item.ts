/** A result that is a row of tokens: one of few states at each of many places, with texts and numbers beside it. */
import type { AttributedItem, AttributedSummary } from '../attributed.ts';
import type { ResultColumn, ResultDescription, RunResults } from '../kind.ts';

/** One finished item. Plain data, structured-cloneable. */
export interface TokenItem extends AttributedItem {
  /** A state at every place, in the order that all items of the run share. */
  readonly tokens: Uint8Array<ArrayBuffer>;
}

export type TokenSummary = AttributedSummary;

/** What an experiment says of its rows of tokens without what computes. */
export interface TokenDescription extends ResultDescription {
  readonly kind: 'tokens';
  /** What a row has a token of: "gene". */
  readonly place: string;
  /** What an item must be to pass, as the end of "… of … ". */
  readonly passes: string;
  /** Columns after the item's name, in this order everywhere. */
  readonly columns: readonly ResultColumn<TokenSummary>[];
}

/** What computes on rows of tokens. */
export interface TokenOptions {
  /** Each threshold that the item misses, in words; none where it passes. */
  problems?(item: TokenItem): readonly string[];
  /** What all items come to together; hashed into the result id, so of sums and counts alone. */
  reduce?(items: readonly TokenItem[]): RunResults;
}
