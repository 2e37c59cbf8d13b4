/** A network that is no perceptron, trained by the loop that knows none: a linear map, stored in bfloats, with a kernel of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkText } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { fromBfloat, toBfloat } from '../../src/nn/bfloat.ts';
import { adamwStep, DEFAULT_OPTIMISER } from '../../src/nn/optimiser/adamw.ts';
import { decodeTraining, encodeTraining } from '../../src/nn/training/checkpoint-file.ts';
import { type KeptTraining, type LoopListener, TrainingLoop } from '../../src/nn/training/loop.ts';
import { Trainer } from '../../src/nn/training/trainer.ts';
import type { Training } from '../../src/nn/training/training.ts';
import { trainingSizes } from '../../src/workloads/flow/training/setup.ts';

const [BATCH, INPUTS, OUTPUTS, STRIDE] = [8, 5, 6, 8];
const TERMS = BATCH * OUTPUTS;

/** Loss and gradient of y = x W by one thread; W in bfloats, two a word. */
const SHADER = linkText(
  'linear_map',
  `import package::nn::optimiser::state::state;
@group(0) @binding(0) var<storage, read> weights: array<u32>;
@group(0) @binding(2) var<storage, read_write> losses: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(11) var<storage, read> inputs: array<f32>;
@group(0) @binding(12) var<storage, read> targets: array<f32>;
fn weight(k: u32, n: u32) -> f32 {
  let at = k * ${STRIDE}u + n;
  return bitcast<f32>(select(weights[at / 2u] << 16u, weights[at / 2u] & 0xffff0000u, (at & 1u) == 1u));
}
@compute @workgroup_size(1) fn main() {
  for (var i = 0u; i < ${INPUTS * STRIDE}u; i++) { gradient[i] = 0.0; }
  for (var b = 0u; b < ${BATCH}u; b++) {
    var loss = 0.0;
    for (var n = 0u; n < ${OUTPUTS}u; n++) {
      var error = -targets[b * ${OUTPUTS}u + n];
      for (var k = 0u; k < ${INPUTS}u; k++) { error += inputs[b * ${INPUTS}u + k] * weight(k, n); }
      loss += error * error;
      for (var k = 0u; k < ${INPUTS}u; k++) {
        gradient[k * ${STRIDE}u + n] += 2.0 / ${TERMS}.0 * state.scale * error * inputs[b * ${INPUTS}u + k];
      }
    }
    losses[b] = loss;
  }
}`,
);

const wave = (count: number, shift: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(1 + shift + 0.7 * i * i));
const inputs = wave(BATCH * INPUTS, 0);
/** Of a map that the network can be, so that the loss may fall to zero. */
const truth = wave(INPUTS * OUTPUTS, 7);
const targets = Float32Array.from({ length: TERMS }, (_, i) => {
  const [b, n] = [Math.floor(i / OUTPUTS), i % OUTPUTS];
  return Array.from({ length: INPUTS }, (_, k) => inputs[b * INPUTS + k] * truth[k * OUTPUTS + n]).reduce(
    (x, y) => x + y,
  );
});
/** The starting weights, rows filled with zeros. */
const start = Float32Array.from({ length: INPUTS * STRIDE }, (_, i) =>
  i % STRIDE < OUTPUTS ? Math.fround(0.3 * Math.cos(i)) : 0,
);

const storage = (name: string, count: number) =>
  ({ name, bytes: 4 * count, role: 'storage', bytesPerItem: 0, formula: 'test' }) as const;

const training: Training = {
  table: {
    tensors: [{ name: 'map', shape: [INPUTS, OUTPUTS], at: 0, stride: STRIDE, storage: 'bf16', plain: 0 }],
    size: INPUTS * STRIDE,
    workingBytes: 2 * INPUTS * STRIDE,
    workingFormula: 'test',
  },
  hyper: { ...DEFAULT_OPTIMISER, rate: 0.05, warmup: 10, steps: 300, decay: 0, average: 0.9 },
  batch: BATCH,
  losses: BATCH,
  lossTerms: TERMS,
  scaled: true,
  sizes: trainingSizes(defaultSizes),
  weights: () => start.slice(),
  buffers: [storage('inputs', inputs.length), storage('targets', targets.length)],
  contents: { inputs, targets },
  kernels: {
    map: {
      shader: SHADER,
      buffers: { 0: 'working', 2: 'losses', 5: 'gradient', 8: 'state', 11: 'inputs', 12: 'targets' },
      workgroups: 1,
    },
  },
};

