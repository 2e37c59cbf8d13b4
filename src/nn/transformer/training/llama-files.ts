/** A trained Llama as a Hugging Face folder has it: `config.json` and `model.safetensors`, weights in halves. */
import { encodeSafetensors, type WrittenTensor } from '../../../bundle/safetensors.ts';
import { toHalf } from '../../half.ts';
import type { DecoderSpec } from '../spec.ts';
import type { TensorName } from '../weights.ts';
import { namedWeights } from './trained-weights.ts';

const WHOLE: Readonly<Record<string, string>> = {
  embedding: 'model.embed_tokens.weight',
  'normF.weight': 'model.norm.weight',
};
const IN_BLOCK: Readonly<Record<string, string>> = {
  'norm1.weight': 'input_layernorm.weight',
  'q.weight': 'self_attn.q_proj.weight',
  'k.weight': 'self_attn.k_proj.weight',
  'v.weight': 'self_attn.v_proj.weight',
  'o.weight': 'self_attn.o_proj.weight',
  'norm2.weight': 'post_attention_layernorm.weight',
  'gate.weight': 'mlp.gate_proj.weight',
  'up.weight': 'mlp.up_proj.weight',
  'down.weight': 'mlp.down_proj.weight',
};

function hubName(name: TensorName): string {
  const block = /^blocks\.(\d+)\.(.+)$/.exec(name);
  return block ? `model.layers.${block[1]}.${IN_BLOCK[block[2]]}` : WHOLE[name];
}

/** `config.json` as transformers writes it. */
export function llamaConfig(spec: DecoderSpec, begin: number, end: number) {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: spec.vocabulary,
    hidden_size: spec.width,
    intermediate_size: spec.hidden,
    num_hidden_layers: spec.layers,
    num_attention_heads: spec.heads,
    num_key_value_heads: spec.kvHeads,
    head_dim: spec.head,
    hidden_act: 'silu',
    max_position_embeddings: spec.positions,
    rms_norm_eps: spec.norm.epsilon,
    rope_theta: spec.rotary?.theta,
    rope_scaling: null,
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: spec.tied,
    bos_token_id: begin,
    eos_token_id: end,
    torch_dtype: 'float16',
  };
}

/** `model.safetensors`: every tensor in F16, matrices (out, in). @param flat the trained vector */
export function llamaWeights(
  spec: DecoderSpec,
  flat: Float32Array,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, WrittenTensor>();
  for (const [name, { shape, values }] of namedWeights(spec, flat))
    tensors.set(hubName(name), { shape, data: Uint16Array.from(values, toHalf) });
  return encodeSafetensors({ tensors, metadata: { format: 'pt', ...metadata } });
}
