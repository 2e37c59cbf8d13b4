/** Trait vectors and what they are worth. Plain data, structured-cloneable. */
import type { Component } from '../../../nn/transformer/capture.ts';

export const METHODS = ['mean_diff', 'probe', 'gradient', 'ica', 'rfm', 'random'] as const;
export type Method = (typeof METHODS)[number];

/** Pooled activations of one component at one position, as a run leaves them. */
export interface PooledPart {
  /** As it was asked for: "response[:5]". */
  readonly position: string;
  readonly component: Component;
  /** L + 1 of `residual`, else L. */
  readonly entries: number;
  readonly width: number;
  /** [texts][entries][width] */
  readonly values: Float32Array<ArrayBuffer>;
}

/** All that a table of vectors is made of: texts with labels, and their activations. */
export interface PooledActivations {
  readonly n: number;
  /** 1: positive. */
  readonly y: Uint8Array<ArrayBuffer>;
  readonly question: Uint32Array;
  /** Tokens of every text, prompt and response. */
  readonly length: Uint32Array<ArrayBuffer>;
  readonly parts: readonly PooledPart[];
}

export interface VectorOptions {
  readonly methods: readonly Method[];
  /**
   * Layers as the origin counts them, what leaves block l, counted from 0: `residual` l + 1, entry l of others. All unless given; `ica` and
   * `rfm`, which take seconds a layer, are fitted at these, or at the chosen one.
   */
  readonly layers?: readonly number[];
  /** What the probe is fitted to: rows as they are, or each over its length, as the origin has it. */
  readonly rows: 'raw' | 'unit';
  /** Massive dimensions are set to 0 before anything is fitted. */
  readonly zeroMassive: boolean;
  /** Parts into which questions fall; as many as there are questions where those are fewer. */
  readonly folds: number;
  readonly seed: number;
}

export const VECTOR_OPTIONS: VectorOptions = {
  methods: ['mean_diff', 'probe', 'gradient', 'random'],
  rows: 'raw',
  zeroMassive: false,
  folds: 5,
  seed: 42,
};

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
  /** Cosine with the mean difference of the same cell, both fitted to all texts. */
  readonly cosine: number;
  /** Over the folds' held-out questions; pairs of the same fold are compared. */
  readonly heldOut: Scores;
  /** On what it was fitted to, the mean of the folds and of their bounds: no evidence. */
  readonly train: Scores;
  /** The layer of its method, by scores inside the training parts alone. Of `ica` and `rfm`: that of the method whose layer they take. */
  readonly chosen: boolean;
}

/** A vector fitted to all texts. */
export interface FittedVector {
  readonly position: string;
  readonly component: Component;
  readonly layer: number;
  readonly method: Method;
  /** Of length 1. */
  readonly vector: Float32Array<ArrayBuffer>;
  /** Length before it was made so. */
  readonly norm: number;
  /** Projection of the point halfway between the means of the classes. */
  readonly baseline: number;
  /** Mean length of the activations there: the unit of steering. */
  readonly activationNorm: number;
  /** Accuracy at the baseline on what it was fitted to. */
  readonly trainAccuracy: number;
}

/** The layer of a method that scores inside the training parts choose. Entry 0 of `residual` is a control and not among them. */
export interface ChosenLayer {
  readonly position: string;
  readonly component: Component;
  readonly method: Method;
  /** Of the largest mean AUC over the inner folds of all folds. */
  readonly layer: number;
  readonly innerAuc: number;
  /** Layer that each fold chose without its own held-out questions, and the scores there: what choosing costs is in them. */
  readonly layers: readonly number[];
  readonly heldOut: Scores;
}

/** What the same procedure gives where there is nothing to find, or something else. */
export interface Control {
  readonly name: 'labels shuffled' | 'random direction' | 'words alone' | 'text length' | 'ICA component 0';
  readonly position: string;
  readonly component: Component;
  readonly layer?: number;
  /** Of shuffled labels and random directions: the mean of several, from the least to the greatest of them. */
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
  readonly choices: readonly ChosenLayer[];
  readonly massive: readonly MassiveDimension[];
  /** What could not be done, and what is to be known of what was. */
  readonly notes: readonly string[];
  readonly options: VectorOptions;
  readonly counts: {
    readonly positive: number;
    readonly negative: number;
    readonly questions: number;
    readonly folds: number;
  };
}
