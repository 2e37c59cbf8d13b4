/** A step of the optimiser on the device against its f64 twin, and the twin against published values. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import type { ShaderSpec } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { type AdamwHyper, type AdamwState, adamwStep, learningRate, squaredLength } from '../../src/nn/adamw.ts';

/** Two hidden matrices would be 32; the first 16 of 24 parameters are the one that a network of width 4 and depth 2 has. */
const [PARAMETERS, WIDTH, DEPTH, PARTS] = [24, 4, 2, 3];
const HIDDEN = (DEPTH - 1) * WIDTH * WIDTH;
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

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const spec = (module: string): ShaderSpec => ({
  module,
  conditions: {},
  constants: {
    PARAMETERS4: `${PARAMETERS / 4}u`,
    PARTS: `${PARTS}u`,
    WIDTH: `${WIDTH}u`,
    DEPTH: `${DEPTH}u`,
    UPDATE_THREADS: '4u',
  },
});

const wave = (at: number) => Math.fround(Math.sin(1.7 * at) * (1 + (at % 5)));
const stateOf = (flat: Float32Array): AdamwState => {
  const part = (k: number) => Float64Array.from(flat.subarray(k * PARAMETERS, (k + 1) * PARAMETERS));
  return { weights: part(0), firstMoment: part(1), secondMoment: part(2), average: part(3) };
};

/** Runs both kernels of a step. */
async function onDevice(optimiser: Float32Array, gradient: Float32Array, step: number, scale: number) {
  const norm = await runKernel(gpu, {
    shader: spec('nn/gradient_norm'),
    storage: { 5: Float32Array.from(gradient), 6: new Float32Array(PARTS) },
    workgroups: PARTS,
  });
  const state = new Uint32Array(4);
  state[0] = step;
  new Float32Array(state.buffer)[2] = scale;
  const { rate, floor, warmup, steps, beta1, beta2, epsilon, decay, clip, average } = hyper;
  const done = await runKernel(gpu, {
    shader: spec('nn/adamw'),
    storage: {
      0: new Float32Array(2 * HIDDEN),
      1: new Float32Array(PARAMETERS - HIDDEN),
      5: Float32Array.from(gradient),
      6: norm[6] as Float32Array<ArrayBuffer>,
      7: Float32Array.from(optimiser),
      8: state,
      9: new Float32Array([rate, floor, warmup, steps, beta1, beta2, epsilon, decay, clip, average, 0, 0]),
    },
    workgroups: Math.ceil(PARAMETERS / 16),
  });
  return { parts: norm[6], hidden: done[0], small: done[1], optimiser: done[7] as Float32Array<ArrayBuffer> };
}

describe('shaders/nn/adamw', () => {
  it('takes the steps of its twin, in the rise and on the cosine, clipped and not, with a scaled loss', async () => {
    let flat = Float32Array.from({ length: 4 * PARAMETERS }, (_, i) => (i < PARAMETERS ? wave(i) : 0));
    const twin = stateOf(flat);
    for (let step = 0; step < 5; step++) {
      const scale = 2 ** step;
      // Long gradients, which are clipped, and short ones.
      const gradient = Float32Array.from(
        { length: PARAMETERS },
        (_, i) => scale * wave(i + 31 * step) * (step % 2 ? 0.01 : 1),
      );
      const { parts, hidden, small, optimiser } = await onDevice(flat, gradient, step, scale);
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
      // The copies that the other kernels read: hidden matrices as they are and transposed, then the rest.
      const weights = optimiser.subarray(0, PARAMETERS);
      expect([...hidden.subarray(0, HIDDEN)]).toEqual([...weights.subarray(0, HIDDEN)]);
      for (let row = 0; row < WIDTH; row++)
        for (let column = 0; column < WIDTH; column++)
          expect(hidden[HIDDEN + column * WIDTH + row]).toBe(weights[row * WIDTH + column]);
      expect([...small]).toEqual([...weights.subarray(HIDDEN)]);
      flat = optimiser;
    }
  });

  it('changes nothing for a gradient that is not finite', async () => {
    const flat = Float32Array.from({ length: 4 * PARAMETERS }, (_, i) => wave(i));
    const gradient = Float32Array.from({ length: PARAMETERS }, (_, i) => (i === 7 ? Number.POSITIVE_INFINITY : 1));
    const { optimiser } = await onDevice(flat, gradient, 3, 1);
    expect([...optimiser]).toEqual([...flat]);
    const twin = stateOf(flat);
    adamwStep(twin, gradient, hyper, 3);
    expect(twin).toEqual(stateOf(flat));
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
