/**
 * Texts that go on side by side, each in a slot: the contract of what runs a decoder, on a GPU, on a CPU, in f64. Sequences are ragged: own
 * keys and values, own positions from 0, no padding. Tokens and activations of a text are equal to the bit whatever else is in the batch,
 * however its prompt is cut in pieces, and whether its tokens were drawn or given.
 */
import type { CaptureSpec } from './capture.ts';
import type { DecoderSpec } from './spec.ts';

/** How weights are stored on the device; arithmetic is f32. int8: by row, with a scale each. */
export const WEIGHT_STORAGES = ['f32', 'f16', 'bf16', 'int8'] as const;
export type WeightStorage = (typeof WEIGHT_STORAGES)[number];

export interface SamplingSpec {
  /** 0: greedy, the first of the likeliest. */
  readonly temperature: number;
  /** Likeliest tokens among which is drawn; 0: all. */
  readonly topK: number;
  /** Smallest set of those whose mass reaches it; 1: all. */
  readonly topP: number;
}

export interface DecoderOptions {
  readonly spec: DecoderSpec;
  readonly storage: WeightStorage;
  /** Texts side by side. */
  readonly slots: number;
  /** Positions of a text at most, prompt and response. */
  readonly context: number;
  readonly capture: CaptureSpec;
  readonly sampling: SamplingSpec;
  /** Ids that end a text; they are no part of it. */
  readonly ends: readonly number[];
  /** A vector for every block may be added behind it (`DecoderBatch.steer`): at all positions, or behind the prompt's alone. */
  readonly steering?: 'all' | 'response';
  /** −log p of every id but the first is kept, given or drawn, at temperature 1. */
  readonly scored: boolean;
}

/** A text as it begins. */
export interface TextStart {
  readonly slot: number;
  /** At least one: the prompt, and behind it a response that is given. */
  readonly ids: ArrayLike<number>;
  /** How many of them are the prompt's. */
  readonly prompt: number;
  /** Tokens drawn at most behind `ids`. */
  readonly newTokens: number;
  /** Key of its random numbers; the position of the token drawn is the counter. */
  readonly seed: number;
  /** Positions [from, to) of each window, counted from the text's own 0; `Infinity`: to the end. As many as `CaptureSpec.windows`. */
  readonly windows: readonly (readonly [from: number, to: number])[];
  /** What the steering vectors are multiplied by; 0 where it is not steered. */
  readonly strength: number;
}

/** A text as it stands. */
export interface TextState {
  readonly slot: number;
  /** Ids drawn so far. */
  readonly drawn: Uint32Array;
  /** Positions whose activations have been computed. */
  readonly fed: number;
  /** All its ids are known and every position has been computed, the last one's too. */
  readonly done: boolean;
  /** −log p of every id from the second on, nats; where `scored`. */
  readonly nll?: Float32Array;
}

/** What is summed over the windows of a text. */
export interface TextSums {
  /** Positions in each window so far. */
  readonly counts: readonly number[];
  /** [windows][size of a captured row], f32 sums over ascending positions. */
  readonly sums: Float32Array;
}

export interface DecoderBatch {
  readonly options: DecoderOptions;
  /** Puts texts into slots, whatever was there. @throws RangeError for a text longer than the context or an id outside the vocabulary */
  place(texts: readonly TextStart[]): Promise<void>;
  /** Goes on for about `budgetMs`, or `most` tokens a text; resolves when that has been done. Texts that are done do nothing. */
  advance(budgetMs: number, most?: number): Promise<void>;
  /** Every slot that has a text, ascending. */
  states(): Promise<readonly TextState[]>;
  sums(slot: number): Promise<TextSums>;
  /** [positions computed][size of a captured row]; where the capture is `kept`. */
  rows(slot: number): Promise<Float32Array>;
  /** Vectors that are added, [layers][width]: row k behind block k, zero where nothing is. Where `steering`. For texts placed later; steered ones that go on meanwhile may take either. */
  steer(vectors: Float32Array<ArrayBuffer>): Promise<void>;
  /** Positions computed since it was opened, over all texts: the unit of work. */
  readonly work: number;
  /** Milliseconds that a device was busy, and how that was measured. */
  readonly busyMs: number;
  readonly clock: 'gpu-timestamp' | 'wall';
  close(): void;
}

/** How a decoder on a device is opened. */
export interface OpenOptions {
  /** Bytes of weights that have been uploaded, and all of them. */
  progress?(bytesDone: number, bytesTotal: number): void;
  readonly signal?: AbortSignal;
}
