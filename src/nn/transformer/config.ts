/** A model's `config.json` as Hugging Face's transformers writes it, old and new spellings, to a decoder in numbers. */
import * as v from 'valibot';
import { FileError } from '../../bundle/file-error.ts';
import { shown } from '../../bundle/json-record.ts';
import type { DecoderSpec, Family } from './spec.ts';
import { FAMILIES } from './spec.ts';

type Json = Readonly<Record<string, unknown>>;

const KNOWN = 'GPT-2, Llama, Qwen2 and Gemma 2 are read (model_type gpt2, llama, qwen2, gemma2).';
const AS_PUBLISHED = 'Give the config.json that belongs to the weights, as it was published.';

/** Reads fields of a config, with errors that name them. */
class Fields {
  constructor(
    readonly file: string,
    readonly json: Json,
  ) {}

  /** A whole number from 1 on. Null counts as absent. */
  count(name: string, otherwise?: number): number {
    const value = this.json[name] ?? otherwise;
    if (v.is(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), value)) return value;
    throw this.wrong(name, 'a whole number from 1 on');
  }

  /** A positive number. */
  real(name: string, otherwise?: number, from: Json = this.json): number {
    const value = from[name] ?? otherwise;
    if (v.is(v.pipe(v.number(), v.finite(), v.gtValue(0)), value)) return value;
    throw this.wrong(name, 'a number above 0', from);
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.json[name] ?? otherwise;
    if (typeof value === 'boolean') return value;
    throw this.wrong(name, 'true or false');
  }

  /** A number above 0, or null for none. */
  cap(name: string, otherwise: number): number | undefined {
    if (this.json[name] === null) return undefined;
    return this.real(name, otherwise);
  }

  /** Refuses a field whose value means a computation that there is not. */
  refuse(name: string, meaning: string, unless: (value: unknown) => boolean): void {
    const value = this.json[name];
    if (value === undefined || value === null || unless(value)) return;
    throw new FileError(this.file, `"${name}" is ${shown(value)}: ${meaning}, which is not computed here`, KNOWN);
  }

  wrong(name: string, wanted: string, from: Json = this.json): FileError {
    const value = from[name];
    const found = value === undefined ? `it has no "${name}"` : `"${name}" is ${shown(value)}`;
    return new FileError(this.file, `${found}, and ${wanted} belongs there`, AS_PUBLISHED);
  }
}

const isFalse = (value: unknown) => value === false;

/** @throws FileError that names the field, for a model of another kind or a config that contradicts itself */
export function readConfig(file: string, json: Json): DecoderSpec {
  const type = json.model_type;
  const family = FAMILIES.find((each) => each === type);
  if (!family) {
    const found = type === undefined ? 'it has no "model_type"' : `"model_type" is ${shown(type)}`;
    throw new FileError(file, `${found}, which is not computed here`, KNOWN);
  }
  const fields = new Fields(file, json);
  fields.refuse('quantization_config', 'weights that are quantized already', () => false);
  fields.refuse('is_encoder_decoder', 'an encoder beside the decoder', isFalse);
  fields.refuse('add_cross_attention', 'attention over another text', isFalse);
  fields.refuse('num_local_experts', 'a mixture of experts', () => false);
  fields.refuse('partial_rotary_factor', 'rotary positions of a part of each head', (value) => value === 1);
  const spec = family === 'gpt2' ? gpt2(fields) : modern(fields, family);
  if (spec.heads % spec.kvHeads !== 0)
    throw new FileError(
      file,
      `${spec.heads} heads cannot share ${spec.kvHeads} heads of keys and values evenly`,
      AS_PUBLISHED,
    );
  if (spec.rotary && spec.head % 2 !== 0)
    throw new FileError(file, `heads of ${spec.head} numbers have no halves to turn`, AS_PUBLISHED);
  return spec;
}

function gpt2(fields: Fields): DecoderSpec {
  const width = fields.count('n_embd');
  const heads = fields.count('n_head');
  if (width % heads !== 0)
    throw new FileError(fields.file, `a width of ${width} is not ${heads} equal heads`, AS_PUBLISHED);
  fields.refuse('scale_attn_by_inverse_layer_idx', 'scores that are divided by the layer', isFalse);
  fields.refuse('activation_function', 'an activation other than gelu_new', (value) =>
    ['gelu_new', 'gelu_pytorch_tanh'].includes(value as string),
  );
  const head = width / heads;
  return {
    family: 'gpt2',
    layers: fields.count('n_layer'),
    width,
    heads,
    kvHeads: heads,
    head,
    hidden: fields.count('n_inner', 4 * width),
    vocabulary: fields.count('vocab_size'),
    positions: fields.count('n_positions', fields.json.n_ctx as number | undefined),
    norm: { kind: 'layer', epsilon: fields.real('layer_norm_epsilon', 1e-5), unit: 0, post: false },
    scale: fields.flag('scale_attn_weights', true) ? 1 / Math.sqrt(head) : 1,
    mlp: { gated: false, activation: 'gelu' },
    biases: 'all',
    tied: fields.flag('tie_word_embeddings', true),
    embeddingScale: 1,
  };
}

