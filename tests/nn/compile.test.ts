/** Every variant of the samplers, of the log density and of training passes both compilers: Tint (Dawn's null backend) and Naga (wgpu in Deno). */
import { afterAll, describe, expect, it } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import { type LinkedShader, linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { ACTIVATIONS, type MlpSpec } from '../../src/nn/mlp.ts';
import { NET_PRECISIONS } from '../../src/nn/mlp-kernel.ts';
import { densityShader } from '../../src/workloads/flow/sampling/log-density-plan.ts';
import { samplerShader } from '../../src/workloads/flow/sampling/shader.ts';
import { SOLVERS } from '../../src/workloads/flow/sampling/solvers.ts';
import { tasks } from '../../src/workloads/flow/tasks/index.ts';
import { DEFAULT_OPTIMISER } from '../../src/workloads/flow/training/optimiser.ts';
import { taskShape, trainingSizes, velocityInputs } from '../../src/workloads/flow/training/setup.ts';
import { trainingShaders } from '../../src/workloads/flow/training/shaders.ts';

afterAll(closeTestContexts);

const task = { id: 'any', thetaDimension: 5, xDimension: 8 };
const net: MlpSpec = { inputs: velocityInputs(task), outputs: 5, width: 32, depth: 3, activation: 'silu' };
const tile = { sampleGroups: 4, neuronGroups: 2 };

/** Of SwiftShader alone: wgpu has no quad operations where it runs in Deno. */
const quads = SOLVERS.map((solver) => {
  const shared = { sampleGroups: 4, neuronGroups: 1, quads: true };
  return [
    `${solver}, quads`,
    linkShader(samplerShader({ task, net }, { solver, precision: 'f32', tile: shared })),
  ] as const;
});

const variants: (readonly [string, LinkedShader])[] = [
  ...SOLVERS.flatMap((solver) =>
    NET_PRECISIONS.map((precision) => {
      const spec = samplerShader({ task, net }, { solver, precision, tile });
      return [`${solver}, ${precision}`, linkShader(spec)] as const;
    }),
  ),
  ...(['midpoint', 'rk4'] as const).flatMap((solver) =>
    NET_PRECISIONS.map((precision) => {
      const spec = densityShader({ task, net }, { solver, precision, tile });
      return [`density, ${solver}, ${precision}`, linkShader(spec)] as const;
    }),
  ),
  ...ACTIVATIONS.map((activation) => {
    const changed = { ...net, activation, depth: 1 };
    const spec = densityShader({ task, net: changed }, { solver: 'rk4', precision: 'f32', tile });
    return [`density, ${activation}`, linkShader(spec)] as const;
  }),
];

/** A training of a task: its simulator, and every kernel of a step. What does not hang on the task comes once a precision. */
const training = tasks.flatMap((task, at) => {
  const { id } = task;
  const shape = taskShape(task);
  const numbers = shape.thetaDimension + shape.xDimension;
  const scaling = { mean: Array(numbers).fill(0), sd: Array(numbers).fill(1) };
  const setup = {
    task: shape,
    net: { ...net, inputs: velocityInputs(shape), outputs: shape.thetaDimension },
    optimiser: DEFAULT_OPTIMISER,
    simulations: 1000,
    batch: 64,
    seed: 1,
    timePower: 1,
    scaling,
    tile,
    sizes: trainingSizes(defaultSizes),
  };
  return NET_PRECISIONS.flatMap((precision) =>
    Object.entries(trainingShaders({ ...setup, precision }))
      .filter(([name]) => (name === 'tile' || at === 0) && !(name === 'halves' && precision === 'f32'))
      .map(([name, spec]) => [`training, ${name}, ${id}, ${precision}`, linkShader(spec)] as const),
  );
});
/** Six kernels of the first task in three precisions but one, and the tile of the others. */
const TRAINING_VARIANTS = 6 * 3 - 1 + 3 * (tasks.length - 1);

const all = [...variants, ...training];

describe('shaders/flow', () => {
  it('has as many texts as variants', () => {
    expect(new Set(variants.map(([, { wgsl }]) => wgsl)).size).toBe((SOLVERS.length + 2) * 3 + ACTIVATIONS.length);
    expect(quads.every(([, { wgsl }]) => wgsl.includes('quadSwapDiagonal'))).toBe(true);
    expect(training).toHaveLength(TRAINING_VARIANTS);
    expect(new Set(training.filter(([label]) => label.includes(' tile,')).map(([, { wgsl }]) => wgsl)).size).toBe(
      3 * tasks.length,
    );
  });

  it('compiles with Tint in every variant', async () => {
    const gpu = await openNullContext();
    for (const [, linked] of [...all, ...quads]) await gpu.compile(linked);
  });

  it('compiles with Naga in every variant', async () => {
    const outcomes = await compileWithNaga(all.map(([label, { wgsl }]) => ({ label, wgsl })));
    expect(outcomes).toHaveLength(all.length);
    expect(outcomes.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });
});
