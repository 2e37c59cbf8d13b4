/** What bounds a chunk, known before any GPU work: each cap by name, what the chunk takes of it, and the largest chunk it allows. */
import { type BufferPlan, largestBufferBytes, type PlannedBuffer, planBytes } from '../gpu/plan.ts';
import type { KernelShape } from '../workloads/workload.ts';
import { formatBytes } from './bytes.ts';
import { largestFitting } from './chunks.ts';

/** Chunks beyond it are not looked at. */
export const SEARCH_LIMIT = 2 ** 24;

export type CapName = 'budget' | 'binding' | 'buffer' | 'workgroups';

export interface ChunkCap {
  readonly name: CapName;
  /** In words, e.g. "memory budget". */
  readonly label: string;
  /** The adapter's limit, where it is one. */
  readonly limitName?: string;
  readonly unit: 'bytes' | 'workgroups';
  readonly limit: number;
  /** What the planned chunk takes of it. */
  readonly used: number;
  /** The buffer that `used` is the size of, where it is one. */
  readonly buffer?: string;
  /** Largest chunk that this cap alone allows; 0 when not even one item, `SEARCH_LIMIT` for "that many or more". */
  readonly largestChunk: number;
}

export interface CapsInput {
  /** Buffers of a chunk; their bytes must not shrink as it grows. */
  readonly planFor: (chunk: number) => BufferPlan;
  /** The planned chunk, for `used`. */
  readonly chunk: number;
  readonly limits: Readonly<Record<string, number>>;
  readonly shape: KernelShape;
  readonly budgetBytes: number;
}

/** Every cap of an adapter. Pure: evaluates the plan a few dozen times. */
export function chunkCaps({ planFor, chunk, limits, shape, budgetBytes }: CapsInput): ChunkCap[] {
  const limitOf = (name: string) => limits[name] ?? Number.POSITIVE_INFINITY;
  const largest = (fits: (plan: BufferPlan) => boolean) => largestFitting(SEARCH_LIMIT, (size) => fits(planFor(size)));
  const [storage, uniform, buffer] = [
    limitOf('maxStorageBufferBindingSize'),
    limitOf('maxUniformBufferBindingSize'),
    limitOf('maxBufferSize'),
  ];
  // Dispatches are tiled over two dimensions.
  const workgroups = limitOf('maxComputeWorkgroupsPerDimension') ** 2;
  const plan = planFor(chunk);
  const bound = largestOf(ofRole(plan, 'storage').buffers);
  const any = largestOf(plan.buffers);
  return [
    {
      name: 'budget',
      label: 'memory budget',
      unit: 'bytes',
      limit: budgetBytes,
      used: planBytes(plan),
      largestChunk: largest((plan) => planBytes(plan) <= budgetBytes),
    },
    {
      name: 'binding',
      label: 'binding limit',
      limitName: 'maxStorageBufferBindingSize',
      unit: 'bytes',
      limit: storage,
      used: bound?.bytes ?? 0,
      buffer: bound?.name,
      largestChunk: largest(
        (plan) =>
          largestBufferBytes(ofRole(plan, 'storage')) <= storage &&
          largestBufferBytes(ofRole(plan, 'uniform')) <= uniform,
      ),
    },
    {
      name: 'buffer',
      label: 'buffer limit',
      limitName: 'maxBufferSize',
      unit: 'bytes',
      limit: buffer,
      used: any?.bytes ?? 0,
      buffer: any?.name,
      largestChunk: largest((plan) => largestBufferBytes(plan) <= buffer),
    },
    {
      name: 'workgroups',
      label: 'workgroup limit',
      limitName: 'maxComputeWorkgroupsPerDimension',
      unit: 'workgroups',
      limit: workgroups,
      used: Math.ceil(chunk / shape.posteriorsPerWorkgroup),
      largestChunk: Math.min(SEARCH_LIMIT, workgroups * shape.posteriorsPerWorkgroup),
    },
  ];
}

/** The cap that a growing chunk meets first; where several allow the same, the one named first. */
export function bindingCap(caps: readonly ChunkCap[]): ChunkCap | undefined {
  return caps.reduce<ChunkCap | undefined>(
    (least, cap) => (least === undefined || cap.largestChunk < least.largestChunk ? cap : least),
    undefined,
  );
}

/** Why the planned chunk does not fit, in words: the first cap it is over. Undefined when it fits. */
export function capObjection(caps: readonly ChunkCap[], chunk: number): string | undefined {
  const over = caps.find((cap) => chunk > cap.largestChunk);
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
