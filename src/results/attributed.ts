/** What kinds of result have in common whose items carry texts and numbers beside their arrays. */
import type { ItemInfo } from './item.ts';
import type { ResultSummary } from './kind.ts';

/** Texts and numbers of an item. */
export type Attributes = Readonly<Record<string, string | number>>;

/** What of an item is no array. */
export interface About {
  readonly attributes: Attributes;
  /** Work spent on it, in the experiment's unit. */
  readonly work: number;
}

/** One finished item. Plain data, structured-cloneable. */
export interface AttributedItem extends About {
  readonly info: ItemInfo;
}

/** A finished item in short: what is no array. */
export interface AttributedSummary extends ResultSummary, About {}

/** @param problems each threshold that the item misses, in words */
export function summaryOf(
  { info, attributes, work }: AttributedItem,
  attempts: number,
  problems: readonly string[],
): AttributedSummary {
  return { info, attempts, converged: problems.length === 0, problems, attributes, work };
}
