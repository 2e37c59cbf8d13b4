/** Trait vectors from a finished run, as the page asks for them and hears of them. */
import type { Component } from '../../../nn/transformer/capture.ts';
import type { Control, MassiveDimension, Method, VectorScore, VectorTable } from '../vectors/types.ts';

/** One vector among those that were fitted. */
export interface VectorPlace {
  /** As it was asked for: "response[:5]". */
  readonly position: string;
  readonly component: Component;
  readonly layer: number;
  readonly method: Method;
}

/** A vector that others use. */
export type VectorChoice =
  /** Of the job `vectors`, which keeps what it fitted last. */
  | (VectorPlace & { readonly from: 'fitted' })
  /** Of the user's file, behind this block, counted from 1; undefined: the one of the form or of the file. */
  | { readonly from: 'file'; readonly layer?: number }
  /**
   * Fitted on the spot, without a run: mean_diff of the residual stream at prompt[-1], of the form's texts, which are those that ship unless
   * files are there. Without a layer the one that scores inside the training parts choose.
   */
  | { readonly from: 'texts'; readonly layer?: number };

/** Pooled activations of a position and component over all texts. */
export interface PooledArrays {
  readonly position: string;
  readonly component: Component;
  /** L + 1 of `residual`, else L. */
  readonly layers: number;
  readonly d: number;
  /** [texts][layers][d] */
  readonly values: Float32Array<ArrayBuffer>;
}

export interface VectorsWish {
  readonly arrays: readonly PooledArrays[];
  /** One a text: 1 positive, 0 negative. Texts that have no label are left out beforehand. */
  readonly y: Uint8Array<ArrayBuffer>;
  readonly question: readonly string[];
  /** Tokens of every text, prompt and response. */
  readonly length: Uint32Array<ArrayBuffer>;
  /** All but `rfm`, which takes long, unless given. */
  readonly methods?: readonly Method[];
  /** Massive dimensions are set to zero before anything is fitted. */
  readonly zeroMassive?: boolean;
  /** What the probe is fitted to: rows as they are, unless given, or each over its length. */
  readonly rows?: 'raw' | 'unit';
  /** 5 unless given. */
  readonly folds?: number;
  /** Family of the model, e.g. "gemma2": control vectors carry it. */
  readonly family?: string;
  readonly seed: number;
}

export type VectorsEvent =
  /** `done` of `of` cells of the map and controls. */
  | { readonly type: 'progress'; readonly what: string; readonly done: number; readonly of: number }
  /** New ones; which are chosen the reply says. */
  | { readonly type: 'scores'; readonly scores: readonly VectorScore[] }
  | { readonly type: 'controls'; readonly controls: readonly Control[] }
  /** All so far. */
  | { readonly type: 'massive'; readonly massive: readonly MassiveDimension[] };

export type VectorFormat = 'safetensors' | 'npy' | 'gguf';

export interface SavedVector {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A type, so that it may stand for functions by name. */
export type VectorsMessages = {
  /** `unit`: of length 1, else as it was fitted. `gguf` has the method's vector of every layer. */
  save(place: VectorPlace, format: VectorFormat, unit: boolean): SavedVector | Promise<SavedVector>;
};

/** The job `vectors`: replies with the table when all is fitted; stopped, with what there is. No device. */
export interface VectorsTypes {
  readonly wish: VectorsWish;
  readonly reply: VectorTable;
  readonly event: VectorsEvent;
  readonly messages: VectorsMessages;
}
