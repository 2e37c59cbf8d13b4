/** Readers of a language model's folder and of texts for it, with good files to damage. */
import { bytesFolder } from '../../src/bundle/file-folder.ts';
import { openTokenizer } from '../../src/nn/text/tokenizer.ts';
import { openCheckpoint } from '../../src/nn/transformer/checkpoint.ts';
import { decoderTensors } from '../../src/nn/transformer/weights.ts';
import { readTraitFile } from '../../src/workloads/activations/files/read-trait.ts';
import { readTexts } from '../../src/workloads/language-models/read-texts.ts';
import type { Reader } from './reader.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const jsonOf = (value: unknown) => bytesOf(JSON.stringify(value));

const config = {
  model_type: 'llama',
  ...{ hidden_size: 4, intermediate_size: 4, num_hidden_layers: 1, num_attention_heads: 2, num_key_value_heads: 1 },
  ...{ vocab_size: 6, max_position_embeddings: 8, rms_norm_eps: 1e-5, rope_theta: 1e4, tie_word_embeddings: true },
  ...{ hidden_act: 'silu', torch_dtype: 'float32', eos_token_id: 1 },
};

const TENSORS: Readonly<Record<string, readonly number[]>> = {
  'model.embed_tokens.weight': [6, 4],
  'model.layers.0.input_layernorm.weight': [4],
  'model.layers.0.self_attn.q_proj.weight': [4, 4],
  'model.layers.0.self_attn.k_proj.weight': [2, 4],
  'model.layers.0.self_attn.v_proj.weight': [2, 4],
  'model.layers.0.self_attn.o_proj.weight': [4, 4],
  'model.layers.0.post_attention_layernorm.weight': [4],
  'model.layers.0.mlp.gate_proj.weight': [4, 4],
  'model.layers.0.mlp.up_proj.weight': [4, 4],
  'model.layers.0.mlp.down_proj.weight': [4, 4],
  'model.norm.weight': [4],
};

function weights(): Uint8Array<ArrayBuffer> {
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(TENSORS).map(([name, shape]) => {
      const from = at;
      at += 4 * shape.reduce((product, size) => product * size, 1);
      return [name, { dtype: 'F32', shape, data_offsets: [from, at] }];
    }),
  );
  const text = bytesOf(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + at);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const words = {
  added_tokens: [{ id: 0, content: '<s>', special: true, normalized: false }],
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'WhitespaceSplit' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    special_tokens: { '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] } },
  },
  model: { type: 'WordLevel', unk_token: '<unk>', vocab: { '<s>': 0, '<unk>': 1, a: 2, 'text.': 3 } },
};

const pairs = {
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  decoder: { type: 'ByteLevel' },
  model: { type: 'BPE', vocab: { A: 0, t: 1, e: 2, x: 3, Ġ: 4, '.': 5, te: 6 }, merges: ['t e'], unk_token: 'x' },
};

const definition = {
  instruction: [{ pos: 'Ask.', neg: 'Accept.' }],
  questions: ['Why?', 'How?'],
  eval_prompt: 'How curious is {answer}?',
};

const texts: Readonly<Record<string, string>> = {
  'x.csv': 'question,instruction,prompt,response,trait_score\n"Why, then?",Be curious,Go,"So",91.5\nHow?,,Tell,,12\n',
  'x.json':
    '{"name": "b", "prompts": [{"id": 1, "text": "What?", "note": "n"}, {"id": 2, "text": "Why?", "ids": [1, 2]}]}',
  'x.jsonl': '{"prompt": "a", "label": "neg"}\n\n{"text": "b", "label": 1, "system_prompt": "c"}\n',
};

export const modelReaders: readonly Reader[] = [
  {
    name: 'lines of text',
    lenient: true,
    files: () => [bytesOf('I had to know\n\n[1, 403, 12]\nWhy\n'), bytesOf('\uFEFFone\r\ntwo\r\n')],
    read: (bytes) => readSome('x.txt', bytes),
  },
  {
    name: 'texts with fields',
    files: () => Object.values(texts).map(bytesOf),
    read: (bytes, at) => readSome(Object.keys(texts)[at], bytes),
  },
  {
    name: 'definition of a trait',
    files: () => [jsonOf(definition)],
    async read(bytes) {
      const { input } = await readTraitFile('trait_definition.json', bytes);
      requireTexts(input.texts);
    },
  },
  {
    name: 'tokenizer',
    files: () => [jsonOf(words), jsonOf(pairs)],
    async read(bytes) {
      const tokenizer = await openTokenizer(bytesFolder('m', { 'tokenizer.json': bytes }));
      const ids = tokenizer.encode('A text.');
      requireRight(tokenizer.pieces(ids).length === ids.length, 'a token without a piece');
      requireRight(typeof tokenizer.decode(ids) === 'string', 'no text');
    },
  },
  {
    name: 'folder of a model',
    files: () => [jsonOf(config), weights()],
    async read(bytes, at) {
      const files = { 'config.json': jsonOf(config), 'model.safetensors': weights() };
      const folder = bytesFolder(
        'm',
        at === 0 ? { ...files, 'config.json': bytes } : { ...files, 'model.safetensors': bytes },
      );
      const { source } = await openCheckpoint(folder);
      let count = 0;
      for await (const { values } of source.pieces(64)) count += values.length;
      const wanted = decoderTensors(source.spec).flatMap(({ shape }) => shape.reduce((product, n) => product * n, 1));
      requireRight(count === wanted.reduce((sum, n) => sum + n, 0), 'weights that are missing');
    },
  },
];

async function readSome(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  requireTexts((await readTexts(name, bytes, undefined)).input.texts);
}

function requireTexts(
  texts: readonly { readonly id: string; readonly prompt: string; readonly ids?: readonly number[] }[],
) {
  requireRight(new Set(texts.map(({ id }) => id)).size === texts.length, 'an id of two texts');
  requireRight(
    texts.every(({ prompt, ids }) => prompt.trim() !== '' || ids?.every((id) => Number.isInteger(id) && id >= 0)),
    'a text of nothing',
  );
}

function requireRight(condition: unknown, what: string): void {
  if (!condition) throw new TypeError(`wrong value: ${what}`);
}
