/** Constants and conditions with which the perceptron's WGSL is linked, and how its threads are laid out on an adapter. */
import type { AdapterReport } from '../gpu/report.ts';
import type { ShaderSpec } from '../gpu/shaders.ts';
import { type MlpSpec, mlpLayout } from './mlp.ts';

/** `f16-storage` halves weights and activations and computes in f32; `f16` also multiplies in halves and needs the feature shader-f16. */
export type NetPrecision = 'f32' | 'f16-storage' | 'f16';
export const NET_PRECISIONS: readonly NetPrecision[] = ['f32', 'f16-storage', 'f16'];

/** Threads of a workgroup: sample groups (four samples each) × neuron groups. */
export interface TileShape {
  readonly sampleGroups: number;
  readonly neuronGroups: number;
}

/** Neurons that a thread computes together; the width of a neuron group is a multiple. */
const NEURONS_AT_ONCE = 8;
export const SAMPLES_A_GROUP = 4;

/** Samples of a workgroup. */
export const tileSamples = ({ sampleGroups }: TileShape) => SAMPLES_A_GROUP * sampleGroups;

/** Workgroup memory of a tile, bytes. */
export function tileBytes(spec: MlpSpec, shape: TileShape, precision: NetPrecision): number {
  const half = precision !== 'f32';
  // In f32 inputs and outputs lie in the buffer that is free at the time.
  if (!half) return (spec.width + Math.max(spec.width, ends(spec))) * shape.sampleGroups * 16;
  return 2 * spec.width * shape.sampleGroups * 8 + ends(spec) * shape.sampleGroups * 16;
}

/** Of these, hidden activations: two buffers of a layer each, exactly halved in halves. Inputs and outputs stay f32 beside them. */
export function activationBytes(spec: MlpSpec, shape: TileShape, precision: NetPrecision): number {
  return 2 * spec.width * tileSamples(shape) * (precision === 'f32' ? 4 : 2);
}

function ends(spec: MlpSpec): number {
  return Math.max(spec.inputs, mlpLayout(spec).paddedOutputs);
}

/**
 * As many sample groups as asked for and as workgroup memory allows; on a GPU as many neuron groups as there are neurons for, on a software
 * adapter one, since barriers cost more there than a longer loop.
 */
export function chooseTile(
  report: AdapterReport,
  spec: MlpSpec,
  precision: NetPrecision,
  sampleGroups: number,
): TileShape {
  const memory = report.limits.maxComputeWorkgroupStorageSize ?? 16_384;
  const invocations = report.limits.maxComputeInvocationsPerWorkgroup ?? 256;
  let shape: TileShape = { sampleGroups, neuronGroups: 1 };
  while (shape.sampleGroups > 1 && tileBytes(spec, shape, precision) > memory)
    shape = { ...shape, sampleGroups: shape.sampleGroups / 2 };
  if (report.software) return shape;
  let neuronGroups = spec.width / NEURONS_AT_ONCE;
  while (neuronGroups > 1 && (neuronGroups * shape.sampleGroups > invocations || !Number.isInteger(neuronGroups)))
    neuronGroups = Math.floor(neuronGroups / 2);
  while (spec.width % (NEURONS_AT_ONCE * neuronGroups) !== 0) neuronGroups--;
  return { ...shape, neuronGroups };
}

/**
 * What every kernel that runs the network is linked with.
 * @throws RangeError for more outputs than units of a layer, which share their memory
 */
export function mlpShaderSpec(
  spec: MlpSpec,
  shape: TileShape,
  precision: NetPrecision,
): Omit<ShaderSpec, 'module'> & {
  readonly conditions: Record<string, boolean>;
  readonly constants: Record<string, string>;
} {
  if (mlpLayout(spec).paddedOutputs > spec.width)
    throw new RangeError(`${spec.outputs} outputs do not fit a width of ${spec.width}`);
  return {
    conditions: {
      half: precision === 'f16',
      half_storage: precision === 'f16-storage',
      [spec.activation]: true,
    },
    constants: {
      INPUTS: `${spec.inputs}u`,
      OUTPUTS: `${mlpLayout(spec).paddedOutputs}u`,
      ENDS: `${ends(spec)}u`,
      WIDTH: `${spec.width}u`,
      DEPTH: `${spec.depth}u`,
      SAMPLE_GROUPS: `${shape.sampleGroups}u`,
      NEURON_GROUPS: `${shape.neuronGroups}u`,
    },
    // Four inputs at a time in the inner loop.
    unroll: 4,
    enable: precision === 'f16' ? ['f16'] : [],
  };
}

/** Loop iterations of one evaluation in a thread, for drivers that bound them. */
export function mlpIterations(spec: MlpSpec, { neuronGroups }: TileShape): number {
  const blocks = spec.width / NEURONS_AT_ONCE / neuronGroups;
  const hidden = (spec.depth - 1) * blocks * (spec.width / 4 + NEURONS_AT_ONCE + 2);
  const outer =
    blocks * (spec.inputs + NEURONS_AT_ONCE + 2) + Math.ceil(mlpLayout(spec).paddedOutputs / 4) * (spec.width + 2);
  return hidden + outer;
}
