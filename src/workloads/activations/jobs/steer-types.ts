/** Texts that a vector steers, as the page asks for them and hears of them. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { ErrorReport } from '../../../engine/run/progress.ts';
import type { VectorChoice } from './vector-types.ts';

export interface SteerWish {
  /** Which model and storage; files are those that are loaded. */
  readonly config: RunConfig;
  readonly vector: VectorChoice;
  /** None: the open beginnings that ship. */
  readonly prompts: readonly string[];
  /** Texts drawn of every prompt; more than one needs a temperature. */
  readonly textsEach: number;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly seed: number;
  /** Whether it is added at every token, or behind the prompt alone. */
  readonly where: 'all' | 'response';
  /** In units of the mean residual norm at its layer. 0 has been written first in any case: what the others stand beside. */
  readonly strength: number;
}

export interface SteeredText {
  /** Its number among `prompts`, and among the texts of that prompt. */
  readonly prompt: number;
  readonly draw: number;
  /** Tokens of the response so far, each as it stands in the text, spaces included. */
  readonly pieces: readonly string[];
  readonly done: boolean;
  /** Mean −log p of the response under the model as it is, unsteered, nats a token; once it is done. */
  readonly nll?: number;
}

/** Words of the trait and of its opposite, counted by stems over all responses of a set. */
export interface WordCounts {
  readonly positive: number;
  readonly negative: number;
}

/** All texts by one vector at one strength. */
export interface SteeredSet {
  /** `random k`: a direction drawn from seed k, of the same length. */
  readonly what: 'vector' | `random ${number}`;
  readonly strength: number;
  readonly layer: number;
  readonly texts: readonly SteeredText[];
  readonly counts: WordCounts;
  /** Mean over texts that are done, nats a token; undefined while none is. */
  readonly nll?: number;
  readonly done: boolean;
}

export type SteerEvent =
  /** What goes on before anything is written. */
  | { readonly type: 'preparing'; readonly what: string }
  /** The set at this strength as it grows; a setting that comes meanwhile ends it. At most ten a second. */
  | { readonly type: 'texts'; readonly set: SteeredSet; readonly tokensPerSecond: number }
  /** A random direction's, complete. */
  | { readonly type: 'random'; readonly set: SteeredSet; readonly done: number; readonly of: number }
  /** It was stopped, gave way to a run, or failed: it hears no setting any more. */
  | { readonly type: 'ended'; readonly error?: ErrorReport };

export interface SteerReply {
  /** Where the vector is from, in words. */
  readonly vector: string;
  /** Behind this block, counted from 1. */
  readonly layer: number;
  readonly layers: number;
  /** Mean norm of the residual stream there: one unit of strength. */
  readonly unit: number;
  /** Held-out AUC of the vector at every layer, where it was fitted. */
  readonly aucs?: readonly number[];
  /** Stems that are counted; empty where the trait has none. A word counts when it begins with one. */
  readonly stems: { readonly positive: readonly string[]; readonly negative: readonly string[] };
  /** The prompts as tokens, each as it stands in the text. */
  readonly prompts: readonly (readonly string[])[];
}

/** A type, so that it may stand for functions by name. */
export type SteerMessages = {
  /** Writes all texts anew with this strength and layer; sets written before are remembered and come at once. */
  set(setting: { readonly strength: number; readonly layer: number }): void;
  /** Writes all texts with `count` random directions of the same length at the strength and layer of now. */
  random(count: number): void;
};

/** The job `steer`: replies once the vector is there and writes on until it is stopped, or gives way: it yields the device. */
export interface SteerTypes {
  readonly wish: SteerWish;
  readonly reply: SteerReply;
  readonly event: SteerEvent;
  readonly messages: SteerMessages;
}
