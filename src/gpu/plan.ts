/**
 * A buffer plan: every GPU buffer a session will ever own, with exact bytes, before anything is allocated.
 * Pure data: a plan can be made, shown and compared without a device.
 */

/** What a buffer is for; usage flags follow from it (see `allocation.ts`). */
export type BufferRole = 'storage' | 'uniform' | 'readback' | 'upload' | 'query';

export interface PlannedBuffer {
  /** Unique in its plan; also the label of the GPU buffer. */
  readonly name: string;
  /** Exact size in bytes, a multiple of 4 and at least 4. */
  readonly bytes: number;
  readonly role: BufferRole;
  /** Bytes that each further item of the chunk adds; 0 for buffers of fixed size. */
  readonly bytesPerItem: number;
  /** The size in words, e.g. "chunk × 640 draws × 4 B". */
  readonly formula: string;
}

export interface BufferPlan {
  /** Items the plan holds at once. */
  readonly chunk: number;
  readonly buffers: readonly PlannedBuffer[];
}

/** Total bytes of a plan. */
export function planBytes(plan: BufferPlan): number {
  return plan.buffers.reduce((sum, buffer) => sum + buffer.bytes, 0);
}

/** Largest single buffer of a plan, in bytes: what `maxBufferSize` and `maxStorageBufferBindingSize` must allow. */
export function largestBufferBytes(plan: BufferPlan): number {
  return plan.buffers.reduce((max, buffer) => Math.max(max, buffer.bytes), 0);
}
