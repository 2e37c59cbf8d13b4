import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { mlpLayout } from '../../src/nn/mlp.ts';
import { standardisedObservation, type VelocityModel } from '../../src/workloads/flow/model.ts';
import { FlowSampler, type SamplerOptions } from '../../src/workloads/flow/sampling/sampler.ts';
import { isAdaptive, SOLVERS } from '../../src/workloads/flow/sampling/solvers.ts';
import { sampleTwin } from '../../src/workloads/flow/sampling/twin.ts';
import { velocityInputs } from '../../src/workloads/flow/training/setup.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const task = { id: 'gaussian', thetaDimension: 3, xDimension: 2 };
const net = { inputs: velocityInputs(task), outputs: 3, width: 16, depth: 2, activation: 'silu' } as const;
const model: VelocityModel = {
  task,
  net,
  weights: Float32Array.from({ length: mlpLayout(net).size }, (_, i) => 0.25 * Math.sin(1 + 1.7 * i)),
  scaling: { mean: [1, 0, -1, 0.5, 0], sd: [2, 1, 0.5, 1, 2] },
};
const OBSERVATIONS = [
  [0.3, -0.2],
  [1.1, 0.4],
];

const options: SamplerOptions = {
  solver: 'midpoint',
  steps: 6,
  precision: 'f32',
  tile: { sampleGroups: 2, neuronGroups: 1 },
  alpha: 0.8,
  groups: 8,
  rows: 2,
  submitsInFlight: 2,
  // Two groups at a time, so that results come in pieces.
  stagingBytes: 96,
  peekGroups: 2,
  peekSlots: 1,
};

async function onGpu(changes: Partial<SamplerOptions> = {}) {
  const sampler = await FlowSampler.open(gpu, model, { ...options, ...changes });
  sampler.setObservations(Float32Array.from(OBSERVATIONS.flatMap((x) => [...standardisedObservation(model, x)])));
  const groups = [0, 1].flatMap((row) => [0, 4].map((sample) => ({ row, sample, stream: 10 + row })));
  const samples = await sampler.sample(groups, 42);
  sampler.close();
  return samples;
}

describe('sampling', () => {
  it.each([
    ...SOLVERS.filter((solver) => !isAdaptive(solver)).map((solver) => [solver, 'late'] as const),
    ['midpoint', 'uniform'] as const,
  ])('agrees with the f64 twin: %s, %s steps', async (solver, spacing) => {
    const found = await onGpu({ solver, spacing });
    const { steps, alpha } = options;
    const expected = [0, 1].flatMap((row) =>
      Array.from({ length: 8 }, (_, sample) => [
        ...sampleTwin(model, OBSERVATIONS[row], 10 + row, sample, { solver, steps, alpha, spacing, seed: 42 }),
      ]),
    );
    const error = Math.max(...expected.flat().map((value, i) => Math.abs(value - found[i])));
    // Two dozen evaluations in f32 of values of a few units.
    expect(error).toBeLessThan(2e-5);
    expect(gpu.ledger.current).toBe(0);
  });

  it('gives the same bits for any tile and for any companions', async () => {
    const together = await onGpu();
    expect(await onGpu({ tile: { sampleGroups: 4, neuronGroups: 2 } })).toEqual(together);
    const sampler = await FlowSampler.open(gpu, model, { ...options, groups: 1 });
    sampler.setObservations(Float32Array.from(standardisedObservation(model, OBSERVATIONS[1])));
    const alone = await sampler.sample([{ row: 0, sample: 4, stream: 11 }], 42);
    sampler.close();
    expect(alone).toEqual(together.slice(3 * 12));
  });
});
