/** The training of a velocity network as the trainer knows it: simulations, loss and gradient of a batch on the device. */
import type { BufferRole, PlannedBuffer } from '../../../gpu/plan.ts';
import type { ShaderSpec } from '../../../gpu/shaders.ts';
import { initialMlp } from '../../../nn/mlp/init.ts';
import { mlpTensors } from '../../../nn/mlp/tensors.ts';
import { mlpLayout } from '../../../nn/mlp.ts';
import { gradientGroups, mlpShaderSpec, SAMPLES_A_GROUP, tileSamples } from '../../../nn/mlp-kernel.ts';
import type { StepKernel, Training } from '../../../nn/training/training.ts';
import { SIMULATION_KEY, TRAINING_KEY, type TrainingSetup } from './setup.ts';

const WORD = 4;

/** @throws RangeError for a batch that is no multiple of the tile, or a network that no kernel has */
export function velocityTraining(setup: TrainingSetup): Training {
  const { net, task, precision, optimiser, batch, tile, sizes, scaling, table, seed } = setup;
  if (batch % tileSamples(tile) !== 0)
    throw new RangeError(`a batch of ${batch} is no multiple of the tile's ${tileSamples(tile)} samples`);
  const { hidden, small, table: tensors } = mlpTensors(net, precision);
  const working = { hidden: { buffer: 'working', ...hidden }, small: { buffer: 'working', ...small } };
  return {
    table: tensors,
    hyper: optimiser,
    batch,
    losses: batch / SAMPLES_A_GROUP,
    lossTerms: batch * task.thetaDimension,
    scaled: precision !== 'f32',
    sizes,
    weights: () => initialMlp(net, seed),
    buffers: buffersOf(setup),
    contents: {
      scaling: Float32Array.from(scaling.mean.flatMap((mean, i) => [mean, 1 / scaling.sd[i]])),
      keys: Uint32Array.of(seed >>> 0, SIMULATION_KEY, seed >>> 0, TRAINING_KEY),
      ...(table ? { table } : {}),
    },
    kernels: {
      tile: tileKernel(setup, {
        0: working.hidden,
        1: working.small,
        2: 'losses',
        3: 'scaling',
        4: 'trace',
        8: 'state',
      }),
      gradient: gradientKernel(setup),
    },
  };
}

function tileKernel(setup: TrainingSetup, network: StepKernel['buffers']): StepKernel {
  const { net, tile, precision, task, table, batch, simulations, timePower, shoulder } = setup;
  const base = mlpShaderSpec(net, tile, precision);
  const shader: ShaderSpec = {
    ...base,
    module: 'flow/train',
    conditions: { ...base.conditions, [task.id]: true, keep_trace: true },
    constants: {
      ...base.constants,
      D: `${task.thetaDimension}u`,
      C: `${task.xDimension}u`,
      BATCH_GROUPS: `${batch / SAMPLES_A_GROUP}u`,
      SIMULATIONS: `${simulations}u`,
      TIME_POWER: `${timePower}u`,
      SHOULDER: floatOf(shoulder),
    },
  };
  const own = { ...network, 11: 'keys' };
  const buffers = table ? { ...own, 12: 'table' } : own;
  return { shader, buffers, workgroups: batch / tileSamples(tile) };
}

/** As WGSL writes a number that is no integer. */
export const floatOf = (value: number) => `f32(${value})`;

function gradientKernel({ net, tile, precision, batch, sizes }: TrainingSetup): StepKernel {
  const { gradientEdge, gradientThreads } = sizes;
  const { constants } = mlpShaderSpec(net, tile, precision);
  const shader: ShaderSpec = {
    module: 'nn/mlp_gradient',
    constants: {
      ...constants,
      BATCH_GROUPS: `${batch / SAMPLES_A_GROUP}u`,
      GRADIENT_EDGE: `${gradientEdge}u`,
      GRADIENT_THREADS: `${gradientThreads}u`,
    },
    unroll: { r: gradientEdge, q: gradientEdge / 4 },
  };
  return {
    shader,
    buffers: { 4: 'trace', 5: 'gradient' },
    workgroups: gradientGroups(net, gradientEdge, gradientThreads),
  };
}

function buffersOf({ net, task, table, batch }: TrainingSetup): PlannedBuffer[] {
  const fixed = (name: string, bytes: number, role: BufferRole, formula: string, bytesPerItem = 0) => ({
    name,
    bytes,
    role,
    bytesPerItem,
    formula,
  });
  // Inputs, three of every hidden unit, padded outputs.
  const rows = net.inputs + 3 * net.depth * net.width + mlpLayout(net).paddedOutputs;
  return [
    fixed('trace', rows * batch * WORD, 'storage', `batch × ${rows} values × 4 B`, rows * WORD),
    fixed('scaling', (task.thetaDimension + task.xDimension) * 2 * WORD, 'storage', 'parameters and data × 8 B'),
    ...(table ? [fixed('table', table.byteLength, 'storage', `${table.length} numbers of the simulator × 4 B`)] : []),
    fixed('keys', 4 * WORD, 'uniform', '4 words × 4 B'),
  ];
}
