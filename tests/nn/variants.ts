/** The texts of the samplers, of the log density and of training by what they were linked for. */
import { defaultSizes } from '../../src/batch/sizes.ts';
import { type LinkedShader, linkShader } from '../../src/gpu/shaders.ts';
import type { Activation, MlpSpec } from '../../src/nn/mlp.ts';
import type { NetPrecision } from '../../src/nn/mlp-kernel.ts';
import { DEFAULT_OPTIMISER } from '../../src/nn/optimiser/adamw.ts';
import { trainingKernels } from '../../src/nn/training/training.ts';
import { densityShader } from '../../src/workloads/flow/sampling/log-density-plan.ts';
import { samplerShader } from '../../src/workloads/flow/sampling/shader.ts';
import type { Solver } from '../../src/workloads/flow/sampling/solvers.ts';
import type { FlowTask } from '../../src/workloads/flow/tasks/task.ts';
import { taskShape, trainingSizes, velocityInputs } from '../../src/workloads/flow/training/setup.ts';
import { velocityTraining } from '../../src/workloads/flow/training/velocity-training.ts';

export type Variant = readonly [label: string, linked: LinkedShader];

const task = { id: 'any', thetaDimension: 5, xDimension: 8 };
const net: MlpSpec = { inputs: velocityInputs(task), outputs: 5, width: 32, depth: 3, activation: 'silu' };
const tile = { sampleGroups: 4, neuronGroups: 2 };

export function sampler(solver: Solver, precision: NetPrecision): Variant {
  return [`${solver}, ${precision}`, linkShader(samplerShader({ task, net }, { solver, precision, tile }))];
}

/** Of SwiftShader alone: wgpu has no quad operations where it runs in Deno. */
export function quads(solver: Solver): Variant {
  const shared = { sampleGroups: 4, neuronGroups: 1, quads: true };
  const spec = samplerShader({ task, net }, { solver, precision: 'f32', tile: shared });
  return [`${solver}, quads`, linkShader(spec)];
}

export function density(solver: 'midpoint' | 'rk4', precision: NetPrecision): Variant {
  const spec = densityShader({ task, net }, { solver, precision, tile });
  return [`density, ${solver}, ${precision}`, linkShader(spec)];
}

export function activated(activation: Activation): Variant {
  const changed = { ...net, activation, depth: 1 };
  const spec = densityShader({ task, net: changed }, { solver: 'rk4', precision: 'f32', tile });
  return [`density, ${activation}`, linkShader(spec)];
}

/** A training of a task: its simulator in the kernel of a tile, and every other kernel of a step, which does not hang on the task. */
export function training(task: FlowTask, precision: NetPrecision, names: 'all' | 'tile'): Variant[] {
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
    shoulder: task.prior.kind === 'box' ? 0.5 : 0,
    timePower: 1,
    scaling,
    tile,
    sizes: trainingSizes(defaultSizes),
  };
  return Object.entries(trainingKernels(velocityTraining({ ...setup, precision })))
    .filter(([name]) => name === 'tile' || names === 'all')
    .map(([name, { shader }]) => [`training, ${name}, ${task.id}, ${precision}`, linkShader(shader)] as const);
}
