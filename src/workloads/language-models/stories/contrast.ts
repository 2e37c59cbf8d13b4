/** Texts that ship: beginnings of stories that went well or badly, by situation, and beginnings that leave it open. */
import type { GivenText } from '../texts.ts';
import { beginning, Choices, Filler, moodOf } from './grammar.ts';
import { MIDDLES } from './sentences.ts';
import { SITUATIONS } from './situations.ts';

/** Of these texts alone; the seeds of stories that models are trained on are others. */
const CONTRAST_SEED = 0x6d_6f6f;

/** Texts of each side a situation, and how many of them are turned round. */
const EACH = 5;
const TURNED = 1;

/** Words as they are written: no space before a sign that ends something. */
export const written = (text: string) => text.replace(/ ([.,!?])/g, '$1');

function prompt(number: number, situation: (typeof SITUATIONS)[number], event: 'good' | 'bad', turned: boolean) {
  const choices = new Choices(CONTRAST_SEED, number);
  const filler = new Filler(choices);
  const sentences = [...beginning(choices, situation, event, turned), choices.of(MIDDLES)];
  return written(sentences.map((sentence) => filler.fill(sentence)).join(' '));
}

/**
 * "happy and sad": what happened is told, and a sentence that says nothing of it; nobody has smiled or cried. The question is the situation, so
 * that held-out questions ask whether a direction is of the mood, not of a situation's words. Those turned round are longer: on both sides of a
 * situation one stands at the same place, another one in the next situation, so that the first of every situation differ in mood alone.
 */
export function contrastTexts(): GivenText[] {
  return SITUATIONS.flatMap((situation, place) => {
    const told = (event: 'good' | 'bad', side: number) =>
      Array.from({ length: EACH }, (_, i): GivenText => {
        const turned = i < TURNED;
        const mood = moodOf(event, turned);
        return {
          id: `${situation.id} ${event}${turned ? ' turned' : ''} ${i + 1}`,
          prompt: prompt((place * 2 + side) * EACH + i, situation, event, turned),
          label: mood === 'happy' ? 'positive' : 'negative',
          question: situation.id,
        };
      });
    const [good, bad] = [told('good', 0), told('bad', 1)];
    const sided = (plain: readonly GivenText[], turned: readonly GivenText[]) =>
      plain.slice(TURNED).toSpliced(place % EACH, 0, ...turned.slice(0, TURNED));
    return [...sided(good, bad), ...sided(bad, good)];
  });
}

/** Beginnings that leave everything open, for steering: one a situation. */
export function openTexts(): GivenText[] {
  return SITUATIONS.map((situation, place): GivenText => {
    const choices = new Choices(CONTRAST_SEED + 1, place);
    return {
      id: `${situation.id} open`,
      prompt: written(new Filler(choices).fill(choices.of(situation.setup))),
      label: 'none',
      question: situation.id,
    };
  });
}
