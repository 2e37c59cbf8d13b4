import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openNullContext, openTestContext } from '../../src/gpu/testing.ts';
import { initialMlp } from '../../src/nn/mlp/init.ts';
import { NET_PRECISIONS } from '../../src/nn/mlp-kernel.ts';
import { DEFAULT_OPTIMISER } from '../../src/nn/optimiser/adamw.ts';
import { Trainer } from '../../src/nn/training/trainer.ts';
import { trainingKernels } from '../../src/nn/training/training.ts';
import { gaussian } from '../../src/workloads/flow/tasks/gaussian.ts';
import { shear } from '../../src/workloads/flow/tasks/shear.ts';
import { type FlowTask, simulateOnShoulders } from '../../src/workloads/flow/tasks/task.ts';
import { scalingOf } from '../../src/workloads/flow/training/scaling.ts';
import {
  type TrainingSetup,
  taskShape,
  trainingSizes,
  velocityInputs,
} from '../../src/workloads/flow/training/setup.ts';
import { batchGradient, type Simulate } from '../../src/workloads/flow/training/twin.ts';
import { velocityTraining } from '../../src/workloads/flow/training/velocity-training.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const task = { id: 'gaussian', thetaDimension: 3, xDimension: 3 };
/** Wide enough that a good share of a batch lies on the shoulders. */
const SHOULDER = 0.7;
const simulate: Simulate = (key, index) => simulateOnShoulders(gaussian, SHOULDER, key, index);

const setup: TrainingSetup = {
  task,
  net: { inputs: velocityInputs(task), outputs: 3, width: 32, depth: 3, activation: 'silu' },
  precision: 'f32',
  optimiser: { ...DEFAULT_OPTIMISER, rate: 0, warmup: 1, clip: 1e9 },
  simulations: 1000,
  batch: 64,
  timePower: 3,
  seed: 5,
  shoulder: SHOULDER,
  scaling: { mean: [0, 0, 0, 1, 1, 1], sd: [1.155, 1.155, 1.155, 1.16, 1.16, 1.16] },
  tile: { sampleGroups: 4, neuronGroups: 1 },
  sizes: trainingSizes(defaultSizes),
};

/** One step of no length; the gradient, and the twin's. */
async function bothGradients(changes: Partial<TrainingSetup> = {}, simulation = simulate) {
  const changed = { ...setup, ...changes };
  const trainer = await Trainer.open(gpu, velocityTraining(changed));
  await trainer.advance(Number.POSITIVE_INFINITY, 1);
  const { losses, lossScale } = await trainer.progress();
  const found = (await trainer.gradient()).map((g) => g / lossScale);
  trainer.close();
  const expected = batchGradient(changed, simulation, initialMlp(changed.net, changed.seed), 0);
  const length = Math.hypot(...expected.gradient);
  return { found, expected, length, loss: losses[0] };
}

function setupOf(task: FlowTask): Partial<TrainingSetup> {
  const shape = taskShape(task);
  const net = { ...setup.net, inputs: velocityInputs(shape), outputs: shape.thetaDimension };
  return { task: shape, table: task.table, net };
}

const shearSetup = (): Partial<TrainingSetup> => ({
  ...setupOf(shear),
  shoulder: 0,
  scaling: scalingOf(shear, { ...setup, shoulder: 0 }),
});

describe('training', () => {
  it('has the gradient of the f64 twin', async () => {
    const { found, expected, length, loss } = await bothGradients();
    expect(loss).toBeCloseTo(expected.loss, 5);
    const error = Math.hypot(...expected.gradient.map((g, i) => g - found[i]));
    expect(error / length).toBeLessThan(2e-6);
  });

  it('has the gradient whatever the tile', async () => {
    const { found } = await bothGradients();
    const { found: other } = await bothGradients({
      tile: { sampleGroups: 2, neuronGroups: 4 },
      sizes: { ...setup.sizes, gradientEdge: 16, gradientThreads: 2 },
    });
    expect(other).toEqual(found);
  });

  it('has the gradient of the f64 twin where the simulator reads a table', async () => {
    const { found, expected, length, loss } = await bothGradients(shearSetup(), (key, index) =>
      shear.simulate(key, index),
    );
    // Summaries of up to 70 in single precision, in units of their spread, are off by 1e-6.
    expect(loss).toBeCloseTo(expected.loss, 5);
    const error = Math.hypot(...expected.gradient.map((g, i) => g - found[i]));
    expect(error / length).toBeLessThan(1e-5);
  });

  it('compiles in every precision, with and without a table', async () => {
    const nothing = await openNullContext();
    for (const precision of NET_PRECISIONS)
      for (const changes of [{}, shearSetup()])
        for (const { shader } of Object.values(trainingKernels(velocityTraining({ ...setup, ...changes, precision }))))
          await nothing.kernel(shader);
  });
});
