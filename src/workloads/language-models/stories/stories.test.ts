/** The grammar of stories: the same on every machine, coherent, with exact labels; its tokenizer; the texts that ship. */
import { Tokenizer } from '@huggingface/tokenizers';
import { expect, test } from 'vitest';
import { firstOf } from '../../activations/data/shipped.ts';
import { contrastTexts, openTexts } from './contrast.ts';
import { Choices, Filler, story } from './grammar.ts';
import { SITUATIONS } from './situations.ts';
import { BEGIN, storyWords, tokenizerConfig, UNKNOWN, vocabularyOf, wordIds, wordTokenizer } from './tokenizer.ts';
import { BOYS, GIRLS, moodWords } from './words.ts';

const vocabulary = vocabularyOf(storyWords());
const stories = Array.from({ length: 2000 }, (_, i) => story(1, i));

test('a story hangs on seed and number alone', () => {
  expect(story(1, 7)).toEqual(stories[7]);
  expect(story(2, 7).text).not.toBe(stories[7].text);
  expect(new Set(stories.map(({ text }) => text)).size).toBe(2000);
});

test('moods have their shares, and a story says in words how it ends', () => {
  const share = (mood: string) => stories.filter((each) => each.mood === mood).length / 2000;
  // Seven and seven of sixteen: ± four standard errors of .011.
  expect(Math.abs(share('happy') - 7 / 16)).toBeLessThan(0.045);
  expect(Math.abs(share('sad') - 7 / 16)).toBeLessThan(0.045);
  for (const { text, mood } of stories) {
    const { happy, sad } = moodWords(text);
    if (mood === 'happy') expect([happy > 0, sad], text).toEqual([true, 0]);
    else if (mood === 'sad') expect([happy, sad > 0], text).toEqual([0, true]);
    else expect([happy, sad], text).toEqual([0, 0]);
  }
});

test('stories are of 20 to 90 tokens, in words that are known; the hero’s pronouns are the hero’s', () => {
  for (const { text } of stories) {
    const ids = wordIds(text, vocabulary);
    expect(ids, text).not.toContain(UNKNOWN);
    expect(ids.length).toBeGreaterThanOrEqual(20);
    expect(ids.length).toBeLessThanOrEqual(90);
    expect(/\b(He|he|his|him)\b/.test(text) && /\b(She|she|her)\b/.test(text), text).toBe(false);
    const names = text.split(' ').filter((word) => [...GIRLS, ...BOYS].some((name) => name === word));
    expect(new Set(names).size, text).toBeLessThanOrEqual(2);
  }
});

test('−log p counts every choice once', () => {
  const choices = new Choices(1, 1);
  const filler = new Filler(choices);
  filler.fill('N and M , N and M .');
  // One name of ten, another of the nine that are left.
  expect(choices.nats).toBeCloseTo(Math.log(10) + Math.log(9), 12);
  filler.fill('N [ran|went|fell] to the P , the P .');
  expect(choices.nats).toBeCloseTo(Math.log(10 * 9 * 3 * 4), 12);
  for (const { nats } of stories) expect(nats).toBeGreaterThan(Math.log(16 / 6) + Math.log(SITUATIONS.length));
});

test('the tokenizer is read by Hugging Face’s and cuts words and signs as ours does', () => {
  expect(Object.keys(vocabulary).length % 8).toBe(0);
  expect(Object.keys(vocabulary).length).toBeLessThanOrEqual(256);
  const tokenizer = new Tokenizer(wordTokenizer(vocabulary), tokenizerConfig(256));
  for (const { prompt } of [...contrastTexts(), ...openTexts()]) {
    const { ids } = tokenizer.encode(prompt);
    expect(ids).toEqual([BEGIN, ...wordIds(prompt, vocabulary)]);
    expect(ids).not.toContain(UNKNOWN);
    expect(tokenizer.decode(ids, { skip_special_tokens: true })).toBe(prompt);
  }
  expect(tokenizer.encode('Lily wept by the xylophone.').ids).toContain(UNKNOWN);
});

test('the contrast is balanced in every situation, says nothing of a mood, and no word tells it', () => {
  const texts = contrastTexts();
  expect(texts).toHaveLength(10 * SITUATIONS.length);
  expect(new Set(texts.map(({ id }) => id)).size).toBe(texts.length);
  for (const { id } of SITUATIONS) {
    const own = texts.filter(({ question }) => question === id);
    expect(own.filter(({ label }) => label === 'positive')).toHaveLength(5);
    expect(own).toHaveLength(10);
  }
  for (const { prompt } of [...texts, ...openTexts()]) expect(moodWords(prompt), prompt).toEqual({ happy: 0, sad: 0 });
  const words = new Set(texts.flatMap(({ prompt }) => prompt.toLowerCase().match(/[a-z]+/g)!));
  for (const word of words) {
    const having = texts.filter(({ prompt }) => new RegExp(`\\b${word}\\b`, 'i').test(prompt));
    if (having.length < texts.length / 5) continue;
    const share = having.filter(({ label }) => label === 'positive').length / having.length;
    expect(Math.abs(share - 0.5), word).toBeLessThan(0.3);
  }
});

test.each([20, 40, 60, 100])(
  'of the first %i of each side, as many are turned round, and length tells nothing',
  (each) => {
    const some = firstOf(contrastTexts(), each);
    const side = (label: string) => some.filter((text) => text.label === label);
    const [positive, negative] = [side('positive'), side('negative')];
    const turned = (texts: readonly { readonly id: string }[]) =>
      texts.filter(({ id }) => id.includes('turned')).length;
    expect([positive.length, negative.length]).toEqual([each, each]);
    expect([turned(positive), turned(negative)]).toEqual([each / 5, each / 5]);
    const words = (text: string) => text.match(/\w+|[.,!?]/g)!.length;
    let longer = 0;
    for (const a of positive)
      for (const b of negative) longer += (1 + Math.sign(words(a.prompt) - words(b.prompt))) / 2;
    expect(Math.abs(longer / (each * each) - 0.5)).toBeLessThan(0.05);
  },
);
