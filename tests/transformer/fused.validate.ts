/**
 * Whole generations in one dispatch, in both forms, against f64 values of independent programs. Needs the reference data: LOCKSTEP_SHARED names the
 * folder that holds `data/activations`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import { directoryFolder } from '../../src/cli/directory-folder.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { DecoderBatch } from '../../src/nn/transformer/batch.ts';
import { COMPONENTS, capturedParts } from '../../src/nn/transformer/capture.ts';
import { openCheckpoint } from '../../src/nn/transformer/checkpoint.ts';
import { openFused } from '../../src/nn/transformer/fused/open.ts';
import { fusedShape } from '../../src/nn/transformer/fused/shape.ts';
import { readReference, referenceFolder } from './reference.ts';

const CHECKPOINTS = ['gpt2', 'llama', 'qwen2', 'gemma2'] as const;
const FORMS = ['own', 'shared'] as const;
/** A workgroup a text with few threads: those of a software adapter wait for each other. */
const SIZES = { ...defaultSizes, 'activations.fusedThreads': 8 };
const GREEDY = { temperature: 0, topK: 0, topP: 1 };

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const shapeOf = (form: (typeof FORMS)[number]) => fusedShape(gpu.report, SIZES, form === 'shared');

async function finish(batch: DecoderBatch): Promise<void> {
  while ((await batch.states()).some(({ done }) => !done)) await batch.advance(1000);
}

test.each(CHECKPOINTS.flatMap((name) => FORMS.map((form) => [name, form] as const)))(
  '%s, %s: activations, pooled means and greedy texts, plain and steered',
  async (name, form) => {
    const path = join(referenceFolder(), name);
    const { spec, source } = await openCheckpoint(await directoryFolder('model', path, () => true));
    const expected = JSON.parse(await readFile(join(path, 'expected.json'), 'utf8'));
    const values = await readReference(join(path, 'expected.safetensors'));
    const { parts, size } = capturedParts(spec, COMPONENTS);
    const options = {
      spec,
      storage: 'f32' as const,
      slots: expected.rows.length,
      context: 48,
      capture: { components: COMPONENTS, windows: 3, kept: true },
      sampling: GREEDY,
      ends: [],
      scored: false,
      steering: 'all' as const,
    };
    const batch = await openFused(gpu, source, options, shapeOf(form), SIZES);
    const place = (strength: number) =>
      batch.place(
        expected.rows.map(({ prompt, greedy }: { prompt: number[]; greedy: number[] }, slot: number) => ({
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
        })),
      );
    await place(0);
    await finish(batch);
    const names = {
      residual: 'residual',
      attn_contribution: 'attn',
      mlp_contribution: 'mlp',
      k_proj: 'k',
      v_proj: 'v',
    };
    let worst = 0;
    for (const { slot, drawn } of await batch.states()) {
      expect([...drawn]).toEqual(expected.rows[slot].greedy);
      const rows = await batch.rows(slot);
      for (const { component, at, entries, width } of parts) {
        const { data, shape } = values.get(`${slot}.${names[component]}`)!;
        const tokens = shape[1];
        const rms = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
        for (let entry = 0; entry < entries; entry++)
          for (let t = 0; t < tokens; t++)
            for (let k = 0; k < width; k++) {
              const away = rows[t * size + at + entry * width + k] - data[(entry * tokens + t) * width + k];
              worst = Math.max(worst, Math.abs(away) / rms);
            }
      }
      const { counts, sums } = await batch.sums(slot);
      for (const [window, key] of ['response_mean', 'response_first5_mean', 'prompt_last'].entries())
        values.get(`${slot}.${key}`)!.data.forEach((value, i) => {
          expect(Math.abs(sums[window * size + i] / counts[window] - value)).toBeLessThan(1e-4);
        });
    }
    console.log(`${name}, ${form}: activations differ by ${worst.toExponential(1)} of rms at most`);
    expect(worst).toBeLessThan(1e-4);
    const vectors = new Float32Array(spec.layers * spec.width);
    vectors.set(values.get(expected.steer.vector)!.data, expected.steer.after_block * spec.width);
    await batch.steer(vectors);
    await place(1);
    await finish(batch);
    for (const { slot, drawn } of await batch.states()) expect([...drawn]).toEqual(expected.rows[slot].steered_greedy);
    batch.close();
  },
);

test.each([
  ['own', 'f32', 200],
  ['shared', 'f32', 200],
  ['own', 'f16', 200],
  // As the reference measured.
  ['own', 'bf16', 181],
  ['own', 'int8', 57],
] as const)('stories260k, %s, %s: %d of 200 tokens', async (form, storage, equal) => {
  const path = join(referenceFolder(), 'stories260k');
  const { spec, source } = await openCheckpoint(await directoryFolder('model', path, () => true));
  const { rows } = JSON.parse(await readFile(join(path, 'expected.json'), 'utf8')) as {
    rows: readonly { readonly ids: readonly number[]; readonly greedy: readonly number[] }[];
  };
  const options = {
    spec,
    storage,
    slots: rows.length,
    context: 320,
    capture: { components: ['residual' as const], windows: 0, kept: false },
    sampling: GREEDY,
    ends: [],
    scored: false,
  };
  const batch = await openFused(gpu, source, options, shapeOf(form), SIZES);
  const starts = rows.map(({ ids, greedy }, slot) => ({ slot, ids, prompt: ids.length, newTokens: greedy.length }));
  await batch.place(starts.map((start) => ({ ...start, seed: 1, windows: [], strength: 0 })));
  await finish(batch);
  for (const { slot, drawn } of await batch.states()) {
    const { greedy } = rows[slot];
    const same = greedy.findIndex((id, i) => drawn[i] !== id);
    if (greedy.length === 200) expect(same < 0 ? 200 : same).toBe(equal);
    else if (storage === 'f32') expect([...drawn]).toEqual(greedy);
  }
  batch.close();
});
