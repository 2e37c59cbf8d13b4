/** Attention alone: widths of heads, causal, listed rows and many genes, on SwiftShader; the form for other software adapters on wgpu, in halves too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { runWithNaga } from '../../src/gpu/testing-naga.ts';
import { toHalves } from '../../src/nn/half.ts';
import { ATTENTION_BINDINGS, type AttentionSpec, attentionPlan } from '../../src/nn/tensor/attention.ts';
import { attention } from '../../src/nn/tensor/attention-twin.ts';
import { type TensorForm, tensorShape } from '../../src/nn/tensor/shape.ts';
import { workWords } from '../../src/nn/tensor/work.ts';
import { largestError } from './run-forward.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const SMALL = { 'cells.laneQueries': 2, 'cells.attentionThreads': 8, 'cells.attentionKeys': 8 } as const;
const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => 1.5 * Math.sin(1.7 * i + (i % 13)));

/** What a kernel is run with: every gene of every cell asks. */
function setup(form: TensorForm, spec: AttentionSpec, cells: number) {
  const { genes, heads, head } = spec;
  const plan = attentionPlan(spec, tensorShape(form, { ...defaultSizes, ...SMALL }));
  const every = Array.from({ length: genes }, (_, gene) => gene);
  const active = Array.from({ length: cells }, (_, place) => ({ place, genes: every }));
  const { words, counts } = workWords({ cells, places: cells, genes, rows: cells * genes }, active, plan.shares);
  const qkv = numbers(cells * genes * 3 * heads * head);
  return { plan, words, counts, qkv, groups: plan.groups(cells, counts.shares), outputs: cells * genes * heads * head };
}

async function onDawn(form: TensorForm, spec: AttentionSpec, cells: number) {
  const { plan, words, qkv, groups, outputs } = setup(form, spec, cells);
  const out = await runKernel(gpu, {
    shader: plan.shader,
    storage: {
      [ATTENTION_BINDINGS.qkv]: qkv,
      [ATTENTION_BINDINGS.work]: words,
      [ATTENTION_BINDINGS.output]: new Float32Array(outputs),
    },
    workgroups: groups,
  });
  return { found: out[ATTENTION_BINDINGS.output] as Float32Array, qkv };
}

const twin = (qkv: ArrayLike<number>, { genes, heads, head }: AttentionSpec, cells: number) =>
  attention(qkv, { cells, genes, width: heads * head, heads }).output;

describe('attention', () => {
  it.each([
    ['quads', 8, 9],
    ['quads', 64, 5],
    ['lanes', 8, 9],
    ['lanes', 16, 21],
    ['tiles', 8, 21],
    ['tiles', 32, 9],
  ] as const)('agrees with the f64 twin: %s, heads of %i, %i genes', async (form, head, genes) => {
    const spec: AttentionSpec = { heads: 2, head, genes, storage: 'f32' };
    const { found, qkv } = await onDawn(form, spec, 2);
    // Scores of some tens lose 1e-6 of their size in f32, which the exponential hands on.
    expect(largestError(found, twin(qkv, spec, 2))).toBeLessThan(1e-5);
  });

  it.each(['quads', 'lanes', 'tiles'] as const)('sees no later gene where it is causal: %s', async (form) => {
    const genes = 10;
    const spec: AttentionSpec = { heads: 2, head: 8, genes, storage: 'f32', causal: true };
    const { found, qkv } = await onDawn(form, spec, 1);
    const width = 16;
    for (let gene = 0; gene < genes; gene++) {
      // The last gene of a shorter cell sees all of it.
      const shorter = { ...spec, genes: gene + 1 };
      const expected = twin(qkv.subarray(0, (gene + 1) * 3 * width), shorter, 1).subarray(gene * width);
      expect(largestError(found.subarray(gene * width, (gene + 1) * width), expected), `${gene}`).toBeLessThan(1e-5);
    }
  });

  it('takes 2,048 genes and refuses more', async () => {
    const genes = 2048;
    // Only two genes ask: the twin's time.
    const spec: AttentionSpec = { heads: 1, head: 8, genes, storage: 'f32', listed: true };
    const plan = attentionPlan(spec, tensorShape('quads', defaultSizes));
    const asked = [7, 2047];
    const { words, counts } = workWords(
      { cells: 1, places: 1, genes, rows: 2 },
      [{ place: 0, genes: asked }],
      plan.shares,
    );
    const qkv = numbers(genes * 24);
    const out = await runKernel(gpu, {
      shader: plan.shader,
      storage: {
        [ATTENTION_BINDINGS.qkv]: qkv,
        [ATTENTION_BINDINGS.work]: words,
        [ATTENTION_BINDINGS.output]: new Float32Array(genes * 8),
      },
      workgroups: plan.groups(1, counts.shares),
    });
    const found = out[ATTENTION_BINDINGS.output] as Float32Array;
    for (const gene of asked) {
      const scores = Array.from({ length: genes }, (_, key) => {
        let sum = 0;
        for (let j = 0; j < 8; j++) sum += qkv[gene * 24 + j] * qkv[key * 24 + 8 + j];
        return sum / Math.sqrt(8);
      });
      const most = Math.max(...scores);
      const p = scores.map((score) => Math.exp(score - most));
      const total = p.reduce((sum, each) => sum + each, 0);
      const expected = Array.from({ length: 8 }, (_, j) =>
        p.reduce((sum, each, key) => sum + (each / total) * qkv[key * 24 + 16 + j], 0),
      );
      expect(largestError(found.subarray(gene * 8, gene * 8 + 8), expected)).toBeLessThan(1e-5);
    }
    expect(() => attentionPlan({ ...spec, genes: 2049 }, tensorShape('quads', defaultSizes))).toThrow('2049 genes');
    expect(() => attentionPlan({ ...spec, head: 72 }, tensorShape('quads', defaultSizes))).toThrow('72');
  });

  it('agrees on wgpu, in f32 and with q, k and v as halves', async () => {
    const spec: AttentionSpec = { heads: 2, head: 8, genes: 11, storage: 'f32' };
    const { plan, words, qkv, groups, outputs } = setup('lanes', spec, 2);
    const expected = twin(qkv, spec, 2);
    const run = (shader: typeof plan.shader, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) =>
      runWithNaga({
        wgsl: linkShader(shader).wgsl,
        storage: { 0: data, 3: words, 4: new Float32Array(outputs) },
        workgroups: groups,
      });
    const full = new Float32Array((await run(plan.shader, qkv))[4]);
    expect(largestError(full, expected)).toBeLessThan(1e-5);
    const halves: AttentionSpec = { ...spec, storage: 'f16', half: true };
    const packed = new Uint16Array((await run(setup('lanes', halves, 2).plan.shader, toHalves(qkv)))[4]);
    const error = largestError(
      Float32Array.from({ length: outputs }, (_, i) => half(packed[i])),
      expected,
    );
    // Halves have 11 bits; scores of some tens are wrong by a hundredth.
    expect(error).toBeLessThan(2e-2);
    expect(error).toBeGreaterThan(1e-5);
  });
});

function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const size = exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}
