/** What models take, from their configurations alone. */
import { expect, test } from 'vitest';
import { readConfig } from '../../src/nn/transformer/config.ts';
import { memoryCommand } from '../../src/workloads/activations/commands/memory-command.ts';
import { classFor, memoryRow, originBytes } from '../../src/workloads/activations/evaluation/memory.ts';
import { KNOWN_MODELS } from '../../src/workloads/language-models/known-models.ts';

const question = { context: 200, windows: 1, components: ['residual'], batches: [1, 16] } as const;

// Parameters as published; bytes a token by hand: 2 · L · kv · 4, and (L + 1) · d · 4.
test.each([
  ['GPT-2', 124_439_808, 73_728, 39_936],
  ['SmolLM2-135M', 134_515_008, 46_080, 71_424],
  ['Qwen2.5-0.5B', 494_032_768, 24_576, 89_600],
  ['Gemma-2-2B', 2_614_341_888, 212_992, 248_832],
])('%s has its parameters, and a plan that is mostly weights', (name, parameters, cache, captured) => {
  const { config } = KNOWN_MODELS.find((model) => model.name === name)!;
  const spec = readConfig(name, config);
  const f32 = memoryRow(name, spec, 'f32', question);
  expect(f32).toMatchObject({ parameters, cacheBytes: cache, capturedBytes: captured, weightBytes: 4 * parameters });
  const [one, sixteen] = f32.totals.map(({ bytes }) => bytes);
  expect(one).toBeGreaterThan(4 * parameters);
  expect(sixteen).toBeGreaterThan(one);
  // Keys, values and sums of a text; ids and −log p are small beside them.
  expect(f32.textBytes).toBeGreaterThanOrEqual(200 * cache + captured);
  expect(f32.textBytes).toBeLessThan(1.01 * (200 * cache + captured) + 2 ** 16);
  const halves = memoryRow(name, spec, 'f16', question);
  expect(one - halves.totals[0].bytes).toBeGreaterThan(1.95 * parameters);
  expect(originBytes(1) - originBytes(0)).toBeGreaterThan(20 * f32.textBytes);
});

test('a class holds what leaves a tenth of it free', () => {
  const gib = 2 ** 30;
  expect([7.1, 7.3, 22, 80].map((size) => classFor(size * gib))).toEqual(['8GB', '16GB', '40GB', undefined]);
});

async function command(values: Record<string, string | string[]>) {
  let [out, err] = ['', ''];
  const io = { out: { write: (text: string) => (out += text) }, err: { write: (text: string) => (err += text) } };
  return { code: await memoryCommand(values, io as never), out, err };
}

test('the command knows four models, and reads a configuration', async () => {
  const { code, out } = await command({});
  expect(code).toBe(0);
  for (const { name } of KNOWN_MODELS) expect(out).toContain(name);
  const own = await command({ model: ['public/models/stories'], batchSize: ['3'], promptTokens: '20' });
  expect(own.out).toMatch(/stories +f32 .*3 texts|3 texts, GiB[\s\S]*stories +f32/);
  expect(own.out).not.toContain('Gemma');
});

test.each([
  [{ config: ['nowhere.json'] }, 'nowhere.json: it cannot be read'],
  [{ config: ['package.json'] }, 'it has no "model_type"'],
  [{ batchSize: ['no'] }, 'batch-size'],
  [{ position: 'middle[1]' }, 'begins with no part'],
])('%j is refused in words', async (values, message) => {
  const { code, err } = await command(values as Record<string, string>);
  expect(code).not.toBe(0);
  expect(err).toContain(message);
});
