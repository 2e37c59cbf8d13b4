/** A perceptron as it was read, and rows of numbers for it. */
import type { OwnFile } from '../../../bundle/own-file.ts';
import type { MlpSpec } from '../../../nn/mlp.ts';

export interface NetworkInput extends OwnFile {
  readonly spec: MlpSpec;
  /** In the order of `mlpGraph`. */
  readonly theta: Float32Array;
  /** What must be known before it is believed. */
  readonly warnings: readonly string[];
}

/** Inputs of a network, then its targets: [count][width]. */
export interface RowsInput extends OwnFile {
  readonly count: number;
  readonly width: number;
  readonly data: Float32Array | Float64Array;
}
