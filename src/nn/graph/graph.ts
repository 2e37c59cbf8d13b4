/**
 * A network as a list of operations over values, with one flat vector of parameters in the order and layout of its file. What is computed of it
 * (values, gradients, tangents, products with curvature) is computed by machines (`machine.ts`), which know operations and no networks.
 *
 * Every value is rows of numbers: [row][position][width]. A row is one sequence (or one observation, of a single position).
 */

/** A tensor of θ, as its file has it. */
export interface ParameterTensor {
  /** Name in the file. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Offset in θ. */
  readonly at: number;
  /**
   * What a filter of it is (Li et al. 2018): a `row` of [out, in] and of embeddings, a `column` of Conv1D's [in, out]; `none` of tensors of one
   * dimension.
   */
  readonly filter: 'row' | 'column' | 'none';
}

/** Columns `from` … of a value. */
export interface Slice {
  readonly value: string;
  readonly from: number;
}

/** out = rows of `table` [entries][width] by the row's ids. */
export interface Embed {
  readonly kind: 'embed';
  readonly table: string;
  readonly out: string;
}

/** out = x + `table`[position]. */
export interface Positions {
  readonly kind: 'positions';
  readonly x: string;
  readonly table: string;
  readonly out: string;
}

/** LayerNorm (mean and biased variance, weight and bias) or RMSNorm (weight alone). */
export interface Norm {
  readonly kind: 'norm';
  readonly norm: 'layer' | 'rms';
  readonly epsilon: number;
  readonly x: string;
  readonly weight: string;
  readonly bias?: string;
  readonly out: string;
}

/** out = x W + b; W lies [inputs][outputs] (`in-out`) or [outputs][inputs] (`out-in`). */
export interface Linear {
  readonly kind: 'linear';
  readonly x: string;
  readonly weight: string;
  readonly bias?: string;
  readonly layout: 'in-out' | 'out-in';
  readonly inputs: number;
  readonly outputs: number;
  readonly out: string;
}

/** Turns pairs (i, i + head/2) of every head by position × frequencies[i], in `columns` heads of width `head`. */
export interface Rotary {
  readonly kind: 'rotary';
  readonly x: string;
  readonly heads: number;
  readonly head: number;
  /** [head / 2] */
  readonly frequencies: readonly number[];
  readonly out: string;
}

/** Causal attention; query head h reads keys and values of head ⌊h · kvHeads / heads⌋. */
export interface Attention {
  readonly kind: 'attention';
  readonly q: Slice;
  readonly k: Slice;
  readonly v: Slice;
  readonly heads: number;
  readonly kvHeads: number;
  readonly head: number;
  /** q·k is multiplied by it. */
  readonly scale: number;
  /** Name of the probabilities [row][head][query][key], 0 beyond the query and beyond the row's length. */
  readonly pattern: string;
  readonly out: string;
}

export interface Activate {
  readonly kind: 'activation';
  /** `gelu` by tanh. */
  readonly activation: 'gelu' | 'silu';
  readonly x: string;
  readonly out: string;
}

export interface Multiply {
  readonly kind: 'multiply';
  readonly a: string;
  readonly b: string;
  readonly out: string;
}

export interface Add {
  readonly kind: 'add';
  readonly a: string;
  readonly b: string;
  readonly out: string;
}

export type Operation = Embed | Positions | Norm | Linear | Rotary | Attention | Activate | Multiply | Add;

/** Values of one block of a decoder, by what they are. */
export interface BlockSites {
  /** Residual stream before the block. */
  readonly residual: string;
  /** Heads' outputs side by side [heads · head], before the projection. */
  readonly heads: string;
  /** What attention and MLP add to the stream. */
  readonly attention: string;
  readonly mlp: string;
  readonly pattern: string;
}

/** What a machine computes the loss from. */
export type Head =
  /** Logits [vocabulary]; the loss of position t is −log p(id of t + 1), of positions with a next token. */
  | { readonly kind: 'cross-entropy'; readonly vocabulary: number }
  /** (y − target)² for every output; mean over rows and outputs. */
  | { readonly kind: 'squared-error'; readonly outputs: number };

export interface Graph {
  readonly name: string;
  readonly parameters: readonly ParameterTensor[];
  /** Numbers of θ. */
  readonly size: number;
  /** Width of every value. */
  readonly widths: Readonly<Record<string, number>>;
  readonly operations: readonly Operation[];
  /** What rows bring: ids, or the numbers of this value. */
  readonly input:
    | { readonly kind: 'tokens'; readonly vocabulary: number }
    | { readonly kind: 'numbers'; readonly value: string };
  /** Where attribution starts: token embeddings alone, or the numbers that rows bring. */
  readonly embedded: string;
  /** Residual streams 0 … L of a decoder (of a perceptron: its hidden layers); the last is the one before the last norm. */
  readonly residuals: readonly string[];
  /** What the last product reads: the last norm's output (of a perceptron: the last hidden layer). */
  readonly final: string;
  /** Logits, or outputs. */
  readonly output: string;
  readonly head: Head;
  /** Of a decoder. */
  readonly blocks: readonly BlockSites[];
  /** Positions at most. */
  readonly positions: number;
  readonly layers: number;
  readonly heads: number;
}

export function parameterOf({ parameters }: Graph, name: string): ParameterTensor {
  const found = parameters.find((tensor) => tensor.name === name);
  if (!found) throw new RangeError(`there is no parameter ${name}`);
  return found;
}

export const numbersOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/** Parameters that more than one operation reads: a tied unembedding. */
export function usesOf({ operations }: Graph, name: string): readonly Operation[] {
  return operations.filter((operation) => {
    if (operation.kind === 'embed' || operation.kind === 'positions') return operation.table === name;
    if (operation.kind === 'norm' || operation.kind === 'linear')
      return operation.weight === name || operation.bias === name;
    return false;
  });
}
