/** Words of a trait in a text, found by how they begin. */
import type { SteerReply } from '../jobs/steer-types.ts';

type Stems = SteerReply['stems'];

export interface MarkedPart {
  readonly text: string;
  /** Which side's word it is; undefined for all else. */
  readonly side?: keyof Stems;
}

const WORDS = /\p{L}+/gu;

/** A text cut at its marked words; joined, the parts are the text. */
export function marked(text: string, stems: Stems): MarkedPart[] {
  const parts: MarkedPart[] = [];
  let from = 0;
  for (const { 0: word, index } of text.matchAll(WORDS)) {
    const side = sideOf(word.toLowerCase(), stems);
    if (!side) continue;
    if (index > from) parts.push({ text: text.slice(from, index) });
    parts.push({ text: word, side });
    from = index + word.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

function sideOf(word: string, { positive, negative }: Stems): keyof Stems | undefined {
  if (positive.some((stem) => word.startsWith(stem))) return 'positive';
  return negative.some((stem) => word.startsWith(stem)) ? 'negative' : undefined;
}
