import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { mlpLayout } from '../../src/nn/mlp.ts';
import { standardisedObservation, type VelocityModel } from '../../src/workloads/flow/model.ts';
import { FlowSampler, type SamplerOptions } from '../../src/workloads/flow/sampling/sampler.ts';
import type { Sampling } from '../../src/workloads/flow/sampling/solver-step.ts';
import { TwinPath } from '../../src/workloads/flow/sampling/twin.ts';
import { velocityInputs } from '../../src/workloads/flow/training/setup.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const task = { id: 'gaussian', thetaDimension: 2, xDimension: 2 };
const net = { inputs: velocityInputs(task), outputs: 2, width: 16, depth: 2, activation: 'silu' } as const;
const model: VelocityModel = {
  task,
  net,
  weights: Float32Array.from({ length: mlpLayout(net).size }, (_, i) => 0.45 * Math.sin(1 + 1.7 * i)),
  scaling: { mean: [1, 0, 0.5, 0], sd: [2, 0.5, 1, 2] },
};
const OBSERVATIONS = [
  [0.3, -0.2],
  [1.1, 0.4],
];
const options: SamplerOptions = {
  solver: 'dopri5',
  steps: 200,
  precision: 'f32',
  tile: { sampleGroups: 2, neuronGroups: 1 },
  alpha: 0,
  groups: 6,
  rows: 2,
  submitsInFlight: 2,
  // One walk at a time, so that they come in pieces.
  stagingBytes: 48,
  peekGroups: 1,
  peekSlots: 1,
};
const GROUPS = [0, 1].flatMap((row) => [0, 4, 8].map((sample) => ({ row, sample, stream: 10 + row })));

async function onGpu(changes: Partial<SamplerOptions> = {}, groups = GROUPS) {
  const sampler = await FlowSampler.open(gpu, model, { ...options, ...changes });
  sampler.setObservations(Float32Array.from(OBSERVATIONS.flatMap((x) => [...standardisedObservation(model, x)])));
  const samples = await sampler.sample(groups, 42);
  const { walked, evaluations, done } = sampler;
  sampler.close();
  return { samples, walked, evaluations, done };
}

describe('steps of adapted length', () => {
  it('end where the f64 twin ends, after as many evaluations', async () => {
    const { samples, walked, evaluations, done } = await onGpu();
    expect(done).toBe(true);
    const paths = GROUPS.flatMap(({ row, sample, stream }) =>
      [0, 1, 2, 3].map((c) => {
        const context = standardisedObservation(model, OBSERVATIONS[row]);
        const path = new TwinPath(model, context, stream, sample + c, { ...options, seed: 42 });
        while (!path.done) path.advance();
        return path;
      }),
    );
    const counts = [...(walked?.evaluations ?? [])];
    const errors = paths.map(({ position }, i) =>
      Math.hypot(...position.map((value, k) => value - samples[2 * i + k])),
    );
    errors.sort((a, b) => a - b);
    // With the same decisions only roundings lie between the two (4e-7 measured). Where one of them, in an error of 1e-5 of slopes of 1, makes
    // a step fail, both are only as near as the tolerance lets them be.
    expect(errors[Math.floor(errors.length / 3)]).toBeLessThan(3e-6);
    expect(errors[errors.length - 1]).toBeLessThan(2e-3);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(counts) / sum(paths.map(({ evaluations: each }) => each))).toBeCloseTo(1, 1);
    // The samples are not alike, or nothing above says that each has its own steps.
    expect(new Set(counts).size).toBeGreaterThan(1);
    expect(evaluations).toBe(sum(counts));
    expect(gpu.ledger.current).toBe(0);
  });

  it('come as close to the flow as is asked for', async () => {
    const pathTo = (changes: Partial<Sampling>) => {
      const sampling = { ...options, seed: 42, ...changes };
      const path = new TwinPath(model, standardisedObservation(model, OBSERVATIONS[1]), 11, 1, sampling);
      while (!path.done) path.advance();
      return path.position;
    };
    const exact = pathTo({ solver: 'rk4', steps: 800 });
    const error = (found: ArrayLike<number>) => Math.hypot(...exact.map((value, i) => value - found[i]));
    expect(error(pathTo({ tolerance: { relative: 1e-8, absolute: 1e-8 }, steps: 1000 }))).toBeLessThan(1e-6);
    const sampleOf = async (size: number) =>
      (await onGpu({ tolerance: { relative: size, absolute: size } })).samples.slice(2 * 13, 2 * 14);
    const errors = [error(await sampleOf(1e-3)), error(await sampleOf(1e-5))];
    // What single steps may be off by adds up and grows along the flow.
    expect(errors[0]).toBeLessThan(0.2);
    expect(errors[1]).toBeLessThan(2e-3);
    expect(errors[1]).toBeLessThan(errors[0] / 5);
  });

  it('give the same bits for any tile, any companions and any stretch of a dispatch', async () => {
    const together = await onGpu();
    const other = await onGpu({ tile: { sampleGroups: 4, neuronGroups: 2 } });
    expect(other.samples).toEqual(together.samples);
    expect(other.walked).toEqual(together.walked);
    const alone = await onGpu({ groups: 1 }, GROUPS.slice(4, 5));
    expect(alone.samples).toEqual(together.samples.slice(4 * 8, 5 * 8));
    const sampler = await FlowSampler.open(gpu, model, options);
    sampler.setObservations(Float32Array.from(OBSERVATIONS.flatMap((x) => [...standardisedObservation(model, x)])));
    sampler.begin(GROUPS, 42);
    while (!sampler.done) await sampler.advance(Number.POSITIVE_INFINITY, 1);
    expect(await sampler.positions()).toEqual(together.samples);
    sampler.close();
  });

  it('say which samples ran out of attempts', async () => {
    const { samples, walked, done } = await onGpu({ steps: 5 });
    expect(done).toBe(true);
    expect([...(walked?.reached ?? [])].some((reached) => reached === 0)).toBe(true);
    walked?.reached.forEach((reached, i) => {
      expect(Number.isNaN(samples[2 * i])).toBe(reached === 0);
    });
  });
});
