/**
 * The layered decoder on a device against f64 values of independent programs, for every checkpoint and storage. Needs the reference data:
 * LOCKSTEP_SHARED names the folder that holds `data/activations`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import { directoryFolder } from '../../src/cli/directory-folder.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { DecoderOptions, TextStart, WeightStorage } from '../../src/nn/transformer/batch.ts';
import { COMPONENTS, capturedParts } from '../../src/nn/transformer/capture.ts';
import { type Checkpoint, openCheckpoint } from '../../src/nn/transformer/checkpoint.ts';
import { decoderShape, openDecoder } from '../../src/nn/transformer/decoder.ts';
import { readReference, referenceFolder } from './reference.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const SIZES = { ...defaultSizes, 'activations.softwareKeys': 8, 'activations.productInner': 16 };

interface Expected {
  readonly rows: readonly {
    readonly prompt: readonly number[];
    readonly greedy: readonly number[];
    readonly steered_greedy: readonly number[];
  }[];
  readonly steer: { readonly after_block: number; readonly vector: string };
}

const openFolder = async (name: string) => {
  const path = join(referenceFolder(), name);
  return { path, checkpoint: await openCheckpoint(await directoryFolder('model', path, () => true)) };
};

const openLayered = ({ spec, source }: Checkpoint, of: Partial<DecoderOptions>) => {
  const options: DecoderOptions = {
    spec,
    storage: 'f32',
    slots: 1,
    context: 48,
    capture: { components: [], windows: 0, kept: false },
    sampling: { temperature: 0, topK: 0, topP: 1 },
    ends: [],
    scored: false,
    ...of,
  };
  return openDecoder(gpu, source, options, decoderShape(gpu.report, options, SIZES, 'layered'), SIZES);
};

/** −log p of an id by the logits of the position before it. */
function surprise(logits: Float64Array, id: number): number {
  const largest = logits.reduce((most, value) => Math.max(most, value));
  return largest + Math.log(logits.reduce((sum, value) => sum + Math.exp(value - largest), 0)) - logits[id];
}

test.each(['gpt2', 'llama', 'qwen2', 'gemma2'])(
  '%s: activations, −log p, pooled means and greedy texts, plain and steered',
  async (name) => {
    const { path, checkpoint } = await openFolder(name);
    const { spec } = checkpoint;
    const expected = JSON.parse(await readFile(join(path, 'expected.json'), 'utf8')) as Expected;
    const values = await readReference(join(path, 'expected.safetensors'));
    const { parts, size } = capturedParts(spec, COMPONENTS);
    const batch = await openLayered(checkpoint, {
      slots: expected.rows.length,
      capture: { components: COMPONENTS, windows: 3, kept: true },
      steering: 'all',
      scored: true,
    });
    const place = (strength: number) =>
      batch.place(
        expected.rows.map(
          ({ prompt, greedy }, slot): TextStart => ({
            slot,
            ids: prompt,
            prompt: prompt.length,
            newTokens: greedy.length,
            seed: 1,
            windows: [
              [prompt.length, prompt.length + 15],
              [prompt.length, prompt.length + 5],
              [prompt.length - 1, prompt.length],
            ],
            strength,
          }),
        ),
      );
    await place(0);
    await batch.advance(Number.POSITIVE_INFINITY);
    const names = {
      residual: 'residual',
      attn_contribution: 'attn',
      mlp_contribution: 'mlp',
      k_proj: 'k',
      v_proj: 'v',
    };
    const worst = { activations: 0, nll: 0, means: 0 };
    for (const { slot, drawn, nll } of await batch.states()) {
      const { prompt, greedy } = expected.rows[slot];
      expect([...drawn]).toEqual(greedy);
      const rows = await batch.rows(slot);
      for (const { component, at, entries, width } of parts) {
        const { data, shape } = values.get(`${slot}.${names[component]}`)!;
        const tokens = shape[1];
        const rms = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
        for (let entry = 0; entry < entries; entry++)
          for (let t = 0; t < tokens; t++)
            for (let k = 0; k < width; k++) {
              const off = rows[t * size + at + entry * width + k] - data[(entry * tokens + t) * width + k];
              worst.activations = Math.max(worst.activations, Math.abs(off) / rms);
            }
      }
      const { data: logits, shape } = values.get(`${slot}.logits`)!;
      [...prompt, ...greedy].slice(1, shape[0] + 1).forEach((id, t) => {
        const exact = surprise(logits.subarray(t * spec.vocabulary, (t + 1) * spec.vocabulary), id);
        worst.nll = Math.max(worst.nll, Math.abs(nll![t] - exact));
      });
      const { counts, sums } = await batch.sums(slot);
      for (const [window, key] of ['response_mean', 'response_first5_mean', 'prompt_last'].entries())
        values.get(`${slot}.${key}`)!.data.forEach((value, i) => {
          worst.means = Math.max(worst.means, Math.abs(sums[window * size + i] / counts[window] - value));
        });
    }
    console.log(name, worst);
    expect(worst.activations).toBeLessThan(1e-4);
    expect(worst.nll).toBeLessThan(2e-4);
    expect(worst.means).toBeLessThan(1e-4);
    const vectors = new Float32Array(spec.layers * spec.width);
    vectors.set(values.get(expected.steer.vector)!.data, expected.steer.after_block * spec.width);
    await batch.steer(vectors);
    await place(1);
    await batch.advance(Number.POSITIVE_INFINITY);
    for (const { slot, drawn } of await batch.states()) expect([...drawn]).toEqual(expected.rows[slot].steered_greedy);
    batch.close();
  },
);

