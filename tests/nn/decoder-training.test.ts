/** A step of a decoder's training on the device against the f64 twin, and the twin against finite differences. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { DEFAULT_OPTIMISER } from '../../src/nn/optimiser/adamw.ts';
import { askedWords } from '../../src/nn/tensor/loss-kernels.ts';
import { counterBytes } from '../../src/nn/training/state.ts';
import { Trainer } from '../../src/nn/training/trainer.ts';
import { decoderTraining } from '../../src/nn/transformer/training/decoder-training.ts';
import { DecoderEvaluator } from '../../src/nn/transformer/training/evaluator.ts';
import { namedWeights, trainedSource } from '../../src/nn/transformer/training/trained-weights.ts';
import { decoderGradient } from '../../src/nn/transformer/training/twin.ts';
import { windowSource, windowsTwin } from '../../src/nn/transformer/training/windows.ts';
import { decoderTensors } from '../../src/nn/transformer/weights.ts';
import { batchOf, movedWeights, parametersOf, relativeErrors, SMALL } from './decoder-batch.ts';
import { TENSOR_SIZES, TRAINING_SIZES, worstOf } from './score-batch.ts';

const weights = movedWeights(SMALL);

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

describe('the twin', () => {
  it('has the slopes of its loss: central differences of every tensor', () => {
    const batch = batchOf(SMALL, 2, 5);
    const parameters = parametersOf(SMALL, weights);
    const { gradient } = decoderGradient(SMALL, parameters, batch);
    for (const [name, values] of parameters) {
      const slopes = gradient.get(name)!;
      expect(slopes).toHaveLength(values.length);
      // Along a direction of no symmetry: one number checks them all.
      const direction = Float64Array.from(values as ArrayLike<number>, (_, i) => Math.sin(3.1 * i + 0.2));
      const moved = (by: number) => {
        const other = Float64Array.from(values as ArrayLike<number>, (value, i) => value + by * direction[i]);
        return decoderGradient(SMALL, new Map([...parameters, [name, other]]), batch).loss;
      };
      const h = 1e-5;
      const difference = (moved(h) - moved(-h)) / (2 * h);
      const slope = slopes.reduce((sum, each, i) => sum + each * direction[i], 0);
      // h² times a third derivative along a direction of length ten and more, and 10⁻¹⁶ / h.
      expect(Math.abs(difference - slope), name).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
    }
  });
});

describe('the gradient of a step', () => {
  it.each([
    [3, 13],
    [5, 40],
  ])('is the twin’s: %i sequences of %i tokens', async (sequences, length) => {
    const batch = batchOf(SMALL, sequences, length);
    const setup = {
      spec: SMALL,
      optimiser: { ...DEFAULT_OPTIMISER, steps: 1 },
      batch: sequences,
      length,
      seed: 1,
      sizes: TRAINING_SIZES,
      tensorSizes: TENSOR_SIZES,
      weights,
    };
    const contents = { tokens: Uint32Array.from(batch.tokens), asked: askedWords(batch.targets, batch.weights) };
    const trainer = await Trainer.open(gpu, decoderTraining(setup, { kernels: {}, buffers: [], contents }));
    try {
      await trainer.advance(Number.POSITIVE_INFINITY);
      const { losses } = await trainer.progress();
      const twin = decoderGradient(SMALL, parametersOf(SMALL, weights), batch);
      // f32 rounds each of some hundred operations in line by 6e-8 of their values; slopes are sums of both signs.
      expect(Math.abs(losses[0] / twin.loss - 1)).toBeLessThan(2e-6);
      const [name, error] = worstOf(relativeErrors(SMALL, await trainer.gradient(), twin.gradient));
      expect(error, name).toBeLessThan(2e-5);
    } finally {
      trainer.close();
    }
  });
});

describe('an evaluation of given texts', () => {
  it('is the twin’s, of texts of any length, more than it has room for, the longest cut', async () => {
    const evaluator = await DecoderEvaluator.open(gpu, { spec: SMALL, texts: 2, length: 11 }, TENSOR_SIZES);
    try {
      evaluator.use(weights);
      const texts = [12, 5, 20].map((length) => batchOf(SMALL, 1, length).tokens);
      const found = await evaluator.nats(texts);
      texts.forEach((ids, i) => {
        const tokens = Array.from(ids).slice(0, -1).slice(0, 11);
        const targets = Array.from(ids).slice(1, 12);
        const batch = { batch: 1, tokens, targets, weights: tokens.map(() => 1) };
        const { loss } = decoderGradient(SMALL, parametersOf(SMALL, weights), batch);
        expect(Math.abs(found[i] / loss - 1)).toBeLessThan(2e-6);
      });
    } finally {
      evaluator.close();
    }
  });
});

describe('a batch on the device', () => {
  const list = Uint16Array.from({ length: 61 }, (_, i) => (i * 7919) % 40_000);
  const windows = { list, starts: Uint32Array.of(0, 7, 19, 31, 46), length: 14 };

  it('is the twin’s: the same stretches, each token with the one behind it', async () => {
    const [batch, seed, step] = [6, 9, 4];
    const { kernels, contents } = windowSource(windows, { batch, seed, sizes: TENSOR_SIZES });
    const { shader, workgroups } = kernels.gather;
    const found = await runKernel(gpu, {
      shader: shader as never,
      storage: {
        0: contents.list,
        1: contents.starts,
        2: new Uint32Array(batch * 14),
        3: new Uint32Array(2 * batch * 14),
        8: new Uint32Array(counterBytes({ step, skipped: 0, lossScale: 1, since: 0 })),
      },
      uniforms: { 11: contents.keys },
      workgroups,
    });
    const begins = [...windowsTwin(windows.starts, batch, seed, step)];
    expect(new Set(begins).size).toBeGreaterThan(1);
    const tokens = begins.flatMap((begin) => [...list.subarray(begin, begin + 14)]);
    const targets = begins.flatMap((begin) => [...list.subarray(begin + 1, begin + 15)]);
    expect([...found[2]]).toEqual(tokens);
    expect([...found[3]]).toEqual([...askedWords(targets, new Float32Array(targets.length).fill(1 / (14 * batch)))]);
  });

  it('is refused where a stretch would end behind the list', () => {
    const starts = Uint32Array.of(46, 47);
    expect(() => windowSource({ ...windows, starts }, { batch: 2, seed: 1, sizes: TENSOR_SIZES })).toThrow(/at 47/);
  });
});

describe('trained weights', () => {
  it('stand as the decoder’s own tensors: (out, in), q, k, v, gate and value apart, in pieces as in one', async () => {
    const named = namedWeights(SMALL, weights);
    const parameters = parametersOf(SMALL, weights);
    expect([...named].map(([name, { shape }]) => ({ name, shape }))).toEqual([...decoderTensors(SMALL)]);
    const qkv = parameters.get('blocks.1.qkv')!;
    const k = named.get('blocks.1.k.weight')!.values;
    expect(k[5 * 32 + 3]).toBe(qkv[3 * 96 + 32 + 5]);
    const up = named.get('blocks.2.up.weight')!.values;
    expect(up[40 * 32 + 7]).toBe(parameters.get('blocks.2.gateUp')![7 * 88 + 44 + 40]);
    const found = new Map<string, number[]>();
    for await (const { tensor, from, values } of trainedSource(SMALL, weights).pieces(700)) {
      const before = found.get(tensor.name) ?? [];
      if (tensor.shape.length === 2) expect(from * tensor.shape[1]).toBe(before.length);
      found.set(tensor.name, [...before, ...values]);
    }
    for (const [name, { values }] of named) expect(found.get(name), name).toEqual([...values]);
  });
});

describe('the kernels of a training', () => {
  const setup = {
    spec: SMALL,
    optimiser: DEFAULT_OPTIMISER,
    batch: 4,
    length: 24,
    seed: 1,
    sizes: TRAINING_SIZES,
    tensorSizes: TENSOR_SIZES,
  };
  const windows = { list: new Uint16Array(100), starts: Uint32Array.of(0), length: 24 };
  const source = windowSource(windows, { batch: 4, seed: 1, sizes: TENSOR_SIZES });
  const texts = Object.entries(decoderTraining(setup, source).kernels).map(([label, { shader }]) => ({
    label,
    linked: 'wgsl' in shader ? shader : linkShader(shader),
  }));

  it('compile with Tint, with no more storage buffers than every device has', async () => {
    const nothing = await openNullContext();
    expect(texts.length).toBeGreaterThan(60);
    for (const { label, linked } of texts) {
      await nothing.compile(linked);
      expect(linked.wgsl.match(/var<storage/g)!.length, label).toBeLessThanOrEqual(8);
    }
  });

  it('compile with Naga', async () => {
    const outcomes = await compileWithNaga(texts.map(({ label, linked }) => ({ label, wgsl: linked.wgsl })));
    expect(outcomes).toHaveLength(texts.length);
    expect(outcomes.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });
});
