/** One text of a chunk on its way: what it is placed with, and what has come of it. */
import * as v from 'valibot';
import type { TextStart, TextState } from '../../nn/transformer/batch.ts';
import type { EncodedText } from '../language-models/encode.ts';
import { rangeOf } from './data/positions.ts';
import { newTokensOf, type TextSettings } from './problem.ts';
import type { FinishedText } from './result.ts';

/** What a text needs to be gone on with elsewhere: its tokens so far. JSON. */
export type SavedText = {
  readonly drawn: readonly number[];
  /** Nothing is drawn any more. */
  readonly ended: boolean;
};

const SAVED = v.object({ drawn: v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), ended: v.boolean() });

/** What was saved of a text; undefined for what is no such thing: the text begins anew. */
export function readSavedText(state: unknown, { given }: EncodedText): SavedText | undefined {
  const { success, output } = v.safeParse(SAVED, state);
  return success && given.response === undefined ? output : undefined;
}

const NOWHERE = [0, 0] as const;

/**
 * A text is written, and read again where its activations are taken in a second pass: always of two stages, and where a position counts from
 * the end of a response that is not known beforehand. Both passes give equal bits, and so does a text that goes on from saved tokens.
 */
export class TextWalk {
  readonly index: number;
  readonly text: EncodedText;
  readonly #settings: TextSettings;
  readonly #seed: number;
  /** Tokens drawn before it was placed last. */
  #before: readonly number[] = [];
  #state: TextState | undefined;
  #ended: boolean;
  /** The pass in hand is the second. */
  #again = false;

  constructor(settings: TextSettings, index: number, text: EncodedText, seed: number, saved?: SavedText) {
    this.index = index;
    this.text = text;
    this.#settings = settings;
    this.#seed = seed;
    this.#before = saved?.drawn ?? [];
    this.#ended = saved?.ended ?? this.#most === 0;
  }

  get #most(): number {
    return newTokensOf(this.#settings, this.text);
  }

  /** Passes it takes in all. */
  get passes(): 1 | 2 {
    return this.#most > 0 && (this.#settings.params.pipeline === 'two-stage' || !this.#known) ? 2 : 1;
  }

  /** Its positions can be told before its response is there. */
  get #known(): boolean {
    return this.#settings.positions.every((position) => rangeOf(position, this.text.prompt, undefined) !== undefined);
  }

  /** Positions that it takes at most, of both passes. */
  get allotted(): number {
    return this.passes * (this.text.ids.length + this.#most);
  }

  /** Of those, what is done. */
  get fed(): number {
    const first = this.#again ? this.text.ids.length + this.#before.length : 0;
    return first + (this.#state?.fed ?? 0);
  }

  get drawn(): readonly number[] {
    return [...this.#before, ...(this.#state?.drawn ?? [])];
  }

  /** As it goes into a slot, at first, again, or from saved tokens. */
  start(slot: number): TextStart {
    const { ids, prompt } = this.text;
    const { positions, params } = this.#settings;
    if (this.#ended && this.passes === 2) this.#again = true;
    this.#state = undefined;
    // A given response is known from the beginning.
    const response = this.#ended ? ids.length - prompt + this.#before.length : undefined;
    const first = this.passes === 2 && !this.#again;
    return {
      slot,
      ids: [...ids, ...this.#before],
      prompt,
      newTokens: this.#ended ? 0 : this.#most - this.#before.length,
      seed: this.#seed,
      windows: positions.map((position) => (first ? NOWHERE : rangeOf(position, prompt, response)!)),
      strength: params.strength,
    };
  }

  /** @returns whether the pass in hand is over */
  take(state: TextState): boolean {
    this.#state = state;
    return state.done;
  }

  /** The pass is over: true where another has to follow. */
  goOn(): boolean {
    if (this.#again || this.passes === 1) return false;
    this.#before = this.drawn;
    this.#ended = true;
    return true;
  }

  finished(sums: FinishedText['sums']): FinishedText {
    const { ids, prompt, given } = this.text;
    const written = this.drawn;
    const tokens = [...ids.slice(prompt), ...written];
    const whole = ids.length + written.length;
    return {
      tokens,
      finish: given.response !== undefined ? 'given' : written.length < this.#most ? 'end' : 'length',
      sums,
      ...(this.#state?.nll && { nll: this.#state.nll }),
      work: this.passes * whole,
    };
  }

  get saved(): SavedText {
    return { drawn: this.drawn, ended: this.#ended || this.drawn.length === this.#most };
  }
}
