/** Constants and conditions with which the perceptron's WGSL is linked, and how its threads are laid out on an adapter. */
import type { Precision } from '../gpu/precision.ts';
import type { AdapterReport } from '../gpu/report.ts';
import type { ShaderSpec } from '../gpu/shaders.ts';
import { type MlpSpec, mlpLayout } from './mlp.ts';

/** What the perceptron's kernels have: `f16-storage` halves weights and activations, `f16` multiplies in halves too. */
export const NET_PRECISIONS = ['f32', 'f16-storage', 'f16'] as const satisfies readonly Precision[];
export type NetPrecision = (typeof NET_PRECISIONS)[number];

/** @throws RangeError for a precision that they do not have */
export function netPrecision(precision: Precision): NetPrecision {
  const found = NET_PRECISIONS.find((known) => known === precision);
  if (!found) throw new RangeError(`the perceptron does not compute in ${precision}`);
  return found;
}

/** Threads of a workgroup: sample groups (four samples each) × neuron groups. */
export interface TileShape {
  readonly sampleGroups: number;
  readonly neuronGroups: number;
  /**
   * Sums over four inputs at a time; where threads then share weights and nothing else, subgroups of four lanes load them together
   * (`shaders/nn/mlp_quads.wgsl`). Bits depend on this, and on nothing else of the tile.
   */
  readonly quads?: boolean;
}

export const SAMPLES_A_GROUP = 4;
/** The width of a layer, and a thread's part of it, is a multiple. */
const LEAST_NEURONS = 8;

/** What a thread multiplies at a time: sample groups × neurons, and inputs of one pass of the inner loop. */
interface Block {
  readonly groups: number;
  readonly neurons: number;
  readonly inputs: number;
}

/**
 * Loads cost a software adapter some ten times a multiply-add, and a block of v groups and n neurons loads 4 v + n numbers for 4 v n products:
 * two threads that would each have one group and many neurons have two groups and half the neurons. Larger blocks take long to compile
 * (bench/NOTES.md). With as many neuron groups as on a GPU nothing is left to be exchanged.
 */
function blockOf({ width }: MlpSpec, { sampleGroups, neuronGroups, quads }: TileShape, precision: NetPrecision): Block {
  const paired = sampleGroups % 2 === 0 && width % (2 * neuronGroups * LEAST_NEURONS) === 0;
  // Halves are summed over four inputs before they are added up.
  return { groups: paired ? 2 : 1, neurons: LEAST_NEURONS, inputs: precision === 'f16' || quads || !paired ? 4 : 2 };
}

/** Samples of a workgroup. */
export const tileSamples = ({ sampleGroups }: TileShape) => SAMPLES_A_GROUP * sampleGroups;

/** Memory of a tile beside the weights, bytes: of the workgroup, in quads of its threads. */
export function tileBytes(spec: MlpSpec, shape: TileShape, precision: NetPrecision): number {
  const half = precision !== 'f32';
  if (inQuads(shape)) {
    const rows = 2 * spec.width + 4 * Math.ceil(spec.inputs / 4) + mlpLayout(spec).paddedOutputs;
    return rows * shape.sampleGroups * 16;
  }
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

const QUAD = 4;
/** The whole sum of a neuron is one stretch of code: wider layers compile too long. */
const WIDEST_IN_QUADS = 128;

const inQuads = ({ sampleGroups, neuronGroups, quads }: TileShape) =>
  quads === true && neuronGroups === 1 && sampleGroups % QUAD === 0;

/** Where loads are dear and a subgroup is as wide as the four lanes of the registers: SwiftShader. */
function hasQuads({ software, features, subgroupSize }: AdapterReport, { width }: MlpSpec, precision: NetPrecision) {
  const subgroups = features.includes('subgroups') && subgroupSize === QUAD;
  return software && subgroups && precision === 'f32' && width <= WIDEST_IN_QUADS;
}

/** Cores that a software adapter is expected to have: so many workgroups run at once. */
const SOFTWARE_CORES = 2;

/**
 * As many sample groups as asked for, as there are and as workgroup memory allows. On a GPU as many neuron groups as there are neurons for. A
 * software adapter runs a thread a lane, on one core a workgroup: neuron groups take the lanes for which there are no sample groups.
 * @param groups sample groups that are in flight, where that is known
 */
export function chooseTile(
  report: AdapterReport,
  spec: MlpSpec,
  precision: NetPrecision,
  sampleGroups: number,
  groups = Number.POSITIVE_INFINITY,
): TileShape {
  const memory = report.limits.maxComputeWorkgroupStorageSize ?? 16_384;
  const invocations = report.limits.maxComputeInvocationsPerWorkgroup ?? 256;
  const enough = Math.ceil(groups / (report.software ? SOFTWARE_CORES : 1));
  let shape: TileShape = { sampleGroups, neuronGroups: 1 };
  while (shape.sampleGroups > 1 && (tileBytes(spec, shape, precision) > memory || shape.sampleGroups >= 2 * enough))
    shape = { ...shape, sampleGroups: Math.floor(shape.sampleGroups / 2) };
  const most = report.software ? sampleGroups : invocations;
  let neuronGroups = Math.max(1, Math.min(spec.width / LEAST_NEURONS, Math.floor(most / shape.sampleGroups)));
  while (spec.width % (LEAST_NEURONS * neuronGroups) !== 0) neuronGroups--;
  return { ...shape, neuronGroups, ...(hasQuads(report, spec, precision) ? { quads: true } : {}) };
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
  const block = blockOf(spec, shape, precision);
  const quads = shape.quads === true;
  return {
    conditions: {
      half: precision === 'f16',
      half_storage: precision === 'f16-storage',
      pairs: quads,
      quads: inQuads(shape),
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
      BLOCK_GROUPS: `${block.groups}u`,
      BLOCK_NEURONS: `${block.neurons}u`,
      INPUTS_AT_ONCE: `${block.inputs}u`,
    },
    unroll: {
      v: block.groups,
      q: block.neurons / 4,
      k: block.inputs,
      a: Math.ceil(spec.inputs / 4),
      b: spec.width / 4,
    },
    enable: [...(precision === 'f16' ? (['f16'] as const) : []), ...(inQuads(shape) ? (['subgroups'] as const) : [])],
  };
}

/** Loop iterations of one evaluation in a thread, for drivers that bound them. */
export function mlpIterations(spec: MlpSpec, shape: TileShape): number {
  // f16 has fewer.
  const { groups, neurons, inputs } = blockOf(spec, shape, 'f32');
  const blocks = spec.width / (neurons * groups * shape.neuronGroups);
  const around = neurons * groups + 2;
  const hidden = (spec.depth - 1) * blocks * (spec.width / inputs + around);
  return hidden + blocks * (spec.inputs + around) + Math.ceil(mlpLayout(spec).paddedOutputs / 4) * (spec.width + 2);
}

/** Workgroups that sum the gradients of the weights: blocks of `edge` × `edge` weights a thread, then `edge` biases. */
export function gradientGroups(spec: MlpSpec, edge: number, threads: number): number {
  const blocks = (count: number) => Math.ceil(count / edge);
  const [width, outputs] = [blocks(spec.width), blocks(mlpLayout(spec).paddedOutputs)];
  const matrices = ((spec.depth - 1) * width + blocks(spec.inputs) + outputs) * width;
  return Math.ceil(matrices / threads) + Math.ceil((spec.depth * width + outputs) / threads);
}
