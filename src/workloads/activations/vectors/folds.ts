/** Parts of the texts by question, and labels shuffled so that questions keep how many they have of each. */
import { RandomWords } from '../../../stats/two-sample/random-words.ts';

export interface Folds {
  readonly count: number;
  /** Fold of every text; texts of a question have the same. */
  readonly of: Uint8Array;
}

interface Question {
  readonly texts: readonly number[];
  readonly kind: 'both' | 'positive' | 'negative';
}

/**
 * Questions in the order of their first text, cut into `wanted` runs of equal length; those with texts of one class alone are cut by
 * themselves, so that every part has both classes where that can be.
 * @throws RangeError with fewer than two questions, or without both classes
 */
export function foldsOf(y: Uint8Array, question: Uint32Array, wanted: number): Folds {
  const questions = questionsOf(y, question);
  const positive = y.reduce((sum, label) => sum + label, 0);
  if (positive === 0 || positive === y.length)
    throw new RangeError(`vectors need positive and negative texts; there are ${positive} and ${y.length - positive}`);
  if (questions.length < 2)
    throw new RangeError('vectors are judged on questions that they have not seen: give at least two questions');
  const kinds = ['both', 'positive', 'negative'].map((kind) => questions.filter((each) => each.kind === kind));
  // A part without texts of both classes has nothing to compare: it needs a question of both, or one of each.
  const most = Math.max(2, kinds[0].length, Math.min(kinds[1].length, kinds[2].length));
  const count = Math.min(wanted, most);
  const of = new Uint8Array(y.length);
  for (const own of kinds) {
    own.forEach(({ texts }, k) => {
      for (const text of texts) of[text] = Math.floor((k * count) / own.length);
    });
  }
  return { count, of };
}

/** Second word of the key: no other random numbers of a table have these. */
const SHUFFLE_STREAM = 0x7368_0000; // "sh"

/**
 * Labels shuffled within every question; labels of questions that have one class alone go to another of those as a whole. The counts of
 * labels stay, what they have to do with the texts goes.
 * @param number which shuffle, from 0
 */
export function shuffledLabels(
  y: Uint8Array,
  question: Uint32Array,
  seed: number,
  number = 0,
): Uint8Array<ArrayBuffer> {
  const words = new RandomWords(seed, SHUFFLE_STREAM + number);
  const out = Uint8Array.from(y);
  const questions = questionsOf(y, question);
  for (const { texts, kind } of questions) {
    if (kind !== 'both') continue;
    const order = Uint32Array.from(texts);
    words.shuffle(order);
    for (const [k, text] of texts.entries()) out[text] = y[order[k]];
  }
  const single = questions.filter(({ kind }) => kind !== 'both');
  const order = Uint32Array.from(single, (_, k) => k);
  words.shuffle(order);
  for (const [k, { texts }] of single.entries()) {
    const label = single[order[k]].kind === 'positive' ? 1 : 0;
    for (const text of texts) out[text] = label;
  }
  return out;
}

export function questionsOf(y: Uint8Array, question: Uint32Array): readonly Question[] {
  const texts = new Map<number, number[]>();
  question.forEach((number, i) => {
    const own = texts.get(number);
    if (own) own.push(i);
    else texts.set(number, [i]);
  });
  return [...texts.values()].map((own) => {
    const positive = own.filter((i) => y[i] === 1).length;
    return { texts: own, kind: positive === own.length ? 'positive' : positive === 0 ? 'negative' : 'both' };
  });
}
