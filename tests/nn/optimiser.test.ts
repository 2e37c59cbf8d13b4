/** A step of the optimiser on the device against its f64 twin, and the twin against published values. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { fromBfloat, toBfloat } from '../../src/nn/bfloat.ts';
import {
  type AdamwHyper,
  type AdamwState,
  adamwStep,
  hyperWords,
  learningRate,
  squaredLength,
} from '../../src/nn/optimiser/adamw.ts';
import {
  OPTIMISER_BINDINGS,
  type OptimiserKernel,
  optimiserGroups,
  optimiserKernels,
} from '../../src/nn/optimiser/kernels.ts';
import { filled, type TensorTable, tableWords, workingCopies } from '../../src/nn/optimiser/tensor-table.ts';
import { counterBytes } from '../../src/nn/training/state.ts';

/** Shapes that fill blocks of four and such that do not; copies as they are, transposed, both and none; every type. */
const table: TensorTable = {
  tensors: [
    { name: 'square', shape: [8, 8], at: 0, stride: 8, storage: 'f32', plain: 0, transposed: 256 },
    { name: 'odd', shape: [5, 6], at: 64, stride: 8, storage: 'f32', plain: 512, transposed: 672 },
    { name: 'halves', shape: [3, 8], at: 104, stride: 8, storage: 'f16', plain: 864, transposed: 912 },
    { name: 'bias', shape: [7], at: 128, stride: 8, storage: 'f32', plain: 976 },
    { name: 'embedding', shape: [9, 4], at: 136, stride: 4, storage: 'bf16', transposed: 1008 },
    { name: 'norm', shape: [4], at: 172, stride: 4, storage: 'f32' },
    { name: 'head', shape: [2, 10], at: 176, stride: 12, storage: 'bf16', plain: 1104 },
  ],
  size: 200,
  workingBytes: 1152,
  workingFormula: 'test',
};
const PARAMETERS = table.size;
/** Whether a number of the flat vector belongs to a tensor: rows are filled with zeros. */
const real = Array.from({ length: PARAMETERS }, (_, i) =>
  table.tensors.some(({ shape, at, stride }) => {
    const rows = shape.length === 2 ? shape[0] : 1;
    return i >= at && i < at + rows * stride && (i - at) % stride < shape[shape.length - 1];
  }),
);
const hyper: AdamwHyper = {
  rate: 0.01,
  floor: 0.1,
  warmup: 2,
  steps: 6,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  decay: 0.05,
  clip: 0.5,
  average: 0.9,
};
const spec = {
  table,
  losses: 4,
  lossTerms: 4,
  scaled: true,
  sizes: { normParts: 3, updateThreads: 4, lossHistory: 8 },
};

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const wave = (at: number) => Math.fround(Math.sin(1.7 * at) * (1 + (at % 5)));
const flatOf = (of: (i: number) => number) => Float32Array.from(real, (there, i) => (there ? of(i) : 0));
const stateOf = (flat: Float32Array): AdamwState => {
  const part = (k: number) => Float64Array.from(flat.subarray(k * PARAMETERS, (k + 1) * PARAMETERS));
  return { weights: part(0), firstMoment: part(1), secondMoment: part(2), average: part(3) };
};

type Buffers = Record<string, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>;

/** Runs a kernel; what the buffers hold afterwards, by their names. */
async function ran(name: OptimiserKernel, buffers: Buffers): Promise<Buffers> {
  const { shader, buffers: bound } = optimiserKernels(spec)[name];
  const storage = Object.entries(bound).map(([binding, buffer]) => [binding, buffers[buffer as string]]);
  const found = await runKernel(gpu, {
    shader,
    storage: Object.fromEntries(storage),
    workgroups: optimiserGroups(spec)[name],
  });
  const names = Object.entries(OPTIMISER_BINDINGS).filter(([, binding]) => binding in found);
  const after = Object.fromEntries(names.map(([buffer, binding]) => [buffer, found[binding]]));
  return { ...buffers, ...(after as Buffers) };
}

/** Runs both kernels of a step. */
async function onDevice(optimiser: Float32Array, gradient: Float32Array, step: number, scale: number) {
  const before: Buffers = {
    optimiser: Float32Array.from(optimiser),
    gradient: Float32Array.from(gradient),
    parts: new Float32Array(spec.sizes.normParts),
    state: new Uint32Array(counterBytes({ step, skipped: 0, lossScale: scale, since: 0 })),
    hyper: hyperWords(hyper),
    tensors: tableWords(table),
    working: new Uint32Array(table.workingBytes / 4),
  };
  const after = await ran('update', await ran('norm', before));
  return { parts: after.parts, working: after.working, optimiser: after.optimiser as Float32Array<ArrayBuffer> };
}

/** Copies in f32 and bf16 to the bit; halves to the last one. */
function expectCopies(found: Float32Array | Uint32Array, weights: ArrayLike<number>): void {
  const [bytes, expected] = [new DataView(found.buffer), new DataView(workingCopies(table, weights))];
  const halves = table.tensors.find(({ storage }) => storage === 'f16')!;
  const end = halves.transposed! + 2 * 8 * filled(3);
  for (let at = 0; at < table.workingBytes; at += 2) {
    const [one, other] = [bytes.getUint16(at, true), expected.getUint16(at, true)];
    if (at >= halves.plain! && at < end) expect(Math.abs(one - other), `half at byte ${at}`).toBeLessThanOrEqual(1);
    else expect(one, `byte ${at}`).toBe(other);
  }
}

