/** What a chunk of observations takes, and what a sample costs. */

import { type BatchSizes, defaultSizes } from '../../batch/sizes.ts';
import type { NetworkMemory } from '../../gpu/network-memory.ts';
import type { BufferPlan } from '../../gpu/plan.ts';
import { mlpFlop } from '../../nn/mlp.ts';
import { activationBytes, tileBytes, tileSamples } from '../../nn/mlp-kernel.ts';
import type { WorkEstimate } from '../workload.ts';
import type { FlowShape } from './kernel-shape.ts';
import type { VelocityModel } from './model.ts';
import type { FlowParams } from './params.ts';
import { networkBuffers } from './sampling/network-buffers.ts';
import { planSampler, SAMPLES_A_GROUP } from './sampling/plan.ts';
import type { SamplerOptions } from './sampling/sampler.ts';
import { evaluationsOf } from './sampling/solvers.ts';
import { tileOf } from './shape.ts';
import type { FlowTask } from './tasks/task.ts';

/** The sampler of a chunk: all samples of all its observations are in flight together. */
export function samplerOptions(
  params: FlowParams,
  chunk: number,
  shape: FlowShape,
  sizes: BatchSizes = defaultSizes,
): SamplerOptions {
  return {
    solver: params.solver,
    steps: params.steps,
    alpha: params.alpha,
    spacing: params.spacing,
    precision: shape.precision ?? 'f32',
    tile: tileOf(shape),
    rows: chunk,
    groups: chunk * Math.ceil(params.samples / SAMPLES_A_GROUP),
    submitsInFlight: sizes['gpu.submitsInFlight'],
    stagingBytes: sizes['flow.stagingBytes'],
    peekGroups: Math.min(sizes['flow.peekGroups'], Math.ceil(params.samples / SAMPLES_A_GROUP)),
    peekSlots: sizes['flow.peekSlots'],
  };
}

export function planFlow(model: VelocityModel, ...chunk: Parameters<typeof samplerOptions>): BufferPlan {
  return planSampler(model, samplerOptions(...chunk));
}

export function flowNetworkMemory({ net }: VelocityModel, shape: FlowShape): NetworkMemory {
  const precision = shape.precision ?? 'f32';
  const tile = tileOf(shape);
  const [matrices, others] = networkBuffers(net, precision);
  return {
    matrixBytes: matrices.bytes,
    otherWeightBytes: others.bytes,
    activationBytes: activationBytes(net, tile, precision),
    workgroupBytes: tileBytes(net, tile, precision),
    workgroupSamples: tileSamples(tile),
  };
}

/** "Gradients" are evaluations of the network, of an adaptive solver the most it may take. Rejected samples come on top. */
export function flowWork({ net, task }: VelocityModel, { samples, steps, solver }: FlowParams): WorkEstimate {
  return {
    flopPerUnit: mlpFlop(net),
    // A position is read and written; the weights are shared by a tile.
    bytesPerUnit: 2 * task.thetaDimension * Float32Array.BYTES_PER_ELEMENT,
    unitsPerItem: samples * evaluationsOf(solver, steps),
  };
}

/** Bytes of an observation's samples as a run holds them: parameters in f64, and the number of each where some are rejected. */
export function flowResultBytes({ thetaDim }: FlowTask, { samples, rejectOutside }: FlowParams): number {
  const sample = thetaDim * Float64Array.BYTES_PER_ELEMENT + (rejectOutside ? Int32Array.BYTES_PER_ELEMENT : 0);
  return samples * sample;
}
