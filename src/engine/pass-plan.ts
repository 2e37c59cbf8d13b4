/** What one pass over items will take: chunk, buffers, caps. */
import type { MemoryClass } from '../batch/memory-class.ts';
import type { BatchSizes } from '../batch/sizes.ts';
import type { BufferPlan } from '../gpu/plan.ts';
import type { KernelShape, RunInputs, WorkEstimate, Workload } from '../workloads/workload.ts';
import type { CapName, ChunkCap } from './caps.ts';
import type { RunConfig } from './run-config.ts';
import type { RunMode } from './run-mode.ts';

/** What a chunk may take, in bytes. */
export interface MemoryCaps {
  readonly budgetBytes: number;
  /** Largest single buffer the adapter creates and binds; Infinity without an adapter. */
  readonly maxBufferBytes: number;
  /** Every cap of the adapter by name, with the largest chunk it allows; none without an adapter. */
  readonly each: readonly ChunkCap[];
  /** The cap that a growing chunk meets first; absent without an adapter. */
  readonly binding?: CapName;
}

/** One pass over items: the first over all of them, or a rescue. */
export interface PassPlan {
  readonly workload: Workload;
  readonly config: RunConfig;
  readonly inputs: RunInputs;
  readonly mode: RunMode;
  readonly items: number;
  readonly chunk: number;
  /** Who chose the chunk: the configuration, what the tuner measured on this adapter, or the batch table. */
  readonly chunkSource: 'given' | 'tuned' | 'table';
  readonly chunks: number;
  /** Sizes of the batch table for this run, and the memory class they come from. */
  readonly sizes: BatchSizes;
  readonly memoryClass: MemoryClass;
  /** Largest chunk (≤ items) that the caps allow; 0 when not even one item fits. */
  readonly largestChunk: number;
  readonly shape: KernelShape;
  readonly buffers: BufferPlan;
  readonly totalBytes: number;
  readonly largestBufferBytes: number;
  readonly caps: MemoryCaps;
  /** Why this chunk does not fit, in words; absent when it does. */
  readonly tooLarge?: string;
  readonly work: WorkEstimate;
}
