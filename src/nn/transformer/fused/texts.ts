/** How texts lie in the buffer that the fused decoder reads and writes: words of all slots, then ids, then −log p. */
import { keyOfSeed } from '../../../stats/threefry.ts';
import type { DecoderOptions, TextStart } from '../batch.ts';

/** Words of a text before its windows: positions computed, ids known, ids at most, of the prompt, seed (2), strength, going. */
export const TEXT_WORDS = 8;

export interface TextsLayout {
  /** Words of a text, windows among them. */
  readonly text: number;
  /** In words: of ids, of −log p where it is kept, and of all. */
  readonly ids: number;
  readonly nll: number;
  readonly words: number;
}

export function textsLayout({
  slots,
  context,
  capture,
  scored,
}: Pick<DecoderOptions, 'slots' | 'context' | 'capture' | 'scored'>): TextsLayout {
  const text = TEXT_WORDS + 2 * capture.windows;
  const ids = slots * text;
  const nll = ids + slots * context;
  return { text, ids, nll, words: nll + (scored ? slots * context : 0) };
}

/** Its words as it begins. */
export function textWords({ ids, prompt, newTokens, seed, windows, strength }: TextStart): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(Float32Array.of(strength).buffer)[0];
  const word = (position: number) => Math.min(position, 0xffffffff);
  return Uint32Array.of(
    0,
    ids.length,
    ids.length + newTokens,
    prompt,
    ...keyOfSeed(seed),
    bits,
    1,
    ...windows.flatMap(([from, to]) => [word(from), word(to)]),
  );
}

/** @throws RangeError for a text that a decoder of these options cannot have */
export function checkText(
  { ids, prompt, newTokens, slot, windows }: TextStart,
  { slots, context, spec, capture }: DecoderOptions,
): void {
  if (!(Number.isInteger(slot) && slot >= 0 && slot < slots))
    throw new RangeError(`slot ${slot} of a text: there are ${slots}`);
  if (ids.length < 1) throw new RangeError(`the text in slot ${slot} has no ids: a decoder begins with at least one`);
  if (!(prompt >= 1 && prompt <= ids.length))
    throw new RangeError(`prompt of the text in slot ${slot} is ${prompt} of ${ids.length} ids`);
  if (ids.length + newTokens > context)
    throw new RangeError(
      `the text in slot ${slot} comes to ${ids.length + newTokens} positions, and there is place for ${context}`,
    );
  if (windows.length !== capture.windows)
    throw new RangeError(`the text in slot ${slot} has ${windows.length} windows instead of ${capture.windows}`);
  for (let i = 0; i < ids.length; i++)
    if (!(Number.isInteger(ids[i]) && ids[i] >= 0 && ids[i] < spec.vocabulary))
      throw new RangeError(
        `id ${ids[i]} of the text in slot ${slot} is outside of the vocabulary of ${spec.vocabulary}`,
      );
}
