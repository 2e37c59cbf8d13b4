import { expect, test } from 'vitest';
import { bytesFolder, type FileFolder } from '../../src/bundle/file-folder.ts';
import { openCheckpoint } from '../../src/nn/transformer/checkpoint.ts';
import { FAMILIES, type Family } from '../../src/nn/transformer/spec.ts';
import { checkpointFiles } from '../../src/nn/transformer/test-support/checkpoint-files.ts';
import { SMALL, smallWeights } from './small-decoders.ts';

type Files = ReturnType<typeof checkpointFiles>;
const folder = (files: Files): FileFolder => bytesFolder('model', files);
const text = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

async function read(given: FileFolder, pieceBytes: number) {
  const { source } = await openCheckpoint(given);
  const all = new Map(
    source.tensors.map(({ name, shape }) => [name as string, new Float32Array(shape.reduce((a, b) => a * b, 1))]),
  );
  for await (const { tensor, from, values } of source.pieces(pieceBytes))
    all.get(tensor.name)?.set(values, from * (tensor.shape[1] ?? 1));
  return all;
}

test.each(FAMILIES)('a folder of %s is read as it was written, in pieces of any size', async (family) => {
  const spec = SMALL[family];
  const weights = smallWeights(spec);
  const files = checkpointFiles(spec, weights);
  expect((await openCheckpoint(folder(files))).spec).toEqual(spec);
  for (const pieceBytes of [100, 1000, 1e6]) expect(await read(folder(files), pieceBytes)).toEqual(weights);
});

test('shards, 16-bit numbers and names without their prefix are read', async () => {
  const spec = SMALL.llama;
  const weights = smallWeights(spec);
  const shards = checkpointFiles(spec, weights, { type: 'BF16', shards: 3, prefix: '' });
  const opened = await openCheckpoint(folder(shards));
  expect(opened.source.types).toEqual(['BF16']);
  expect(opened.files).toHaveLength(5);
  const got = await read(folder(shards), 64);
  for (const [name, values] of weights)
    for (let i = 0; i < values.length; i++)
      expect(Math.abs(got.get(name)![i] - values[i])).toBeLessThanOrEqual(2 ** -8 * Math.abs(values[i]));
});

function withConfig(family: Family, change: Record<string, unknown>): FileFolder {
  const files = checkpointFiles(SMALL[family], smallWeights(SMALL[family]));
  return folder({ ...files, 'config.json': json({ ...text(files['config.json']), ...change }) });
}

test.each<[Family, Record<string, unknown>, RegExp]>([
  ['llama', { model_type: 'mixtral' }, /"model_type" is "mixtral", which is not computed here\. GPT-2, Llama/],
  ['llama', { quantization_config: { bits: 4 } }, /"quantization_config".*quantized/],
  ['llama', { rope_parameters: { rope_type: 'yarn', rope_theta: 1e4 } }, /scaled as "yarn"/],
  ['llama', { hidden_act: 'relu' }, /"hidden_act" is "relu"/],
  ['llama', { attention_bias: true }, /"attention_bias" is true/],
  ['llama', { num_attention_heads: 'three' }, /"num_attention_heads" is "three", and a whole number/],
  [
    'llama',
    { intermediate_size: 30 },
    /gate_proj\.weight has the shape \[29, 18\], and by the config\.json it is \[30, 18\]/,
  ],
  ['llama', { num_hidden_layers: 1 }, /has a tensor model\.layers\.1\..* that a llama of 1 layers does not have/],
  ['llama', { num_hidden_layers: 3 }, /model\.layers\.2\.input_layernorm\.weight .* is missing/],
  ['qwen2', { tie_word_embeddings: false }, /lm_head\.weight is missing\. Set "tie_word_embeddings"/],
  ['qwen2', { use_sliding_window: true, sliding_window: 4, max_window_layers: 1 }, /some layers see a window/],
  ['gpt2', { activation_function: 'gelu' }, /an activation other than gelu_new/],
  ['gemma2', { vocab_size: undefined }, /it has no "vocab_size"/],
])('%s with %j is refused by name', async (family, change, words) => {
  await expect(openCheckpoint(withConfig(family, change))).rejects.toThrow(words);
});

test('damaged folders are refused by what is wrong with them', async () => {
  const spec = SMALL.qwen2;
  const files = checkpointFiles(spec, smallWeights(spec), { shards: 2 });
  const names = Object.keys(files).filter((name) => name.endsWith('.safetensors'));
  const without = ({ [names[1]]: _, ...rest }: Files) => rest;
  await expect(openCheckpoint(folder(without(files)))).rejects.toThrow(`names ${names[1]}, which is not there`);
  const cut = { ...files, [names[0]]: files[names[0]].slice(0, -8) };
  await expect(openCheckpoint(folder(cut))).rejects.toThrow(/cut short/);
  await expect(openCheckpoint(bytesFolder('lora', { 'adapter_config.json': json({}) }))).rejects.toThrow(/LoRA/);
  const config = { 'config.json': files['config.json'] };
  const adapter = { ...config, 'adapter_config.json': json({}), 'adapter_model.safetensors': json({}) };
  await expect(openCheckpoint(bytesFolder('lora', adapter))).rejects.toThrow(/LoRA/);
  for (const name of ['model-q4.gguf', 'pytorch_model.bin'])
    await expect(openCheckpoint(bytesFolder('other', { ...config, [name]: json({}) }))).rejects.toThrow(
      `other: its weights are in ${name}, and only safetensors are read`,
    );
  await expect(openCheckpoint(bytesFolder('empty', {}))).rejects.toThrow(/no config\.json/);
});
