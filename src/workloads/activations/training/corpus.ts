/** Texts that a decoder learns from, as ids, those that judge it, and what simpler models say of the same texts. */
import { story } from '../../language-models/stories/grammar.ts';
import { BEGIN, END, storyWords, vocabularyOf, wordIds } from '../../language-models/stories/tokenizer.ts';
import type { StoryRecipe } from './recipe.ts';

/** Stories that judge as it goes on, and those that are held out until the end. */
const VALIDATION = 200;
const HELD_OUT = 500;

export interface Corpus {
  /** Where the texts are from, in words. */
  readonly source: string;
  readonly vocabulary: Readonly<Record<string, number>>;
  /** All texts to learn from, one behind the other, each between the tokens of a beginning and an end. */
  readonly list: Uint16Array;
  /** Where each of them begins. */
  readonly begins: Uint32Array<ArrayBuffer>;
  /** Ids of texts that are not learned from. */
  readonly validation: readonly Uint16Array[];
  readonly heldOut: readonly Uint16Array[];
  /** What no model can do better than on the held-out texts, nats a token, where the texts are drawn from a known law. */
  readonly entropy?: number;
}

const idsOf = (text: string, vocabulary: Readonly<Record<string, number>>) =>
  Uint16Array.of(BEGIN, ...wordIds(text, vocabulary), END);

/** Stories of the grammar: the first to learn from, those behind them to judge by. */
export function storyCorpus({ storySeed, stories }: Pick<StoryRecipe, 'storySeed' | 'stories'>): Corpus {
  const vocabulary = vocabularyOf(storyWords());
  const drawn = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => {
      const { text, nats } = story(storySeed, from + i);
      return { ids: idsOf(text, vocabulary), nats };
    });
  const learned = drawn(0, stories);
  const heldOut = drawn(stories + VALIDATION, HELD_OUT);
  const begins = new Uint32Array(stories);
  const list = new Uint16Array(learned.reduce((sum, { ids }) => sum + ids.length, 0));
  let at = 0;
  learned.forEach(({ ids }, i) => {
    begins[i] = at;
    list.set(ids, at);
    at += ids.length;
  });
  return {
    source: `stories of the grammar, seed ${storySeed}`,
    vocabulary,
    list,
    begins,
    validation: drawn(stories, VALIDATION).map(({ ids }) => ids),
    heldOut: heldOut.map(({ ids }) => ids),
    entropy: heldOut.reduce((sum, { nats }) => sum + nats, 0) / predicted(heldOut.map(({ ids }) => ids)),
  };
}

/** Tokens of texts that a model predicts: all but the first of each. */
export const predicted = (texts: readonly ArrayLike<number>[]) =>
  texts.reduce((sum, { length }) => sum + length - 1, 0);

/** Mean −log p of the held-out texts' tokens under counts of the others, nats a token. */
export interface Baselines {
  /** Every token by its frequency. */
  readonly unigram: number;
  /** By the token before it, mixed with its frequency: counts of the pair plus one times the frequency, over those of the token before plus one. */
  readonly bigram: number;
}

export function baselines({ list, heldOut, vocabulary }: Corpus): Baselines {
  const count = Object.keys(vocabulary).length;
  const single = new Float64Array(count).fill(1);
  const pairs = new Float64Array(count * count);
  for (let i = 1; i < list.length; i++) {
    // A beginning is given, not predicted.
    if (list[i] === BEGIN) continue;
    single[list[i]]++;
    pairs[list[i - 1] * count + list[i]]++;
  }
  const all = single.reduce((sum, each) => sum + each, 0);
  const before = Float64Array.from({ length: count }, (_, a) =>
    pairs.subarray(a * count, (a + 1) * count).reduce((sum, each) => sum + each, 0),
  );
  let [unigram, bigram] = [0, 0];
  for (const ids of heldOut)
    for (let i = 1; i < ids.length; i++) {
      const p = single[ids[i]] / all;
      unigram -= Math.log(p);
      bigram -= Math.log((pairs[ids[i - 1] * count + ids[i]] + p) / (before[ids[i - 1]] + 1));
    }
  const tokens = predicted(heldOut);
  return { unigram: unigram / tokens, bigram: bigram / tokens };
}
