/** A grammar of stories: seeded, with exact labels and the exact probability of every choice. */
import { type RandomKey, threefryWord } from '../../../stats/threefry.ts';
import { ENDINGS, MIDDLES, OPENINGS, REACTIONS, TURNS } from './sentences.ts';
import { SITUATIONS, type Situation } from './situations.ts';
import { BOYS, FILLINGS, GIRLS } from './words.ts';

/** How a story ends. */
export type Mood = 'happy' | 'sad' | 'neutral';

export interface Story {
  /** Words and signs, a space between any two. */
  readonly text: string;
  readonly mood: Mood;
  /** What happened first went well and then badly, or the other way round. */
  readonly turned: boolean;
  readonly situation: string;
  /** −log of the probability of all that was chosen, nats: what no model can do better than, where no text comes from two choices. */
  readonly nats: number;
}

/** Second word of the key: of what these random numbers are for. */
const STORIES = 0x73_746f; // "sto"

/** Shares of stories: how the first event goes, and whether it is turned round. */
const SHARES = [
  { event: 'good', turned: false, share: 6 },
  { event: 'bad', turned: false, share: 6 },
  { event: 'good', turned: true, share: 1 },
  { event: 'bad', turned: true, share: 1 },
  { event: 'plain', turned: false, share: 2 },
] as const;

const PRONOUNS = { He: 'She', he: 'she', his: 'her', him: 'her' } as const;

/** Choices of one text, in their order. */
export class Choices {
  readonly #key: RandomKey;
  readonly #text: number;
  #drawn = 0;
  nats = 0;

  constructor(seed: number, text: number) {
    this.#key = [seed >>> 0, STORIES];
    this.#text = text;
  }

  /** A whole number below `count`, all equally likely (to 2⁻³²). */
  below(count: number): number {
    const word = threefryWord(...this.#key, this.#text, this.#drawn++);
    this.nats += Math.log(count);
    return Math.floor((word / 2 ** 32) * count);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

/** Who and what a text is about, drawn where it is first spoken of. */
export class Filler {
  readonly #choices: Choices;
  readonly #found = new Map<string, string>();

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  #draw(place: string): string {
    if (place === 'N') return this.#choices.of([...GIRLS, ...BOYS]);
    if (place === 'M') return this.#choices.of([...GIRLS, ...BOYS].filter((name) => name !== this.#word('N')));
    return this.#choices.of(FILLINGS[place as keyof typeof FILLINGS]);
  }

  #word(place: string): string {
    const known = this.#found.get(place);
    if (known !== undefined) return known;
    const drawn = this.#draw(place);
    this.#found.set(place, drawn);
    return drawn;
  }

  /** Whether the hero is a girl. */
  get #girl(): boolean {
    return (GIRLS as readonly string[]).includes(this.#word('N'));
  }

  fill(template: string): string {
    const chosen = template.replace(/\[([^\]]+)\]/g, (_, list: string) =>
      list === 'girl|boy' ? (this.#girl ? 'girl' : 'boy') : this.#choices.of(list.split('|')),
    );
    return chosen
      .split(' ')
      .map((word, i) => {
        if (word === 'A' && i === 0) return word;
        if (word === 'N' || word === 'M' || word in FILLINGS) return this.#word(word);
        return word in PRONOUNS && this.#girl ? PRONOUNS[word as keyof typeof PRONOUNS] : word;
      })
      .join(' ');
  }
}

/** The mood that an event leaves. */
export const moodOf = (event: 'good' | 'bad' | 'plain', turned: boolean): Mood =>
  event === 'plain' ? 'neutral' : (event === 'good') === turned ? 'sad' : 'happy';

/** As many sentences of a list, none of them twice. */
function some(choices: Choices, list: readonly string[], count: number): string[] {
  const left = [...list];
  return Array.from({ length: count }, () => left.splice(choices.below(left.length), 1)[0]);
}

/** Of a situation up to what happened, and what turned it round. */
export function beginning(
  choices: Choices,
  { setup, ...events }: Situation,
  event: 'good' | 'bad' | 'plain',
  turned: boolean,
): string[] {
  const turn = event === 'good' ? TURNS.bad : TURNS.good;
  return [choices.of(setup), choices.of(events[event]), ...(turned ? [choices.of(turn)] : [])];
}

/** The story of that number: the same on every machine. */
export function story(seed: number, number: number): Story {
  const choices = new Choices(seed, number);
  const filler = new Filler(choices);
  const deck = SHARES.flatMap((each) => Array.from({ length: each.share }, () => each));
  const { event, turned } = choices.of(deck);
  // A share of several cards is one choice.
  choices.nats -= Math.log(SHARES.find((each) => each.event === event && each.turned === turned)!.share);
  const situation = choices.of(SITUATIONS);
  const mood = moodOf(event, turned);
  const sentences = [
    ...some(choices, OPENINGS, choices.below(2)),
    ...beginning(choices, situation, event, turned),
    ...some(choices, MIDDLES, choices.below(3)),
    ...some(choices, REACTIONS[mood], 1 + choices.below(2)),
    choices.of(ENDINGS[mood]),
  ];
  const text = sentences.map((sentence) => filler.fill(sentence)).join(' ');
  return { text, mood, turned, situation: situation.id, nats: choices.nats };
}
