/** A folder as Hugging Face publishes models, with the shape of SmolLM2-135M and random weights: for memory and time, not for what it says. */
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderShape {
  /** 30 in SmolLM2-135M. */
  readonly layers: number;
  readonly dtype: 'F32' | 'BF16';
  /** Files that the weights lie in. */
  readonly shards: number;
  /** All weights are 0, and take no place on a disk that knows holes. */
  readonly hollow?: boolean;
}

const [WIDTH, HIDDEN, HEADS, KV_HEADS, VOCABULARY] = [576, 1536, 9, 3, 49_152];
const HEAD = WIDTH / HEADS;
/** Spread of the weights, as published models begin with. */
const SPREAD = 0.02;

interface Lying {
  readonly name: string;
  readonly shape: readonly number[];
}

function tensorsOf({ layers }: FolderShape): Lying[] {
  const block = (at: number): Lying[] => {
    const named = (name: string, ...shape: number[]) => ({ name: `model.layers.${at}.${name}.weight`, shape });
    return [
      named('input_layernorm', WIDTH),
      named('self_attn.q_proj', HEADS * HEAD, WIDTH),
      named('self_attn.k_proj', KV_HEADS * HEAD, WIDTH),
      named('self_attn.v_proj', KV_HEADS * HEAD, WIDTH),
      named('self_attn.o_proj', WIDTH, HEADS * HEAD),
      named('post_attention_layernorm', WIDTH),
      named('mlp.gate_proj', HIDDEN, WIDTH),
      named('mlp.up_proj', HIDDEN, WIDTH),
      named('mlp.down_proj', WIDTH, HIDDEN),
    ];
  };
  return [
    { name: 'model.embed_tokens.weight', shape: [VOCABULARY, WIDTH] },
    ...Array.from({ length: layers }, (_, at) => block(at)).flat(),
    { name: 'model.norm.weight', shape: [WIDTH] },
  ];
}

const countOf = ({ shape }: Lying) => shape.reduce((product, size) => product * size, 1);

/** Writes the folder. @returns bytes of its weights */
export async function writeModelFolder(path: string, shape: FolderShape): Promise<number> {
  await mkdir(path, { recursive: true });
  const json = (name: string, value: unknown) => writeFile(join(path, name), JSON.stringify(value));
  await json('config.json', configOf(shape));
  await json('tokenizer.json', byteTokenizer());
  await json('tokenizer_config.json', { eos_token: '<|endoftext|>', clean_up_tokenization_spaces: false });
  const tensors = tensorsOf(shape);
  const perShard = Math.ceil(tensors.length / shape.shards);
  const random = normals();
  const map: Record<string, string> = {};
  let total = 0;
  for (let shard = 0; shard < shape.shards; shard++) {
    const own = tensors.slice(shard * perShard, (shard + 1) * perShard);
    const file = `model-${place(shard + 1)}-of-${place(shape.shards)}.safetensors`;
    for (const { name } of own) map[name] = file;
    total += await writeShard(join(path, file), own, shape, random);
  }
  await json('model.safetensors.index.json', { metadata: { total_size: total }, weight_map: map });
  return total;
}

const place = (number: number) => String(number).padStart(5, '0');

async function writeShard(
  path: string,
  tensors: readonly Lying[],
  { dtype, hollow }: FolderShape,
  random: (count: number) => Float32Array<ArrayBuffer>,
): Promise<number> {
  const each = dtype === 'F32' ? 4 : 2;
  let at = 0;
  const header: Record<string, unknown> = {};
  for (const tensor of tensors) {
    const from = at;
    at += each * countOf(tensor);
    header[tensor.name] = { dtype, shape: tensor.shape, data_offsets: [from, at] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(text.length), true);
  const file = await open(path, 'w');
  try {
    await file.write(new Uint8Array(length.buffer));
    await file.write(text);
    if (hollow) {
      await file.truncate(8 + text.length + at);
      return at;
    }
    for (const tensor of tensors) {
      // Norms multiply: around 1 they leave what they norm as it is.
      const values = tensor.shape.length === 1 ? new Float32Array(countOf(tensor)).fill(1) : random(countOf(tensor));
      await file.write(dtype === 'F32' ? values : upperHalves(values));
    }
  } finally {
    await file.close();
  }
  return at;
}

/** BF16: the upper 16 bits of a float. */
function upperHalves(values: Float32Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer);
  return Uint16Array.from(bits, (word) => word >>> 16);
}

/** Sums of four uniform numbers, the same in every run. */
function normals(): (count: number) => Float32Array<ArrayBuffer> {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const scale = SPREAD * Math.sqrt(3);
  return (count) => Float32Array.from({ length: count }, () => scale * (uniform() + uniform() + uniform() + uniform()));
}

function configOf({ layers, dtype }: FolderShape) {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_act: 'silu',
    hidden_size: WIDTH,
    intermediate_size: HIDDEN,
    num_hidden_layers: layers,
    num_attention_heads: HEADS,
    num_key_value_heads: KV_HEADS,
    vocab_size: VOCABULARY,
    max_position_embeddings: 8192,
    rms_norm_eps: 1e-5,
    rope_theta: 100_000,
    tie_word_embeddings: true,
    torch_dtype: dtype === 'F32' ? 'float32' : 'bfloat16',
    eos_token_id: 0,
  };
}

/** Every byte is a token, and the other ids are words that no text has. */
function byteTokenizer() {
  const printable = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte < 0xad) || byte > 0xad;
  let next = 0x100;
  const letters = Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
  const others = Array.from({ length: VOCABULARY - 257 }, (_, i) => `Ġw${i}`);
  const tokens = ['<|endoftext|>', ...letters, ...others];
  return {
    added_tokens: [{ id: 0, content: '<|endoftext|>', special: true, normalized: false }],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges: [] },
  };
}
