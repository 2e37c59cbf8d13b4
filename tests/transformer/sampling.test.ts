/** Drawing tokens on the device against its twin: limits, ties, cuts by number and mass, vocabularies of one to a quarter of a million. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import type { SamplingSpec } from '../../src/nn/transformer/batch.ts';
import { NO_ID, samplingRowsShader } from '../../src/nn/transformer/sampling/rows-kernel.ts';
import { type SamplingSizes, samplingWords } from '../../src/nn/transformer/sampling/sampling.ts';
import {
  chooseToken,
  drawToken,
  keptTokens,
  likeliest,
  surprise,
  tokenWord,
} from '../../src/nn/transformer/sampling/twin.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const SIZES: SamplingSizes = { samplingThreads: 24, searchBanks: 2 };
const GREEDY: SamplingSpec = { temperature: 0, topK: 0, topP: 1 };
const ALL: SamplingSpec = { temperature: 1, topK: 0, topP: 1 };

/** Normal-ish numbers of some spread, the same everywhere. */
function someLogits(vocabulary: number, seed: number, spread = 3): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: vocabulary }, (_, id) => {
    const word = (of: number) => tokenWord(seed + 1000 * of, id) / 2 ** 32;
    return spread * (word(1) + word(2) + word(3) + word(4) - 2);
  });
}

const word = (u: number) => Math.min(Math.round(u * 2 ** 32), 2 ** 32 - 1);

interface Found {
  readonly ids: readonly number[];
  readonly nll: readonly number[];
}

/** One row for each uniform, all of the same logits. */
async function drawn(
  logits: Float32Array,
  sampling: SamplingSpec,
  uniforms: readonly number[],
  sizes = SIZES,
): Promise<Found> {
  const rows = new Float32Array(logits.length * uniforms.length);
  for (let row = 0; row < uniforms.length; row++) rows.set(logits, row * logits.length);
  const asked = Uint32Array.from(uniforms.flatMap((u) => [word(u), 0, 0, NO_ID]));
  const found = await runKernel(gpu, {
    shader: samplingRowsShader(logits.length, sizes, { scored: true, words: true }),
    storage: { 0: rows, 1: asked, 3: new Uint32Array(2 * uniforms.length) },
    uniforms: { 2: samplingWords(sampling) },
    workgroups: uniforms.length,
  });
  return {
    ids: uniforms.map((_, row) => found[3][2 * row]),
    nll: uniforms.map((_, row) => new Float32Array(found[3].buffer)[2 * row + 1]),
  };
}

/** Uniforms that stay away from the steps of what is drawn from: f32's weights are wrong by some 1e-7. */
function clearUniforms(logits: Float32Array, sampling: SamplingSpec, count: number): number[] {
  const steps: number[] = [];
  let sum = 0;
  for (const p of keptTokens(logits, sampling).probabilities) {
    sum += p;
    steps.push(sum);
  }
  const clear: number[] = [];
  for (let i = 0; clear.length < count; i++) {
    const u = tokenWord(77, i) / 2 ** 32;
    if (steps.every((step) => Math.abs(step - u) > 3e-6)) clear.push(u);
  }
  return clear;
}

describe('the twin', () => {
  const logits = Float32Array.of(1, 3, 2, 3, 0, 3);

  it('takes the first of the likeliest, and smaller ids first of equal ones', () => {
    expect(likeliest(logits)).toBe(1);
    expect([...keptTokens(logits, { temperature: 1, topK: 2, topP: 1 }).ids]).toEqual([1, 3]);
    expect([...keptTokens(logits, { temperature: 1, topK: 4, topP: 1 }).ids]).toEqual([1, 2, 3, 5]);
    // Three times e³ of 3 e³ + e² + e + 1: 0.845 in all, so two of them reach a half of the mass and three 0.8.
    expect([...keptTokens(logits, { temperature: 1, topK: 0, topP: 0.5 }).ids]).toEqual([1, 3]);
    expect([...keptTokens(logits, { temperature: 1, topK: 0, topP: 0.8 }).ids]).toEqual([1, 3, 5]);
    expect([...keptTokens(logits, { temperature: 1, topK: 0, topP: 1e-9 }).ids]).toEqual([1]);
  });

  it('goes through ids upwards', () => {
    const thirds = Float32Array.of(0, -50, 0, 0);
    expect([0, 0.3, 0.34, 0.66, 0.67, 0.999].map((u) => chooseToken(thirds, ALL, u))).toEqual([0, 0, 2, 2, 3, 3]);
  });

  it('draws as often as it should', () => {
    const few = someLogits(6, 5);
    const { probabilities } = keptTokens(few, ALL);
    const counts = new Array(6).fill(0);
    for (let position = 0; position < 20_000; position++)
      counts[drawToken(few, ALL, { seed: 2 ** 40 + 3, position })]++;
    const chi = counts.reduce(
      (sum, n, id) => sum + (n - 20_000 * probabilities[id]) ** 2 / (20_000 * probabilities[id]),
      0,
    );
    // 5 degrees of freedom: above 20.5 once in a thousand seeds; the seed is fixed.
    expect(chi).toBeLessThan(20.5);
  });
});

