/** Models that many use, as far as their memory goes: the fields of their config.json that say how large they are. */

export interface KnownModel {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export const KNOWN_MODELS: readonly KnownModel[] = [
  {
    name: 'GPT-2',
    config: {
      model_type: 'gpt2',
      n_layer: 12,
      n_embd: 768,
      n_head: 12,
      n_positions: 1024,
      vocab_size: 50257,
      layer_norm_epsilon: 1e-5,
      activation_function: 'gelu_new',
    },
  },
  {
    name: 'SmolLM2-135M',
    config: {
      model_type: 'llama',
      num_hidden_layers: 30,
      hidden_size: 576,
      intermediate_size: 1536,
      num_attention_heads: 9,
      num_key_value_heads: 3,
      max_position_embeddings: 8192,
      vocab_size: 49152,
      rms_norm_eps: 1e-5,
      rope_theta: 100_000,
      hidden_act: 'silu',
      tie_word_embeddings: true,
    },
  },
  {
    name: 'Qwen2.5-0.5B',
    config: {
      model_type: 'qwen2',
      num_hidden_layers: 24,
      hidden_size: 896,
      intermediate_size: 4864,
      num_attention_heads: 14,
      num_key_value_heads: 2,
      max_position_embeddings: 32_768,
      vocab_size: 151_936,
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      hidden_act: 'silu',
      tie_word_embeddings: true,
      use_sliding_window: false,
    },
  },
  {
    name: 'Gemma-2-2B',
    config: {
      model_type: 'gemma2',
      num_hidden_layers: 26,
      hidden_size: 2304,
      intermediate_size: 9216,
      num_attention_heads: 8,
      num_key_value_heads: 4,
      head_dim: 256,
      max_position_embeddings: 8192,
      vocab_size: 256_000,
      rms_norm_eps: 1e-6,
      rope_theta: 10_000,
      hidden_activation: 'gelu_pytorch_tanh',
      query_pre_attn_scalar: 256,
      attn_logit_softcapping: 50,
      final_logit_softcapping: 30,
      sliding_window: 4096,
      tie_word_embeddings: true,
    },
  },
];
