/** Texts as a finished metric tells them: names and groups of its items, and the words where its arrays have a place for each. */
import type { ItemArray } from '../../results/arrays.ts';
import type { Attributes } from '../../results/attributed.ts';
import type { AnalysedItem } from './metrics/metric.ts';

export interface ToldText {
  readonly name: string;
  readonly group?: string;
  /** One a token; none where the metric says nothing of tokens, or the item has none. */
  readonly words?: readonly string[];
}

/** Dimensions that are positions of a text. */
const POSITIONS = ['token', 'position', 'query', 'source'];

/** The attribute `texts` of a metric's item. */
export function textsText(items: readonly AnalysedItem[], arrays: readonly ItemArray[]): string {
  const byToken = arrays.some(({ dims }) => dims.some((dim) => POSITIONS.includes(dim)));
  return JSON.stringify(
    items.map(
      ({ name, group, words }): ToldText => ({
        name,
        ...(group !== undefined && { group }),
        ...(byToken && words && { words }),
      }),
    ),
  );
}

export function textsOf({ attributes }: { readonly attributes: Attributes }): readonly ToldText[] {
  return typeof attributes.texts === 'string' ? (JSON.parse(attributes.texts) as ToldText[]) : [];
}