/** Llama and what came of it. */
function modern(fields: Fields, family: Exclude<Family, 'gpt2'>): DecoderSpec {
  const gemma = family === 'gemma2';
  const width = fields.count('hidden_size');
  const heads = fields.count('num_attention_heads');
  const head = gemma ? fields.count('head_dim', 256) : fields.count('head_dim', width / heads);
  const layers = fields.count('num_hidden_layers');
  fields.refuse('attention_bias', 'biases of attention', isFalse);
  fields.refuse('mlp_bias', 'biases of the MLP', isFalse);
  fields.refuse('use_bidirectional_attention', 'attention to what comes later', isFalse);
  const activation = gemma && fields.json.hidden_activation != null ? 'hidden_activation' : 'hidden_act';
  const expected = gemma ? ['gelu_pytorch_tanh', 'gelu_new'] : ['silu', 'swish'];
  fields.refuse(activation, `an activation other than ${expected[0]}`, (value) => expected.includes(value as string));
  const scoreCap = gemma ? fields.cap('attn_logit_softcapping', 50) : undefined;
  const logitCap = gemma ? fields.cap('final_logit_softcapping', 30) : undefined;
  return {
    family,
    layers,
    width,
    heads,
    kvHeads: fields.count('num_key_value_heads', gemma ? 4 : heads),
    head,
    hidden: fields.count('intermediate_size'),
    vocabulary: fields.count('vocab_size'),
    positions: fields.count('max_position_embeddings', { llama: 2048, qwen2: 32768, gemma2: 8192 }[family]),
    norm: { kind: 'rms', epsilon: fields.real('rms_norm_eps', 1e-6), unit: gemma ? 1 : 0, post: gemma },
    rotary: rotary(fields),
    scale: 1 / Math.sqrt(gemma ? fields.real('query_pre_attn_scalar', 256) : head),
    ...(scoreCap !== undefined && { scoreCap }),
    ...(logitCap !== undefined && { logitCap }),
    ...windows(fields, family, layers),
    mlp: { gated: true, activation: gemma ? 'gelu' : 'silu' },
    biases: family === 'qwen2' ? 'qkv' : 'none',
    tied: fields.flag('tie_word_embeddings', gemma),
    embeddingScale: gemma ? Math.sqrt(width) : 1,
  };
}

/** `rope_theta` and `rope_scaling`, or both in `rope_parameters` as since version 5 of transformers. */
function rotary(fields: Fields): DecoderSpec['rotary'] {
  const { json, file } = fields;
  const object = (name: string): Json | undefined => {
    const value = json[name] ?? undefined;
    if (value === undefined || (typeof value === 'object' && !Array.isArray(value))) return value as Json | undefined;
    throw fields.wrong(name, 'an object');
  };
  const parameters = object('rope_parameters');
  const scaling = parameters ?? object('rope_scaling');
  const theta = fields.real('rope_theta', (json.rope_theta as number | undefined) ?? 1e4, parameters ?? json);
  const type = scaling?.rope_type ?? scaling?.type ?? 'default';
  if (type === 'default') return { theta };
  if (type !== 'llama3')
    throw new FileError(file, `rotary positions are scaled as ${shown(type)}, which is not computed here`, KNOWN);
  return {
    theta,
    llama3: {
      factor: fields.real('factor', undefined, scaling),
      low: fields.real('low_freq_factor', undefined, scaling),
      high: fields.real('high_freq_factor', undefined, scaling),
      original: fields.real('original_max_position_embeddings', undefined, scaling),
    },
  };
}

const SLIDING = 'sliding_attention';

/** Layers that see only so many keys: those that `layer_types` lists, or those that the family has where nothing is listed. */
function windows(fields: Fields, family: Family, layers: number): Pick<DecoderSpec, 'window'> {
  const { json, file } = fields;
  const size = json.sliding_window ?? (family === 'gemma2' ? 4096 : undefined);
  if (family === 'llama' || size === undefined) return {};
  if (family === 'qwen2' && !fields.flag('use_sliding_window', false)) return {};
  const from = family === 'qwen2' ? ((json.max_window_layers as number | undefined) ?? 28) : 0;
  const own = Array.from({ length: layers }, (_, layer) => (family === 'gemma2' ? layer % 2 === 0 : layer >= from));
  const listed = json.layer_types;
  const sliding = Array.isArray(listed) ? listed.map((type) => type === SLIDING) : own;
  if (!sliding.includes(true)) return {};
  const window = fields.count('sliding_window', size as number);
  if (sliding.length === layers && sliding.every((own) => own)) return { window: { size: window, layers: 'all' } };
  if (sliding.length === layers && sliding.every((own, layer) => own === (layer % 2 === 0)))
    return { window: { size: window, layers: 'even' } };
  throw new FileError(
    file,
    'some layers see a window and others do not, in an order that is not computed here',
    'Windows in all layers, or in every second from the first on, are.',
  );
}

/** Ids that end a text: of `generation_config.json` where it has some, else of `config.json`. */
export function endIds(config: Json, generation: Json | undefined): readonly number[] {
  const of = (json: Json | undefined) =>
    [json?.eos_token_id ?? []].flat().filter((id) => Number.isInteger(id)) as number[];
  const own = of(generation);
  return own.length > 0 ? own : of(config);
}
