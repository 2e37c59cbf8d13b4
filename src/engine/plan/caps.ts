/** What bounds a chunk, known before any GPU work: each cap by name, what the chunk takes of it, and the largest chunk it allows. */

import { type BufferPlan, largestBufferBytes, type PlannedBuffer, planBytes } from '../../gpu/plan.ts';
import type { KernelShape } from '../../workloads/workload.ts';
import { formatBytes } from '../bytes.ts';
import { largestFitting } from './chunks.ts';

/** Chunks beyond it are not looked at. */
export const SEARCH_LIMIT = 2 ** 24;

export type CapName = 'budget' | 'binding' | 'buffer' | 'workgroups';

/** What one chunk takes of a cap. */
export interface CapUse {
  readonly name: CapName;
  /** In words, e.g. "memory budget". */
  readonly label: string;
  /** The adapter's limit, where it is one. */
  readonly limitName?: string;
  readonly unit: 'bytes' | 'workgroups';
  readonly limit: number;
  /** What the chunk takes of it. */
  readonly used: number;
  /** The buffer that `used` is the size of, where it is one. */
  readonly buffer?: string;
  /** The chunk does not fit. */
  readonly over: boolean;
}

export interface ChunkCap extends CapUse {
  /** Largest chunk that this cap alone allows; 0 when not even one item, `SEARCH_LIMIT` for "that many or more". */
  readonly largestChunk: number;
}

/** What bounds every chunk of an adapter. */
export interface CapLimits {
  readonly limits: Readonly<Record<string, number>>;
  readonly shape: KernelShape;
  readonly budgetBytes: number;
}

export interface CapsInput extends CapLimits {
  /** Buffers of a chunk; their bytes must not shrink as it grows. */
  readonly planFor: (chunk: number) => BufferPlan;
  /** The planned chunk, for `used`. */
  readonly chunk: number;
}

/** Every cap of an adapter with what a chunk of these buffers takes of it. Pure, and cheap: no other chunk is looked at. */
export function capUses(plan: BufferPlan, chunk: number, { limits, shape, budgetBytes }: CapLimits): CapUse[] {
  const limitOf = (name: string) => limits[name] ?? Number.POSITIVE_INFINITY;
  const bound = largestOf(ofRole(plan, 'storage').buffers);
  const any = largestOf(plan.buffers);
  const bytes = planBytes(plan);
  const binding = limitOf('maxStorageBufferBindingSize');
  const uniform = largestBufferBytes(ofRole(plan, 'uniform'));
  const workgroups = Math.ceil(chunk * shape.workgroupsPerItem);
  // Dispatches are tiled over two dimensions.
  const mostWorkgroups = limitOf('maxComputeWorkgroupsPerDimension') ** 2;
  const sizeOf = (buffer: PlannedBuffer | undefined) => ({ used: buffer?.bytes ?? 0, buffer: buffer?.name });
  return [
    {
      name: 'budget',
      label: 'memory budget',
      unit: 'bytes',
      limit: budgetBytes,
      used: bytes,
      over: bytes > budgetBytes,
    },
    {
      name: 'binding',
      label: 'binding limit',
      limitName: 'maxStorageBufferBindingSize',
      unit: 'bytes',
      limit: binding,
      ...sizeOf(bound),
      over: (bound?.bytes ?? 0) > binding || uniform > limitOf('maxUniformBufferBindingSize'),
    },
    {
      name: 'buffer',
      label: 'buffer limit',
      limitName: 'maxBufferSize',
      unit: 'bytes',
      limit: limitOf('maxBufferSize'),
      ...sizeOf(any),
      over: (any?.bytes ?? 0) > limitOf('maxBufferSize'),
    },
    {
      name: 'workgroups',
      label: 'workgroup limit',
      limitName: 'maxComputeWorkgroupsPerDimension',
      unit: 'workgroups',
      limit: mostWorkgroups,
      used: workgroups,
      over: workgroups > mostWorkgroups,
    },
  ];
}

/** Every cap with the largest chunk it allows. Pure: evaluates the plan a few dozen times. */
export function chunkCaps({ planFor, chunk, ...limits }: CapsInput): ChunkCap[] {
  const fits = (plan: BufferPlan, size: number, name: CapName) =>
    capUses(plan, size, limits).every((use) => use.name !== name || !use.over);
  return capUses(planFor(chunk), chunk, limits).map((use) => {
    // Workgroups depend on the number of items alone: no buffers to plan.
    const largestChunk =
      use.name === 'workgroups'
        ? Math.min(SEARCH_LIMIT, Math.floor(use.limit / limits.shape.workgroupsPerItem))
        : largestFitting(SEARCH_LIMIT, (size) => fits(planFor(size), size, use.name));
    return { ...use, largestChunk };
  });
}

/** The cap that a growing chunk meets first; where several allow the same, the one named first. */
export function bindingCap(caps: readonly ChunkCap[]): ChunkCap | undefined {
  return caps.reduce<ChunkCap | undefined>(
    (least, cap) => (least === undefined || cap.largestChunk < least.largestChunk ? cap : least),
    undefined,
  );
}

/** Why the chunk does not fit, in words: the first cap it is over. Undefined when it fits. */
export function capObjection(caps: readonly CapUse[], chunk: number): string | undefined {
  const over = caps.find((cap) => cap.over);
  if (!over) return undefined;
  if (over.name === 'budget')
    return `A chunk of ${chunk} takes ${formatBytes(over.used)}, the memory budget is ${formatBytes(over.limit)}.`;
  if (over.unit === 'workgroups')
    return `A chunk of ${chunk} needs ${over.used} workgroups; this adapter allows ${over.limit}.`;
  return `A chunk of ${chunk} needs a buffer "${over.buffer}" of ${formatBytes(over.used)}; this adapter allows ${formatBytes(over.limit)} (${over.limitName}).`;
}

function ofRole(plan: BufferPlan, role: PlannedBuffer['role']): BufferPlan {
  return { ...plan, buffers: plan.buffers.filter((buffer) => buffer.role === role) };
}

function largestOf(buffers: readonly PlannedBuffer[]): PlannedBuffer | undefined {
  return buffers.reduce<PlannedBuffer | undefined>(
    (most, buffer) => (most === undefined || buffer.bytes > most.bytes ? buffer : most),
    undefined,
  );
}
