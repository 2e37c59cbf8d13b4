/** Trait vectors and what they are worth. Plain data, structured-cloneable. */
import type { Component } from '../../../nn/transformer/capture.ts';

export const METHODS = ['mean_diff', 'probe', 'gradient', 'ica', 'rfm', 'random'] as const;
export type Method = (typeof METHODS)[number];

/** Pooled activations of one position, component and entry (layer), of labelled texts. */
export interface LabelledActivations {
  /** [n][d] */
  readonly x: Float32Array;
  readonly n: number;
  readonly d: number;
  /** 1: positive. */
  readonly y: Uint8Array;
  /** Number of the question of every text. */
  readonly question: Uint32Array;
  /** Tokens of every text. */
  readonly length: Uint32Array;
}

/** A score with its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Scores {
  readonly auc: Interval;
  /** Signed: Δmean / √((s₁² + s₀²) / 2). */
  readonly cohensD: number;
  /** At the midpoint of the training means. */
  readonly accuracy: number;
}

/** One vector: a cell of the heat map. */
export interface VectorScore {
  /** As it was asked for: "response[:5]". */
  readonly position: string;
  readonly component: Component;
  /** Of `residual` k: after k blocks. */
  readonly layer: number;
  readonly method: Method;
  /** Length before it was made a unit vector, in the units of the activations. */
  readonly norm: number;
  /** Over the folds' held-out questions, pooled. */
  readonly heldOut: Scores;
  /** On what it was fitted to: no evidence. */
  readonly train: Scores;
  /** Chosen by scores inside the training parts alone. */
  readonly chosen: boolean;
}

/** What the same procedure gives where there is nothing to find, or something else. */
export interface Control {
  readonly name: 'labels shuffled' | 'random direction' | 'words alone' | 'text length';
  readonly position: string;
  readonly component: Component;
  readonly layer?: number;
  readonly heldOut: Scores;
  readonly train: Scores;
}

/** One coordinate that is many times the others. */
export interface MassiveDimension {
  readonly component: Component;
  readonly layer: number;
  readonly dimension: number;
  /** Its mean size over the median of the coordinates'. */
  readonly times: number;
}

export interface VectorTable {
  readonly scores: readonly VectorScore[];
  readonly controls: readonly Control[];
  readonly massive: readonly MassiveDimension[];
  readonly counts: {
    readonly positive: number;
    readonly negative: number;
    readonly questions: number;
    readonly folds: number;
  };
}
