/** A look at the texts of a chunk while they are written. */

import type { Label } from '../language-models/texts.ts';
import type { Peek } from '../workload.ts';

export interface LookedAtText {
  /** Index in the run. */
  readonly item: number;
  readonly label: Label;
  /** Tokens as each stands in the text, spaces included: the prompt's, then those of the response so far. */
  readonly pieces: readonly string[];
  /** How many of them are the prompt's. */
  readonly prompt: number;
  readonly done: boolean;
}

export interface TextsLook {
  /** The first of the chunk in flight, `MOST_LOOKED_AT` at most. */
  readonly texts: readonly LookedAtText[];
  /** Tokens that each is given at most behind its prompt. */
  readonly newTokens: number;
}

export type ActivationsPeek = Peek<undefined, TextsLook>;

/** More are not read on a screen. */
export const MOST_LOOKED_AT = 24;
