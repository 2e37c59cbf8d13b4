/** A model folder as Hugging Face publishes them, in memory: any spec, any weights. */
import { toBfloat } from '../../bfloat.ts';
import { toHalf } from '../../half.ts';
import { placeOf, prefixOf, UNEMBEDDING } from '../names.ts';
import type { DecoderSpec } from '../spec.ts';
import { decoderTensors, type StoredType } from '../weights.ts';

type Files = Record<string, Uint8Array<ArrayBuffer>>;

export interface CheckpointOptions {
  readonly type?: StoredType;
  readonly shards?: number;
  /** Before names of the body; the family's unless given. */
  readonly prefix?: string;
  /** Fields that the config has besides. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** The fields of a `config.json` that a spec comes from. */
export function configOf(spec: DecoderSpec): Record<string, unknown> {
  const { family, layers, width, heads, kvHeads, head, hidden, vocabulary, positions, norm, tied, window } = spec;
  if (family === 'gpt2')
    return {
      model_type: family,
      n_layer: layers,
      n_embd: width,
      n_head: heads,
      n_inner: hidden,
      vocab_size: vocabulary,
      n_positions: positions,
      layer_norm_epsilon: norm.epsilon,
      activation_function: 'gelu_new',
    };
  const { theta, llama3 } = spec.rotary!;
  return {
    model_type: family,
    num_hidden_layers: layers,
    hidden_size: width,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    head_dim: head,
    intermediate_size: hidden,
    vocab_size: vocabulary,
    max_position_embeddings: positions,
    rms_norm_eps: norm.epsilon,
    tie_word_embeddings: tied,
    rope_parameters: {
      rope_theta: theta,
      rope_type: llama3 ? 'llama3' : 'default',
      ...(llama3 && {
        factor: llama3.factor,
        low_freq_factor: llama3.low,
        high_freq_factor: llama3.high,
        original_max_position_embeddings: llama3.original,
      }),
    },
    ...(family === 'gemma2'
      ? {
          hidden_activation: 'gelu_pytorch_tanh',
          query_pre_attn_scalar: spec.scale ** -2,
          attn_logit_softcapping: spec.scoreCap ?? null,
          final_logit_softcapping: spec.logitCap ?? null,
          sliding_window: window?.size,
        }
      : { hidden_act: 'silu' }),
    ...(family === 'qwen2' &&
      window && { use_sliding_window: true, sliding_window: window.size, max_window_layers: 0 }),
  };
}

/** @param weights by the names of `decoderTensors`, matrices (out, in) */
export function checkpointFiles(
  spec: DecoderSpec,
  weights: ReadonlyMap<string, Float32Array>,
  { type = 'F32', shards = 1, prefix = prefixOf(spec), config = {} }: CheckpointOptions = {},
): Files {
  const lying = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  for (const tensor of decoderTensors(spec)) {
    const { name, shape, turned, column = 0 } = placeOf(spec, tensor);
    const path = name === UNEMBEDDING ? name : prefix + name;
    const entry = lying.get(path) ?? { shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
    lying.set(path, entry);
    const values = weights.get(tensor.name)!;
    const [rows, inner = 1] = tensor.shape;
    for (let o = 0; o < rows; o++)
      for (let i = 0; i < inner; i++)
        entry.values[turned ? i * shape[1] + column + o : (column + o) * inner + i] = values[o * inner + i];
  }
  const all = [...lying];
  const files: Files = { 'config.json': json({ ...configOf(spec), ...config }) };
  const place: Record<string, string> = {};
  for (let shard = 0; shard < shards; shard++) {
    const own = all.filter((_, i) => i % shards === shard);
    const part = (n: number) => String(n).padStart(5, '0');
    const name = shards === 1 ? 'model.safetensors' : `model-${part(shard + 1)}-of-${part(shards)}.safetensors`;
    files[name] = encode(own, type);
    for (const [path] of own) place[path] = name;
  }
  if (shards > 1) files['model.safetensors.index.json'] = json({ metadata: {}, weight_map: place });
  return files;
}

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function encode(
  tensors: readonly (readonly [string, { shape: readonly number[]; values: Float32Array }])[],
  type: StoredType,
): Uint8Array<ArrayBuffer> {
  let at = 0;
  const header: Record<string, unknown> = {};
  const data = tensors.map(([name, { shape, values }]) => {
    const bytes = new Uint8Array(stored(values, type));
    header[name] = { dtype: type, shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
    return bytes;
  });
  const head = json(header);
  const file = new Uint8Array(8 + head.length + at);
  new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true);
  file.set(head, 8);
  at = 8 + head.length;
  for (const bytes of data) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

function stored(values: Float32Array, type: StoredType): ArrayBuffer {
  if (type === 'F32') return Float32Array.from(values).buffer;
  if (type === 'F64') return Float64Array.from(values).buffer;
  return Uint16Array.from(values, type === 'F16' ? toHalf : toBfloat).buffer;
}
