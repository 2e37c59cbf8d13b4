/**
 * A decoder-only transformer in numbers: what sets GPT-2, Llama, Qwen2 and Gemma 2 apart, and nothing of where its weights lie.
 * Equations: x0 = scale · E[token] (+ P[position]); every block x ← x + post1(attn(norm1 x)), x ← x + post2(mlp(norm2 x)); logits =
 * cap(normF(x) · U), U the embedding where `tied`.
 */

export const FAMILIES = ['gpt2', 'llama', 'qwen2', 'gemma2'] as const;
export type Family = (typeof FAMILIES)[number];

export interface DecoderSpec {
  readonly family: Family;
  readonly layers: number;
  /** Numbers of a row of the stream (d). */
  readonly width: number;
  /** Query heads, heads of keys and values (query head h reads ⌊h · kvHeads / heads⌋), numbers of a head: heads · head need not be the width. */
  readonly heads: number;
  readonly kvHeads: number;
  readonly head: number;
  /** Hidden units of the MLP. */
  readonly hidden: number;
  readonly vocabulary: number;
  /** Positions at most. */
  readonly positions: number;
  readonly norm: {
    /** `layer`: mean and biased variance, weight and bias; `rms`: weight alone. */
    readonly kind: 'layer' | 'rms';
    readonly epsilon: number;
    /** Added to the weight: 1 in Gemma. */
    readonly unit: 0 | 1;
    /** Norms behind attention and MLP, before they are added. */
    readonly post: boolean;
  };
  /** Angles by position in halves: pair (i, i + head/2); without it positions are learned. */
  readonly rotary?: {
    readonly theta: number;
    /** Of Llama 3: frequencies whose wavelength is long are divided. */
    readonly llama3?: {
      readonly factor: number;
      readonly low: number;
      readonly high: number;
      readonly original: number;
    };
  };
  /** q·k is multiplied by it. */
  readonly scale: number;
  /** c of c · tanh(s / c), of scores before the mask, and of logits. */
  readonly scoreCap?: number;
  readonly logitCap?: number;
  /** A query sees keys with i − j < size, in the layers that it is for. */
  readonly window?: { readonly size: number; readonly layers: 'all' | 'even' };
  readonly mlp: { readonly gated: boolean; readonly activation: 'gelu' | 'silu' };
  /** `all`: of every matrix of a block; `qkv`: of those three. */
  readonly biases: 'all' | 'qkv' | 'none';
  /** Logits by the embedding. */
  readonly tied: boolean;
  /** Of rows of the embedding: √width in Gemma. */
  readonly embeddingScale: number;
}

/** Keys that a query of that layer sees, itself included; undefined: all before it. */
export function windowOf({ window }: DecoderSpec, layer: number): number | undefined {
  return window && (window.layers === 'all' || layer % 2 === 0) ? window.size : undefined;
}
