/** The score network on a device: bound kernels, and the dispatches of one evaluation. */
import type { Allocation } from '../../gpu/allocation.ts';
import { type BoundKernel, bindKernels, gridOf } from '../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { workingCopies } from '../optimiser/tensor-table.ts';
import { rotaryTurns } from '../tensor/rows.ts';
import type { WorkCounts } from '../tensor/work.ts';
import type { ForwardPlan } from './forward-plan.ts';
import { FORWARD_BUFFERS } from './forward-setup.ts';
import type { ForwardStep } from './forward-steps.ts';

/** A stretch of an evaluation that can be submitted apart. */
export interface ForwardUnit {
  readonly name: string;
  encode(pass: GPUComputePassEncoder): void;
}

type Kernels = Readonly<Record<string, BoundKernel>>;

/** Writes what stays: the weights, the flat vector of `plan.tensors`, in their working copies, and the turns of rotary positions. */
export function uploadForward(
  device: GPUDevice,
  allocation: Allocation,
  plan: ForwardPlan,
  weights: ArrayLike<number>,
) {
  const write = (name: string, data: ArrayBuffer | Float32Array<ArrayBuffer>) =>
    device.queue.writeBuffer(allocation.buffer(name), 0, data);
  write(FORWARD_BUFFERS.weights, workingCopies(plan.tensors.table, weights));
  const { spec, genes } = plan.setup;
  if (spec.variant === 'origin') write(FORWARD_BUFFERS.turns, rotaryTurns(genes, spec.width / spec.heads));
}

/** Steps that belong together as one unit each, in their order. @param kernels bound, by the names of `plan.kernels` */
export function forwardUnits(
  steps: readonly ForwardStep[],
  counts: WorkCounts,
  kernels: Kernels,
  device: GPUDevice,
): ForwardUnit[] {
  const names = [...new Set(steps.map(({ unit }) => unit))];
  return names.map((name) => ({
    name,
    encode: (pass) => {
      for (const { kernel, unit, groups } of steps)
        if (unit === name) kernels[kernel].dispatch(pass, ...gridOf(groups(counts), device));
    },
  }));
}

export class ScoreForward {
  readonly #plan: ForwardPlan;
  readonly #device: GPUDevice;
  readonly #kernels: Kernels;

  private constructor(plan: ForwardPlan, device: GPUDevice, kernels: Kernels) {
    this.#plan = plan;
    this.#device = device;
    this.#kernels = kernels;
  }

  /**
   * Compiles and binds every kernel, and uploads the weights: the flat vector of `plan.tensors`.
   * @param allocation of a plan with `plan.buffers.planned`, and `tokens` [cells][genes] u32
   * Throws `ShaderError`.
   */
  static async open(
    gpu: GpuContext,
    allocation: Allocation,
    plan: ForwardPlan,
    weights: ArrayLike<number>,
  ): Promise<ScoreForward> {
    const kernels = await bindKernels(gpu, allocation, plan.kernels);
    uploadForward(gpu.device, allocation, plan, weights);
    return new ScoreForward(plan, gpu.device, kernels);
  }

  /** c and all modulations of every place, from labels and times: once a chunk, and when they change. `work` holds any list of the chunk. */
  conditions(counts: Pick<WorkCounts, 'places'>): ForwardUnit[] {
    return this.#units(this.#plan.conditions, { active: 0, rows: 0, shares: 0, ...counts });
  }

  /** One evaluation for the list in `work`, whose counts these are; units in their order. At least one place and one row. */
  network(counts: WorkCounts): ForwardUnit[] {
    return this.#units(this.#plan.network, counts);
  }

  /** One kernel of them. */
  dispatch({ kernel, groups }: ForwardStep, counts: WorkCounts, pass: GPUComputePassEncoder): void {
    this.#kernels[kernel].dispatch(pass, ...gridOf(groups(counts), this.#device));
  }

  #units(steps: readonly ForwardStep[], counts: WorkCounts): ForwardUnit[] {
    return forwardUnits(steps, counts, this.#kernels, this.#device);
  }
}
