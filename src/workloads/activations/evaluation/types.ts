/** Rows and tables of what is measured beside runs. Plain data, structured-cloneable. */
import type { WeightStorage } from '../../../nn/transformer/batch.ts';

/** `two-stage`: one by one, then a second pass; `combined`: one by one, activations taken while generating; `batched`: side by side. */
export type Pipeline = 'two-stage' | 'combined' | 'batched';

export interface BatchRow {
  readonly pipeline: Pipeline;
  /** Texts side by side. */
  readonly batch: number;
  readonly ms: number;
  /** Time of the first row over that of this one. */
  readonly speedUp: number;
  readonly prefillTokensPerSecond: number;
  /** NaN where reading alone took as long. */
  readonly decodeTokensPerSecond: number;
  /** Bytes of all buffers, exact. */
  readonly bytes: number;
  /** By the origin's formula: 4 GB and 1 GB a text side by side. */
  readonly originBytes: number;
  /** Tokens that differ from the first row's. */
  readonly tokensDiffer: number;
  /** Largest difference of a pooled activation from the first row's. */
  readonly largestDifference: number;
}

export interface BatchTable {
  readonly rows: readonly BatchRow[];
  readonly texts: number;
  readonly maxNewTokens: number;
  /** Model and device in words. */
  readonly model: string;
  readonly on: string;
  /** A software adapter, whose times are no GPU's. */
  readonly software: boolean;
  /** Bytes of weights, and of one text side by side: keys, values, sums. */
  readonly weightBytes: number;
  readonly textBytes: number;
}

/** A text whose mean over all positions is taken over pads, too, as in a batch that is padded to its longest text. */
export interface PaddingRow {
  readonly text: string;
  readonly tokens: number;
  readonly pads: number;
  /** |padded − own| / |own|, of the layer where it is largest; 0.5 is half of its norm. */
  readonly moved: number;
  readonly cosine: number;
  readonly layer: number;
}

export interface PaddingTable {
  /** Shortest first. */
  readonly rows: readonly PaddingRow[];
  readonly longest: number;
  readonly model: string;
}

export interface PrecisionRow {
  readonly storage: WeightStorage;
  readonly weightBytes: number;
  readonly bytes: number;
  readonly decodeTokensPerSecond: number;
  /** Over the text that f32 wrote. */
  readonly largestLogitChange: number;
  /** Mean Kullback–Leibler divergence from f32, nats a token. */
  readonly kl: number;
  /** Tokens that are equal before the first that is not, of a text of its own. */
  readonly sameTokens: number;
  /** Smallest cosine of a residual with f32's, over tokens and layers. */
  readonly smallestCosine: number;
}

export interface PrecisionTable {
  readonly rows: readonly PrecisionRow[];
  readonly lacking: readonly { readonly storage: WeightStorage; readonly reason: string }[];
  readonly tokens: number;
  readonly model: string;
  readonly on: string;
}