/** Loss and gradient in f64, through weights as bfloats store them. */
function twin(weights: ArrayLike<number>) {
  const stored = Float64Array.from(weights, (w) => fromBfloat(toBfloat(w)));
  const gradient = new Float64Array(stored.length);
  let loss = 0;
  for (let b = 0; b < BATCH; b++)
    for (let n = 0; n < OUTPUTS; n++) {
      let error = -targets[b * OUTPUTS + n];
      for (let k = 0; k < INPUTS; k++) error += inputs[b * INPUTS + k] * stored[k * STRIDE + n];
      loss += (error * error) / TERMS;
      for (let k = 0; k < INPUTS; k++) gradient[k * STRIDE + n] += ((2 * error) / TERMS) * inputs[b * INPUTS + k];
    }
  return { loss, gradient };
}

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

async function looped(from?: KeptTraining, listener: LoopListener = {}, until = Number.POSITIVE_INFINITY) {
  const loop: TrainingLoop = new TrainingLoop(
    gpu,
    () => training,
    from,
    { everyMs: 1, keepMs: 0 },
    {
      ...listener,
      progress: ({ step }) => {
        if (step >= until) loop.stop();
      },
    },
  );
  await loop.run();
  return loop;
}

describe('a linear map in bfloats', () => {
  it('takes the steps of its f64 twin: the gradient sees rounded weights, the optimiser whole ones', async () => {
    const trainer = await Trainer.open(gpu, training);
    await trainer.advance(Number.POSITIVE_INFINITY, 1);
    const { losses, lossScale } = await trainer.progress();
    const { loss, gradient } = twin(start);
    expect(losses[0]).toBeCloseTo(loss, 5);
    const found = await trainer.gradient();
    found.forEach((g, i) => {
      expect(g / lossScale).toBeCloseTo(gradient[i], 5);
    });
    const state = {
      weights: Float64Array.from(start),
      firstMoment: new Float64Array(start.length),
      secondMoment: new Float64Array(start.length),
      average: Float64Array.from(start),
    };
    adamwStep(state, gradient, training.hyper, 0);
    const { optimiser } = await trainer.state();
    state.weights.forEach((weight, i) => {
      expect(optimiser[i]).toBeCloseTo(weight, 5);
    });
    trainer.close();
  });

  it('learns the map, as far as bfloats can hold it', async () => {
    const { report, kept } = await looped();
    expect(report).toMatchObject({ state: 'done', step: 300, skipped: 0 });
    expect(report.curve[0].loss).toBeCloseTo(twin(start).loss, 5);
    expect(report.loss).toBeLessThan(1e-3);
    const average = kept.state.optimiser.slice(3 * start.length);
    average.forEach((weight, i) => {
      const [k, n] = [Math.floor(i / STRIDE), i % STRIDE];
      expect(Math.abs(weight - (n < OUTPUTS ? truth[k * OUTPUTS + n] : 0))).toBeLessThan(0.02);
    });
    expect(gpu.ledger.current).toBe(0);
  });

  it('stops, goes through a file, and goes on to the same bits', async () => {
    const whole = await looped();
    const first = await looped(undefined, {}, 5);
    expect(first.report.state).toBe('stopped');
    expect(first.kept.state.step).toBeLessThan(300);
    const bytes = encodeTraining('test-1', { map: 'linear' }, first.kept);
    const file = decodeTraining('x', bytes, 'test-1');
    expect(file.about).toEqual({ map: 'linear' });
    const from = file.kept(start.length);
    expect(from).toEqual(first.kept);
    expect((await looped(from)).kept.state).toEqual(whole.kept.state);
    expect(() => decodeTraining('x', bytes, 'test-2')).toThrow('no checkpoint');
    expect(() => file.kept(8)).toThrow(`weights has ${start.length} numbers, where 8 are expected`);
  });
});
