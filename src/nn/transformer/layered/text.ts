/** A text on its way, as the host knows it. */
import { keyOfSeed } from '../../../stats/threefry.ts';
import type { DecoderOptions, TextStart } from '../batch.ts';
import type { Segment } from './list.ts';

export class LayeredText {
  readonly slot: number;
  readonly ids: Uint32Array<ArrayBuffer>;
  readonly prompt: number;
  readonly strength: number;
  readonly windows: TextStart['windows'];
  readonly #key: readonly [number, number];
  /** Ids that it will have at most: fewer once the device has drawn one that ends it. */
  total: number;
  /** Positions that have been submitted. */
  submitted = 0;

  /** @throws RangeError for a text longer than the context or an id outside the vocabulary */
  constructor(start: TextStart, { slots, context, spec, capture, steering }: DecoderOptions) {
    const { slot, ids, prompt, newTokens, seed, windows, strength } = start;
    const total = ids.length + newTokens;
    const wrong = (what: string) => new RangeError(`The text of slot ${slot}: ${what}`);
    if (!Number.isInteger(slot) || slot < 0 || slot >= slots) throw wrong(`there are slots 0 to ${slots - 1}`);
    if (ids.length < 1) throw wrong('it has no id, and one is the least');
    if (total > context) throw wrong(`${total} ids with those to be drawn, and the context holds ${context}`);
    if (prompt < 1 || prompt > ids.length) throw wrong(`a prompt of ${prompt} of its ${ids.length} ids`);
    if (windows.length !== capture.windows)
      throw wrong(`${windows.length} windows, and ${capture.windows} are summed for every text`);
    if (strength !== 0 && !steering) throw wrong('it is steered, and the decoder was opened without steering');
    this.ids = Uint32Array.from(ids);
    const strange = this.ids.find((id) => id >= spec.vocabulary);
    if (strange !== undefined) throw wrong(`id ${strange}, and the vocabulary has ${spec.vocabulary}`);
    this.slot = slot;
    this.prompt = prompt;
    this.strength = strength;
    this.windows = windows;
    this.#key = keyOfSeed(seed);
    this.total = total;
  }

  /** Ids that were given. */
  get given(): number {
    return this.ids.length;
  }

  /** Positions that have been computed, once all that was submitted has. */
  get fed(): number {
    return Math.min(this.submitted, this.total);
  }

  /** Ids drawn so far. */
  get drawn(): number {
    return Math.max(0, Math.min(this.total, this.fed + 1) - this.given);
  }

  /** Positions in each window so far. */
  counts(): number[] {
    return this.windows.map(([from, to]) => Math.max(0, Math.min(to, this.fed) - from));
  }

  /** Its next positions, and whose logits are needed. */
  segment(count: number, scored: boolean): Segment {
    const from = this.submitted;
    const draws = from + count >= this.given && from + count < this.total;
    return {
      slot: this.slot,
      from,
      count,
      wanted: scored ? 'all' : draws ? 'last' : 'none',
      key: this.#key,
      idBehind: (position) => (position < this.given ? this.ids[position] : undefined),
    };
  }
}
