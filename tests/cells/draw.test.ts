/** The draw's kernel against its f64 twin on many logits, and every kernel of the sampler on both compilers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { threefry2x32 } from '../../src/stats/threefry.ts';
import { DeviceMixture, DeviceTable } from '../../src/workloads/cells/sampling/device-tables.ts';
import { argMax, drawCategory, guide } from '../../src/workloads/cells/sampling/draw.ts';
import { logitStride, placeOf, rowConstants, samplerKernels } from '../../src/workloads/cells/sampling/kernels.ts';
import { MixturePredictor } from '../../src/workloads/cells/sampling/mixture-predictor.ts';
import { FORBIDDEN_LOGIT } from '../../src/workloads/cells/sampling/predictor.ts';
import { categoryWord } from '../../src/workloads/cells/sampling/random.ts';
import { TablePredictor } from '../../src/workloads/cells/sampling/table-predictor.ts';
import { settingsFor, smallMixture, twoClasses } from '../../src/workloads/cells/test-support/laws.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const GENES = 50;
const ROWS = 20_000;
const STEP = 3;

/** Logits between −6 and 6, every seventh forbidden, but the first bin of a row. */
function logitsOf(rows: number, bins: number, stream: number): Float32Array<ArrayBuffer> {
  const stride = logitStride(bins);
  return Float32Array.from({ length: rows * stride }, (_, at) => {
    const [word, other] = threefry2x32([7, stream], [at, 0]);
    return other % 7 === 0 && at % stride > 0 ? FORBIDDEN_LOGIT : 12 * (word / 2 ** 32) - 6;
  });
}

async function drawn(bins: number, temperature: number, guidance: number, argmax: boolean) {
  const guided = guidance !== 1;
  const logits = logitsOf(ROWS, bins, 1);
  const without = logitsOf(ROWS, bins, 2);
  // What has no chance with the label has one without; the other way round would be no mixture's law.
  without.forEach((logit, at) => {
    if (logits[at] > FORBIDDEN_LOGIT && logit === FORBIDDEN_LOGIT) without[at] = -3;
  });
  const how = new Uint32Array(4);
  new Float32Array(how.buffer).set([1 / temperature, guidance]);
  how[2] = argmax ? STEP : 0xffffffff;
  const rows = Uint32Array.from({ length: ROWS }, (_, i) => ROWS - 1 - i);
  const seeds = Uint32Array.from({ length: ROWS / GENES }, (_, cell) => 1000 + cell);
  const found = await runKernel(gpu, {
    shader: {
      module: 'cells/draw_logits',
      conditions: { guided },
      constants: rowConstants(GENES, bins, defaultSizes),
    },
    storage: {
      0: Uint32Array.of(STEP, 0, ROWS, 0, 0, 0, 0, 0),
      1: rows,
      2: seeds,
      3: logits,
      4: new Uint32Array(ROWS),
      ...(guided ? { 6: without } : ({} as Record<number, never>)),
    },
    uniforms: { 5: how },
    workgroups: Math.ceil(ROWS / defaultSizes['cells.drawThreads']),
  });
  const stride = logitStride(bins);
  const of = (all: Float32Array, i: number) => Float64Array.from(all.subarray(i * stride, i * stride + bins));
  let differing = 0;
  for (let i = 0; i < ROWS; i++) {
    const mine = of(logits, i);
    if (guided) guide(mine, of(without, i), guidance);
    const row = rows[i];
    const word = categoryWord(seeds[Math.floor(row / GENES)], row % GENES, STEP);
    const token = found[4][row];
    if (!(mine[token] > FORBIDDEN_LOGIT / 2)) throw new Error(`row ${row} has the forbidden token ${token}`);
    const expected = argmax ? argMax(mine) : drawCategory(mine, temperature, word);
    if (token === expected) continue;
    differing++;
    if (argmax) expect(Math.abs(mine[token] - mine[expected])).toBeLessThan(1e-5);
    else expect(nearEdge(mine, temperature, word)).toBeLessThan(2e-6);
  }

  return differing;
}

/** Distance of a word from the nearest edge of the distribution function. */
function nearEdge(logits: Float64Array, temperature: number, word: number): number {
  const largest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp((logit - largest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  let nearest = 1;
  for (const weight of weights) {
    below += weight / total;
    nearest = Math.min(nearest, Math.abs(below - (word + 0.5) / 2 ** 32));
  }
  return nearest;
}

test.each([
  [16, 1, 1],
  [16, 0.5, 2],
  [3, 1, 1],
  [100, 1.5, 1],
] as const)(
  '%i bins, T %f, γ %f: tokens are the twin’s but where the word lies within 2e-6 of an edge',
  async (bins, temperature, guidance) => {
    // An exponential rounds by up to 3 + 2|x| units, a sum of 100 by a few dozen: 1e-6 a side, at a few edges with weight. 20,000 words
    // come that near a handful of times at most.
    expect(await drawn(bins, temperature, guidance, false)).toBeLessThanOrEqual(5);
  },
);

test('in the step of the argmax the most probable token is taken', async () => {
  expect(await drawn(16, 1, 1, true)).toBe(0);
  expect(await drawn(16, 1, 2, true)).toBeLessThanOrEqual(1);
});

test('every kernel is accepted by Naga too', async () => {
  const shaders: { label: string; wgsl: string }[] = [];
  for (const guidance of [1, 2]) {
    for (const predictor of [
      new DeviceTable(new TablePredictor(twoClasses())),
      new DeviceMixture(new MixturePredictor(smallMixture(10, 200, 16))),
    ]) {
      const place = placeOf(settingsFor(predictor, { guidance }), 8, defaultSizes);
      for (const [label, { shader }] of Object.entries({ ...samplerKernels(place), ...predictor.kernels(place) }))
        shaders.push({ label, wgsl: 'wgsl' in shader ? shader.wgsl : linkShader(shader).wgsl });
    }
  }
  const outcomes = await compileWithNaga(shaders);
  expect(outcomes.length).toBeGreaterThan(12);
  expect(outcomes.filter(({ errors }) => errors.length > 0)).toEqual([]);
});
