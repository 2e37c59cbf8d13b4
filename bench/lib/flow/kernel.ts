/** The sampler's kernel by itself: all steps of all samples in one dispatch, or as few as the driver's bound on loops asks for. */

import type { GpuContext } from '../../../src/gpu/context.ts';
import { readBuffer } from '../../../src/gpu/readback.ts';
import { toHalves } from '../../../src/nn/half.ts';
import { mlpLayout } from '../../../src/nn/mlp.ts';
import { mlpIterations, type NetPrecision, type TileShape } from '../../../src/nn/mlp-kernel.ts';
import { naturalSamples } from '../../../src/workloads/flow/model.ts';
import { planSampler, SAMPLES_A_GROUP } from '../../../src/workloads/flow/sampling/plan.ts';
import { samplerShader } from '../../../src/workloads/flow/sampling/shader.ts';
import { DEFAULT_SPACING, spacingPower } from '../../../src/workloads/flow/sampling/solvers.ts';
import { type FlowProblem, SAMPLING, STREAM } from './problem.ts';

export interface FlowKernel {
  /** From the noise to the samples; resolves when the device has finished. */
  run(): Promise<void>;
  /** The first samples, [count][2]. */
  samples(count: number): Promise<Float32Array>;
}

export async function flowKernel(
  gpu: GpuContext,
  { model, observation }: FlowProblem,
  precision: NetPrecision,
  tile: TileShape,
  count: number,
): Promise<FlowKernel> {
  const groups = count / SAMPLES_A_GROUP;
  const memory = { submitsInFlight: 1, stagingBytes: 2 ** 20, peekGroups: 1, peekSlots: 1 };
  const sizes = { ...memory, solver: SAMPLING.solver, steps: SAMPLING.steps, groups, rows: 1, precision };
  const allocation = await gpu.allocate(planSampler(model, sizes));
  const kernel = await gpu.kernel(samplerShader(model, { tile, precision, solver: SAMPLING.solver }));
  const { queue } = gpu.device;
  const { hidden } = mlpLayout(model.net);
  const matrices = model.weights.slice(0, hidden);
  const contents = {
    hidden: precision === 'f32' ? matrices : toHalves(matrices),
    small: model.weights.slice(hidden),
    observations: Float32Array.from(observation),
    groups: Uint32Array.from(Array.from({ length: groups }, (_, i) => [0, SAMPLES_A_GROUP * i, STREAM, 0]).flat()),
  };
  for (const [name, data] of Object.entries(contents)) queue.writeBuffer(allocation.buffer(name), 0, data);
  const names = { 0: 'hidden', 1: 'small', 2: 'observations', 3: 'positions', 12: 'control', 13: 'groups' };
  const bound = kernel.bindGroup(
    Object.fromEntries(Object.entries(names).map(([binding, name]) => [binding, allocation.buffer(name)])),
  );
  const limit = gpu.report.loopIterationLimit ?? Number.POSITIVE_INFINITY;
  const perDispatch = Math.max(1, Math.floor((0.9 * limit) / (2 * mlpIterations(model.net, tile))));
  return {
    run: async () => {
      for (let first = 0; first < SAMPLING.steps; first += perDispatch) {
        const last = Math.min(SAMPLING.steps, first + perDispatch);
        const control = Uint32Array.of(groups, SAMPLING.steps, first, last, SAMPLING.seed, 0, 0, 0);
        // A unit Gaussian to start from.
        new Float32Array(control.buffer)[6] = 1;
        control[7] = spacingPower(SAMPLING.spacing ?? DEFAULT_SPACING);
        queue.writeBuffer(allocation.buffer('control'), 0, control);
        const encoder = gpu.device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(kernel.pipeline);
        pass.setBindGroup(0, bound);
        pass.dispatchWorkgroups(Math.ceil(groups / tile.sampleGroups));
        pass.end();
        queue.submit([encoder.finish()]);
      }
      await gpu.finished();
    },
    samples: async (wanted) => {
      const bytes = 4 * 2 * wanted;
      const encoder = gpu.device.createCommandEncoder();
      encoder.copyBufferToBuffer(allocation.buffer('positions'), 0, allocation.buffer('staging'), 0, bytes);
      queue.submit([encoder.finish()]);
      return naturalSamples(model, new Float32Array(await readBuffer(gpu.device, allocation.buffer('staging'), bytes)));
    },
  };
}
