/** What is trained: a network's tensors, and the kernels that leave the gradient of a step's batch. */
import type { KernelBinding } from '../../gpu/bound-kernel.ts';
import { clockBuffers } from '../../gpu/clock.ts';
import type { BufferPlan, PlannedBuffer } from '../../gpu/plan.ts';
import type { AdamwHyper } from '../optimiser/adamw.ts';
import {
  OPTIMISER_PARTS,
  type OptimiserSizes,
  type OptimiserSpec,
  optimiserBuffers,
  optimiserKernels,
} from '../optimiser/kernels.ts';

export interface TrainingSizes extends OptimiserSizes {
  readonly submitsInFlight: number;
}

/** A kernel that a step begins with. */
export interface StepKernel extends KernelBinding {
  /** Beyond the limit of one dimension the grid goes on in the second: kernels that may come there count groups row by row. */
  readonly workgroups: number;
}

/** An experiment's part of a training; the rest knows nothing of its network, data or loss. */
export interface Training extends OptimiserSpec {
  readonly hyper: AdamwHyper;
  /** Samples a step: a statistical batch. */
  readonly batch: number;
  readonly sizes: TrainingSizes;
  /** Starting weights, in the order of the table. */
  weights(): Float32Array<ArrayBuffer>;
  /** Buffers beside those of the optimiser, and what they hold from the beginning to the end. */
  readonly buffers: readonly PlannedBuffer[];
  readonly contents: Readonly<Record<string, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>>;
  /**
   * Kernels of a step by name, in their order. They read `working` and `state`, whose `step` is the number of the step and whose `scale` the
   * loss is multiplied by, and leave `losses` and `gradient`, which is zero where rows are filled up.
   */
  readonly kernels: Readonly<Record<string, StepKernel>>;
}

/** Every kernel of a training by its name. */
export function trainingKernels(training: Training): Record<string, KernelBinding> {
  return { ...training.kernels, ...optimiserKernels(training) };
}

/** Every GPU buffer of a training, with exact bytes. */
export function planTraining(training: Training): BufferPlan {
  const { table, sizes, batch, buffers } = training;
  const optimiser = OPTIMISER_PARTS * table.size * Float32Array.BYTES_PER_ELEMENT;
  return {
    chunk: batch,
    buffers: [
      ...optimiserBuffers(training),
      ...buffers,
      {
        name: 'staging',
        bytes: Math.max(optimiser, sizes.lossHistory * Float32Array.BYTES_PER_ELEMENT),
        role: 'readback',
        bytesPerItem: 0,
        formula: `${OPTIMISER_PARTS} × ${table.size} × 4 B (weights on their way to the CPU)`,
      },
      ...clockBuffers(sizes.submitsInFlight),
    ],
  };
}
