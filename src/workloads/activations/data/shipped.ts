/** Texts that ship. */

import { contrastTexts } from '../../language-models/stories/contrast.ts';
import type { GivenText } from '../../language-models/texts.ts';

/** In place of the names of files. */
export const SHIPPED = 'those that ship';

/** The first so many of each label, by questions in turn. */
export function shippedTexts(each: number): GivenText[] {
  return firstOf(contrastTexts(), each);
}

/** @param texts in any order */
export function firstOf(texts: readonly GivenText[], each: number): GivenText[] {
  const rank = new Map<string, number>();
  const ranked = texts.map((text) => {
    const key = `${text.label} ${text.question}`;
    const turn = rank.get(key) ?? 0;
    rank.set(key, turn + 1);
    return { text, turn };
  });
  const taken = new Map<string, number>();
  return ranked
    .sort((a, b) => a.turn - b.turn)
    .flatMap(({ text }) => {
      const count = taken.get(text.label) ?? 0;
      taken.set(text.label, count + 1);
      return count < each ? [text] : [];
    });
}