describe('settings', () => {
  it('are refused where they mean nothing', () => {
    expect(() => samplingWords({ ...ALL, temperature: -1 })).toThrow(/temperature is -1/);
    expect(() => samplingWords({ ...ALL, topK: 1.5 })).toThrow(/topK is 1.5/);
    expect(() => samplingWords({ ...ALL, topP: 0 })).toThrow(/topP is 0/);
  });
});

describe('the kernel', () => {
  const cases: [string, Float32Array<ArrayBuffer>][] = [
    ['one token', Float32Array.of(2)],
    ['17 tokens', someLogits(17, 1)],
    ['some hundred', someLogits(300, 2)],
    ['many ties', someLogits(300, 3).map((logit) => Math.round(logit))],
    ['all alike', new Float32Array(130)],
    ['zeros of both signs', Float32Array.from({ length: 40 }, (_, id) => (id % 2 ? -0 : 0))],
    ['some far below', someLogits(64, 4).map((logit, id) => (id % 3 ? logit : -1e30))],
  ];
  const settings: SamplingSpec[] = [
    GREEDY,
    ALL,
    { temperature: 0.7, topK: 0, topP: 1 },
    { temperature: 1.3, topK: 1, topP: 1 },
    { temperature: 1.3, topK: 5, topP: 1 },
    { temperature: 1, topK: 0, topP: 0.9 },
    { temperature: 0.5, topK: 40, topP: 0.301 },
    { temperature: 2, topK: 100, topP: 0.999 },
  ];

  for (const [name, logits] of cases)
    it(`chooses as its twin does: ${name}`, async () => {
      for (const sampling of settings) {
        const uniforms = sampling.temperature === 0 ? [0.5] : [0, ...clearUniforms(logits, sampling, 12)];
        const { ids, nll } = await drawn(logits, sampling, uniforms);
        const expected = uniforms.map((u) => chooseToken(logits, sampling, u));
        expect(ids, JSON.stringify(sampling)).toEqual(expected);
        // f32's exp is good to some 1e-6, and so are the sum of weights and its logarithm.
        for (const [i, found] of nll.entries()) expect(Math.abs(found - surprise(logits, ids[i]))).toBeLessThan(1e-5);
      }
    });

  it('keeps what the twin keeps, to the token', async () => {
    const logits = someLogits(60, 9);
    const sampling = { temperature: 0.9, topK: 30, topP: 0.95 };
    const { ids: kept, probabilities } = keptTokens(logits, sampling);
    // The middle of every token's step.
    const uniforms: number[] = [];
    probabilities.reduce((sum, p) => {
      uniforms.push(sum + p / 2);
      return sum + p;
    }, 0);
    expect((await drawn(logits, sampling, uniforms)).ids).toEqual([...kept]);
  });

  it('depends on no thread count', async () => {
    const logits = someLogits(500, 6);
    const uniforms = clearUniforms(logits, ALL, 8);
    const first = await drawn(logits, ALL, uniforms);
    for (const sizes of [
      { samplingThreads: 1, searchBanks: 1 },
      { samplingThreads: 64, searchBanks: 5 },
    ])
      expect(await drawn(logits, ALL, uniforms, sizes)).toEqual(first);
  });

  it('takes a quarter of a million tokens', async () => {
    const logits = someLogits(256_000, 8, 8);
    const sampling = { temperature: 0.8, topK: 1000, topP: 0.9 };
    const uniforms = [0.11, 0.52, 0.93];
    const { ids } = await drawn(logits, sampling, uniforms, { samplingThreads: 64, searchBanks: 4 });
    expect(ids).toEqual(uniforms.map((u) => chooseToken(logits, sampling, u)));
  });

  it('takes the word of seed and position, and ids that are given', async () => {
    const logits = someLogits(100, 7);
    const rows = new Float32Array(300);
    for (let row = 0; row < 3; row++) rows.set(logits, row * 100);
    const seed = 5 * 2 ** 32 + 9;
    const asked = Uint32Array.of(9, 5, 17, NO_ID, 9, 5, 18, NO_ID, 0, 0, 0, 42);
    const found = await runKernel(gpu, {
      shader: samplingRowsShader(100, SIZES, { scored: true }),
      storage: { 0: rows, 1: asked, 3: new Uint32Array(6) },
      uniforms: { 2: samplingWords(ALL) },
      workgroups: 3,
    });
    expect([found[3][0], found[3][2], found[3][4]]).toEqual([
      drawToken(logits, ALL, { seed, position: 17 }),
      drawToken(logits, ALL, { seed, position: 18 }),
      42,
    ]);
    expect(Math.abs(new Float32Array(found[3].buffer)[5] - surprise(logits, 42))).toBeLessThan(1e-5);
  });

  it('compiles with Tint and Naga', async () => {
    const shader = linkShader(samplingRowsShader(1000, SIZES, { scored: false }));
    await (await openNullContext()).compile(shader);

    expect((await compileWithNaga([{ label: 'rows', wgsl: shader.wgsl }]))[0].errors).toEqual([]);
  });
});
