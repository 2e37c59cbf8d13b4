/**
 * Logits of every position on the CPU against f64 values of independent programs: of decoders of the four families, and of a real model. Needs
 * the reference data: LOCKSTEP_SHARED names the folder that holds `data/activations`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directoryFolder } from '../../src/cli/directory-folder.ts';
import { openCheckpoint } from '../../src/nn/transformer/checkpoint.ts';
import { HostPass } from '../../src/nn/transformer/host/pass.ts';
import { readWeights } from '../../src/nn/transformer/host/weights.ts';
import { FAMILIES } from '../../src/nn/transformer/spec.ts';
import { readReference, referenceFolder } from './reference.ts';

interface Row {
  readonly prompt?: readonly number[];
  readonly ids?: readonly number[];
  readonly greedy: readonly number[];
}

const CASES = [...FAMILIES, 'stories260k'].flatMap((name) => [[name, 'f64'] as const, [name, 'f32'] as const]);

test.each(CASES)('%s in %s', async (name, arithmetic) => {
  const path = join(referenceFolder(), name);
  const { spec, source } = await openCheckpoint(await directoryFolder('model', path, () => true));
  const { rows } = JSON.parse(await readFile(join(path, 'expected.json'), 'utf8')) as { rows: readonly Row[] };
  const values = await readReference(join(path, 'expected.safetensors'));
  const weights = await readWeights(source, 'f32', arithmetic);
  let worst = 0;
  let compared = 0;
  for (const [row, { prompt, ids = prompt!, greedy }] of rows.entries()) {
    const { data, shape } = (values.get(`${row}.logits`) ?? values.get(`${row}.logits_last`))!;
    const [positions, last] = shape.length === 1 ? [1, ids.length] : [shape[0], shape[0]];
    const all = [...ids, ...greedy].slice(0, last);
    const pass = new HostPass(spec, weights, { slots: 1, context: last, components: [] });
    const found = pass.run(all.map((id, position) => ({ slot: 0, position, id, logits: true }))).logits;
    for (const [i, logits] of found.slice(last - positions).entries())
      for (const [id, logit] of logits.entries()) {
        worst = Math.max(worst, Math.abs(logit - data[i * spec.vocabulary + id]));
        compared++;
      }
  }
  console.log(`${name}, ${arithmetic}: ${compared} logits differ by ${worst.toExponential(1)} at most`);
  expect(compared).toBeGreaterThanOrEqual(rows.length * spec.vocabulary);
  // Both are f64, summed in other orders; f32 as the project demands it.
  expect(worst).toBeLessThan(arithmetic === 'f64' ? 1e-10 : 2e-4);
});