test.each([
  ['llama', 'f16'],
  ['qwen2', 'bf16'],
  ['gemma2', 'bf16'],
] as const)('%s: %s as its file has it gives the bits of f32', async (name, storage) => {
  const { checkpoint } = await openFolder(name);
  const rows: Float32Array[] = [];
  for (const stored of ['f32', storage] as const) {
    const batch = await openLayered(checkpoint, {
      storage: stored,
      capture: { components: COMPONENTS, windows: 0, kept: true },
    });
    await batch.place([
      { slot: 0, ids: [2, 21, 49, 78, 3], prompt: 5, newTokens: 8, seed: 1, windows: [], strength: 0 },
    ]);
    await batch.advance(Number.POSITIVE_INFINITY);
    rows.push(await batch.rows(0));
    batch.close();
  }
  expect(rows[1]).toEqual(rows[0]);
});

test('stories260k: every token, by every storage as far as it carries', async () => {
  const { path, checkpoint } = await openFolder('stories260k');
  const { rows } = JSON.parse(await readFile(join(path, 'expected.json'), 'utf8')) as {
    rows: readonly { readonly ids: readonly number[]; readonly greedy: readonly number[] }[];
  };
  const longest = rows.findIndex(({ greedy }) => greedy.length === 200);
  /** Tokens of the story until one differs, of 200: 200, 181 and 57 in the reference's table; close calls may fall otherwise elsewhere. */
  const kept: Record<WeightStorage, number> = { f32: 200, f16: 200, bf16: 100, int8: 30 };
  for (const [storage, least] of Object.entries(kept) as [WeightStorage, number][]) {
    const batch = await openLayered(checkpoint, {
      storage,
      slots: rows.length,
      context: 320,
      capture: { components: ['residual'], windows: 1, kept: false },
    });
    await batch.place(
      rows.map(({ ids, greedy }, slot) => ({
        slot,
        ids,
        prompt: ids.length,
        newTokens: greedy.length,
        seed: 1,
        windows: [[0, ids.length]],
        strength: 0,
      })),
    );
    await batch.advance(Number.POSITIVE_INFINITY);
    const states = await batch.states();
    const { drawn } = states[longest];
    const first = drawn.findIndex((id, i) => id !== rows[longest].greedy[i]);
    console.log(`${storage}: ${first < 0 ? 'all' : first} of 200 tokens alike`);
    expect(first < 0 ? 200 : first).toBeGreaterThanOrEqual(least);
    if (storage === 'f32') for (const { slot, drawn: all } of states) expect([...all]).toEqual(rows[slot].greedy);
    batch.close();
  }
});
