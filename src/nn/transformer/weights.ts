/** Weights of a decoder where they lie: read in pieces, never as a whole. */
import type { DecoderSpec } from './spec.ts';

/** How numbers of a tensor are stored in its file. */
export type StoredType = 'F64' | 'F32' | 'F16' | 'BF16';

/**
 * Tensors of a decoder by what they are, whatever a family's files call them. Matrices are (out, in) here: `c_attn` of GPT-2 is (in, out) and
 * three in one, so its reader turns and cuts it.
 */
export type BlockTensor =
  | 'norm1.weight'
  | 'norm1.bias'
  | 'q.weight'
  | 'q.bias'
  | 'k.weight'
  | 'k.bias'
  | 'v.weight'
  | 'v.bias'
  | 'o.weight'
  | 'o.bias'
  | 'post1.weight'
  | 'norm2.weight'
  | 'norm2.bias'
  | 'gate.weight'
  | 'up.weight'
  | 'up.bias'
  | 'down.weight'
  | 'down.bias'
  | 'post2.weight';

/** `embedding` [vocabulary][width], `positions` [positions][width], `normF.…`, `unembedding` [vocabulary][width] unless tied; `blocks.N.…`. */
export type TensorName =
  | 'embedding'
  | 'positions'
  | 'normF.weight'
  | 'normF.bias'
  | 'unembedding'
  | `blocks.${number}.${BlockTensor}`;

export interface DecoderTensor {
  readonly name: TensorName;
  /** [out, in] of a matrix, [size] of a vector. */
  readonly shape: readonly number[];
}

/** Rows [from, to) of a matrix, or of a vector the whole. */
export interface WeightPiece {
  readonly tensor: DecoderTensor;
  readonly from: number;
  readonly to: number;
  /** Row-major, [to − from][in]. */
  readonly values: Float32Array<ArrayBuffer>;
  /** The same numbers as they are stored, where the file has them row by row in this order; a device may take them as they are. */
  readonly stored?: { readonly type: StoredType; readonly bytes: Uint8Array<ArrayBuffer> };
}

export interface WeightSource {
  readonly spec: DecoderSpec;
  /** Every tensor of the spec, in the order in which they are best read. */
  readonly tensors: readonly DecoderTensor[];
  /** How its files store numbers. */
  readonly types: readonly StoredType[];
  /** All pieces of all tensors, each of about `pieceBytes` at most. @throws FileError */
  pieces(pieceBytes: number, signal?: AbortSignal): AsyncIterable<WeightPiece>;
}

/** Every tensor that a decoder has. */
export function decoderTensors(spec: DecoderSpec): readonly DecoderTensor[] {
  const { layers, width, heads, kvHeads, head, hidden, vocabulary, positions, norm, mlp, biases, tied, rotary } = spec;
  const tensors: DecoderTensor[] = [{ name: 'embedding', shape: [vocabulary, width] }];
  if (!rotary) tensors.push({ name: 'positions', shape: [positions, width] });
  for (let layer = 0; layer < layers; layer++) {
    const add = (name: BlockTensor, ...shape: number[]) => tensors.push({ name: `blocks.${layer}.${name}`, shape });
    const normAt = (name: 'norm1' | 'norm2') => {
      add(`${name}.weight`, width);
      if (norm.kind === 'layer') add(`${name}.bias`, width);
    };
    normAt('norm1');
    for (const [name, out] of [
      ['q', heads * head],
      ['k', kvHeads * head],
      ['v', kvHeads * head],
    ] as const) {
      add(`${name}.weight`, out, width);
      if (biases !== 'none') add(`${name}.bias`, out);
    }
    add('o.weight', width, heads * head);
    if (biases === 'all') add('o.bias', width);
    if (norm.post) add('post1.weight', width);
    normAt('norm2');
    if (mlp.gated) add('gate.weight', hidden, width);
    add('up.weight', hidden, width);
    if (biases === 'all') add('up.bias', hidden);
    add('down.weight', width, hidden);
    if (biases === 'all') add('down.bias', width);
    if (norm.post) add('post2.weight', width);
  }
  tensors.push({ name: 'normF.weight', shape: [width] });
  if (norm.kind === 'layer') tensors.push({ name: 'normF.bias', shape: [width] });
  if (!tied) tensors.push({ name: 'unembedding', shape: [vocabulary, width] });
  return tensors;
}

/** Numbers of all tensors. */
export const parameterCount = (spec: DecoderSpec) =>
  decoderTensors(spec).reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
