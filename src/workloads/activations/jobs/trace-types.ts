/** Texts token by token along a vector, as the page asks for them and hears of them. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { VectorChoice } from './vector-types.ts';

export interface TraceWish {
  readonly config: RunConfig;
  /** Its direction is the same in every layer's row; its own layer is what curves are of. */
  readonly vector: VectorChoice;
  /** Read as they stand; each goes on by `maxNewTokens` drawn tokens, 0: none. */
  readonly texts: readonly string[];
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly seed: number;
}

/** What a projection says as tokens go by. */
export interface Monitoring {
  /** First token t with |Δ²s| below the threshold; undefined where there is none. */
  readonly commitment?: number;
  /** Tokens after the peak of |s| with |s| above half of it. */
  readonly persistence: number;
  readonly peak: number;
}

export interface TracedText {
  readonly text: string;
  /** Every token as it stands in the text. */
  readonly pieces: readonly string[];
  /** Tokens that were given, not drawn. */
  readonly prompt: number;
  /** Layers of the map, L + 1: the embedding, then behind every block. */
  readonly layers: number;
  /** [layers][tokens] h · v̂ of that layer's residual. */
  readonly projection: Float32Array<ArrayBuffer>;
  /** [layers][tokens], −1 … 1. */
  readonly cosine: Float32Array<ArrayBuffer>;
  /** [layers][tokens] |h|. */
  readonly norm: Float32Array<ArrayBuffer>;
  /** −log p of every token, nats; NaN of the first. */
  readonly nll: Float32Array<ArrayBuffer>;
  /** Δs and Δ²s at the vector's own layer, [tokens]; NaN where there are too few tokens before. */
  readonly velocity: Float32Array<ArrayBuffer>;
  readonly acceleration: Float32Array<ArrayBuffer>;
  /** |Δ²s| below 0.1, the origin's; and below 0.1 of the text's own standard deviation of s. */
  readonly absolute: Monitoring;
  readonly scaled: Monitoring;
}

export type TraceEvent = {
  readonly type: 'text';
  readonly text: TracedText;
  readonly done: number;
  readonly of: number;
};

export interface TraceReply {
  readonly vector: string;
  readonly layer: number;
  /** Name of the model. */
  readonly model: string;
  readonly texts: readonly TracedText[];
}

/** The job `trace`. It is short, and yields the device. */
export interface TraceTypes {
  readonly wish: TraceWish;
  readonly reply: TraceReply;
  readonly event: TraceEvent;
  readonly messages: Record<never, never>;
}
