/**
 * Decoders on the CPU against f64 values of independent programs. Needs the reference data: LOCKSTEP_SHARED names the folder that holds
 * `data/activations`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directoryFolder } from '../../src/cli/directory-folder.ts';
import { COMPONENTS, capturedParts } from '../../src/nn/transformer/capture.ts';
import { openCheckpoint } from '../../src/nn/transformer/checkpoint.ts';
import { openHostDecoder } from '../../src/nn/transformer/host/open.ts';
import { readReference, referenceFolder } from './reference.ts';

const CHECKPOINTS = ['gpt2', 'llama', 'qwen2', 'gemma2'] as const;

interface Expected {
  readonly rows: readonly {
    readonly prompt: readonly number[];
    readonly greedy: readonly number[];
    readonly steered_greedy: readonly number[];
  }[];
  readonly steer: { readonly after_block: number; readonly vector: string };
}

test.each(CHECKPOINTS.flatMap((name) => (['f64', 'f32'] as const).map((arithmetic) => [name, arithmetic] as const)))(
  '%s in %s: activations, pooled means and greedy texts, plain and steered',
  async (name, arithmetic) => {
    const path = join(referenceFolder(), name);
    const { spec, source } = await openCheckpoint(await directoryFolder('model', path, () => true));
    const expected = JSON.parse(await readFile(join(path, 'expected.json'), 'utf8')) as Expected;
    const values = await readReference(join(path, 'expected.safetensors'));
    const { parts, size } = capturedParts(spec, COMPONENTS);
    const options = {
      spec,
      storage: 'f32' as const,
      slots: expected.rows.length,
      context: 48,
      capture: { components: COMPONENTS, windows: 3, kept: true },
      sampling: { temperature: 0, topK: 0, topP: 1 },
      ends: [],
      scored: false,
      steering: 'all' as const,
    };
    const batch = await openHostDecoder(source, options, arithmetic);
    const place = (strength: number) =>
      batch.place(
        expected.rows.map(({ prompt, greedy }, slot) => ({
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
    await batch.advance(Number.POSITIVE_INFINITY);
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
            for (let k = 0; k < width; k++)
              worst = Math.max(
                worst,
                Math.abs(rows[t * size + at + entry * width + k] - data[(entry * tokens + t) * width + k]) / rms,
              );
      }
      const { counts, sums } = await batch.sums(slot);
      for (const [window, key] of ['response_mean', 'response_first5_mean', 'prompt_last'].entries()) {
        const { data } = values.get(`${slot}.${key}`)!;
        data.forEach((value, i) => {
          expect(Math.abs(sums[window * size + i] / counts[window] - value)).toBeLessThan(1e-4);
        });
      }
    }
    console.log(`${name}, ${arithmetic}: activations differ by ${worst.toExponential(1)} of rms at most`);
    expect(worst).toBeLessThan(arithmetic === 'f64' ? 1e-6 : 1e-4);
    const vectors = new Float32Array(spec.layers * spec.width);
    vectors.set(values.get(expected.steer.vector)!.data, expected.steer.after_block * spec.width);
    await batch.steer(vectors);
    await place(1);
    await batch.advance(Number.POSITIVE_INFINITY);
    for (const { slot, drawn } of await batch.states()) expect([...drawn]).toEqual(expected.rows[slot].steered_greedy);
  },
);

test('stories260k: 200 tokens exactly, and residuals of the last position', async () => {
  const path = join(referenceFolder(), 'stories260k');
  const { spec, source } = await openCheckpoint(await directoryFolder('model', path, () => true));
  const { rows } = JSON.parse(await readFile(join(path, 'expected.json'), 'utf8')) as {
    rows: readonly { readonly ids: readonly number[]; readonly greedy: readonly number[] }[];
  };
  const options = {
    spec,
    storage: 'f32' as const,
    slots: rows.length,
    context: 320,
    capture: { components: ['residual' as const], windows: 0, kept: false },
    sampling: { temperature: 0, topK: 0, topP: 1 },
    ends: [],
    scored: false,
  };
  const batch = await openHostDecoder(source, options, 'f32');
  await batch.place(
    rows.map(({ ids, greedy }, slot) => ({
      slot,
      ids,
      prompt: ids.length,
      newTokens: greedy.length,
      seed: 1,
      windows: [],
      strength: 0,
    })),
  );
  const begin = performance.now();
  await batch.advance(Number.POSITIVE_INFINITY);
  console.log(
    `${Math.round((1000 * batch.work) / (performance.now() - begin))} positions a second, ${rows.length} texts`,
  );
  for (const { slot, drawn } of await batch.states()) expect([...drawn]).toEqual(rows[slot].greedy);
});