describe('shaders/nn/optimiser', () => {
  it('takes the steps of its twin, in the rise and on the cosine, clipped and not, with a scaled loss', async () => {
    let flat = new Float32Array(4 * PARAMETERS);
    flat.set(flatOf(wave));
    const twin = stateOf(flat);
    for (let step = 0; step < 5; step++) {
      const scale = 2 ** step;
      // Long gradients, which are clipped, and short ones.
      const gradient = flatOf((i) => scale * wave(i + 31 * step) * (step % 2 ? 0.01 : 1));
      const { parts, working, optimiser } = await onDevice(flat, gradient, step, scale);
      const squared = squaredLength(gradient);
      expect(Math.abs([...parts].reduce((a, b) => a + b) / squared - 1)).toBeLessThan(1e-6);
      adamwStep(twin, gradient, hyper, step, scale);
      const found = stateOf(optimiser);
      for (const key of ['weights', 'firstMoment', 'secondMoment', 'average'] as const) {
        const largest = Math.max(...twin[key].map(Math.abs));
        // f32 rounds to 6e-8 of a value, a few times a step; the bias corrections lose two digits more in the first ones.
        found[key].forEach((value, i) => {
          expect(Math.abs(value - twin[key][i]), `${key}[${i}] after step ${step}`).toBeLessThan(1e-5 * largest);
        });
      }
      // The copies that the network's kernels read.
      expectCopies(working, optimiser.subarray(0, PARAMETERS));
      flat = optimiser;
    }
  });

  it('changes nothing for a gradient that is not finite', async () => {
    const flat = Float32Array.from({ length: 4 * PARAMETERS }, (_, i) => wave(i));
    const gradient = Float32Array.from({ length: PARAMETERS }, (_, i) => (i === 7 ? Number.POSITIVE_INFINITY : 1));
    const { optimiser, working } = await onDevice(flat, gradient, 3, 1);
    expect([...optimiser]).toEqual([...flat]);
    expect(working.every((word) => word === 0)).toBe(true);
    const twin = stateOf(flat);
    adamwStep(twin, gradient, hyper, 3);
    expect(twin).toEqual(stateOf(flat));
  });

  it('writes the copies of weights that came from outside, and only those', async () => {
    // Ties between two bfloats, both ways; what no half can hold; and the smallest numbers.
    const special = [1 + 2 ** -8, 1 + 3 * 2 ** -8, -(1 + 2 ** -8), 1e6, -1e6, 2 ** -130, -0, 3e38];
    const weights = flatOf((i) => special[i % special.length]);
    const optimiser = new Float32Array(4 * PARAMETERS);
    optimiser.set(weights);
    const working = new Uint32Array(table.workingBytes / 4).fill(0x12345678);
    const after = await ran('copies', { optimiser, tensors: tableWords(table), working });
    expectCopies(after.working, weights);
    expect([...after.optimiser]).toEqual([...optimiser]);
  });

  it('refuses tables that its kernels would read wrongly', () => {
    const [square, ...others] = table.tensors;
    const changed = (change: object) => () => tableWords({ ...table, tensors: [{ ...square, ...change }, ...others] });
    expect(changed({ stride: 12 })).toThrow('square');
    expect(changed({ at: 2 })).toThrow('square');
    expect(changed({ at: 144 })).toThrow('within 200');
    expect(changed({ plain: 4 })).toThrow('byte 4');
    expect(changed({ transposed: 904 })).toThrow('byte 904');
    expect(changed({ shape: [2, 4, 8] })).toThrow('3 dimensions');
  });
});

describe('bfloats', () => {
  it('keep the upper half of a float, rounded to nearest, ties to even', () => {
    const rounded = [1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, -0.3].map((x) => fromBfloat(toBfloat(x)));
    expect(rounded).toEqual([1, 1, 1 + 2 ** -6, 1 + 2 ** -7, -0.30078125]);
    expect(toBfloat(3.4e38)).toBe(0x7f80);
    expect(fromBfloat(toBfloat(Number.NaN))).toBeNaN();
    expect(Object.is(fromBfloat(toBfloat(-0)), -0)).toBe(true);
  });
});

describe('the twin', () => {
  it('takes a first step of the rate along the sign of the gradient, less the decay, whatever its length', () => {
    // m/(1−β₁) = g and v/(1−β₂) = g² after one step, so that the quotient is ±1 for ε → 0.
    const none = { ...hyper, warmup: 1, epsilon: 0, clip: Number.POSITIVE_INFINITY };
    const state = stateOf(new Float32Array(4 * PARAMETERS).fill(0).fill(2, 0, PARAMETERS));
    adamwStep(
      state,
      Float64Array.from({ length: PARAMETERS }, (_, i) => (i % 2 ? 1e-3 : -1e3)),
      none,
      0,
    );
    state.weights.forEach((weight, i) => {
      expect(weight).toBeCloseTo(2 - none.rate * ((i % 2 ? 1 : -1) + none.decay * 2), 12);
    });
  });

  it('rises linearly and falls along half a cosine to its floor', () => {
    const rates = [0, 1, 2, 4, 6, 100].map((step) => learningRate(hyper, step));
    expect(rates).toEqual([
      0.005,
      0.01,
      0.01,
      expect.closeTo(0.0055, 12),
      expect.closeTo(0.001, 12),
      expect.closeTo(0.001, 12),
    ]);
  });
});
