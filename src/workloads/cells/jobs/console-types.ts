/** What is asked of the sampler from the browser's console. */
import type { DenoiseOptions, SampleOptions, TokenArray } from '../console.ts';

/** The network that computes is the user's where one is loaded, else the one that ships. */
export type ConsoleWish =
  | { readonly what: 'sample'; readonly options: SampleOptions }
  | { readonly what: 'denoise'; readonly x: ArrayLike<number>; readonly options: DenoiseOptions };

export interface ConsoleTypes {
  readonly wish: ConsoleWish;
  readonly reply: TokenArray;
  readonly event: never;
  readonly messages: Readonly<Record<never, never>>;
}
