/** What Hugging Face's files call the tensors of a decoder, and how they lie in them. */
import type { DecoderSpec } from './spec.ts';
import type { BlockTensor, DecoderTensor, TensorName } from './weights.ts';

/** Where a tensor lies. */
export interface TensorPlace {
  /** Of the tensor in the file, without the family's prefix. */
  readonly name: string;
  /** Its shape there. */
  readonly shape: readonly number[];
  /** (in, out) there, of GPT-2's Conv1D; the columns from `column` on are meant. */
  readonly turned?: boolean;
  readonly column?: number;
}

/** The prefix that most files have before the names of the body; some leave it out. */
export const prefixOf = ({ family }: DecoderSpec) => (family === 'gpt2' ? 'transformer.' : 'model.');

/** Tensors that belong to no weight: masks and frequencies that older versions kept. */
export const IGNORED = /(^|\.)(attn\.(bias|masked_bias)|rotary_emb\.inv_freq)$/;

/** The logits' matrix, which stands beside the body. */
export const UNEMBEDDING = 'lm_head.weight';

const GPT2: Readonly<Partial<Record<BlockTensor, string>>> = {
  'norm1.weight': 'ln_1.weight',
  'norm1.bias': 'ln_1.bias',
  'o.weight': 'attn.c_proj.weight',
  'o.bias': 'attn.c_proj.bias',
  'norm2.weight': 'ln_2.weight',
  'norm2.bias': 'ln_2.bias',
  'up.weight': 'mlp.c_fc.weight',
  'up.bias': 'mlp.c_fc.bias',
  'down.weight': 'mlp.c_proj.weight',
  'down.bias': 'mlp.c_proj.bias',
};

const MODERN: Readonly<Partial<Record<BlockTensor, string>>> = {
  'norm1.weight': 'input_layernorm.weight',
  'q.weight': 'self_attn.q_proj.weight',
  'q.bias': 'self_attn.q_proj.bias',
  'k.weight': 'self_attn.k_proj.weight',
  'k.bias': 'self_attn.k_proj.bias',
  'v.weight': 'self_attn.v_proj.weight',
  'v.bias': 'self_attn.v_proj.bias',
  'o.weight': 'self_attn.o_proj.weight',
  'norm2.weight': 'post_attention_layernorm.weight',
  'gate.weight': 'mlp.gate_proj.weight',
  'up.weight': 'mlp.up_proj.weight',
  'down.weight': 'mlp.down_proj.weight',
};

/** The same name stands before the MLP elsewhere. */
const GEMMA2: Readonly<Partial<Record<BlockTensor, string>>> = {
  ...MODERN,
  'post1.weight': 'post_attention_layernorm.weight',
  'norm2.weight': 'pre_feedforward_layernorm.weight',
  'post2.weight': 'post_feedforward_layernorm.weight',
};

/** Of the joint q, k and v of GPT-2, in this order. */
const JOINT = ['q', 'k', 'v'];

export function placeOf(spec: DecoderSpec, { name, shape }: DecoderTensor): TensorPlace {
  const gpt2 = spec.family === 'gpt2';
  if (!name.startsWith('blocks.')) return { name: bodyName(name, gpt2), shape };
  const [, layer, ...rest] = name.split('.');
  const own = rest.join('.') as BlockTensor;
  if (!gpt2) return { name: `layers.${layer}.${(spec.norm.post ? GEMMA2 : MODERN)[own]}`, shape };
  const matrix = shape.length === 2;
  const joint = JOINT.indexOf(rest[0]);
  if (joint >= 0) {
    const { width } = spec;
    const all = 3 * width;
    return {
      name: `h.${layer}.attn.c_attn.${rest[1]}`,
      shape: matrix ? [width, all] : [all],
      turned: matrix,
      column: joint * width,
    };
  }
  return { name: `h.${layer}.${GPT2[own]}`, shape: matrix ? [shape[1], shape[0]] : shape, turned: matrix };
}

function bodyName(name: TensorName, gpt2: boolean): string {
  switch (name) {
    case 'embedding':
      return gpt2 ? 'wte.weight' : 'embed_tokens.weight';
    case 'positions':
      return 'wpe.weight';
    case 'unembedding':
      return UNEMBEDDING;
    default:
      return name.replace('normF', gpt2 ? 'ln_f' : 'norm');
  }
}
