/** What the limits allow, before any GPU work: the largest chunk for each of them, and which one binds. */
import { type BufferPlan, largestBufferBytes, planBytes } from '../../gpu/plan.ts';
import type { KernelShape } from '../../workloads/workload.ts';
import { formatBytes } from '../bytes.ts';
import { largestFitting } from '../chunks.ts';
import type { CapsReport, ChunkCap } from './types.ts';

/** Chunks beyond it are not looked at. */
export const SEARCH_LIMIT = 2 ** 24;

export interface CapsInput {
  /** Buffers of a chunk. */
  readonly planFor: (chunk: number) => BufferPlan;
  readonly limits: Readonly<Record<string, number>>;
  readonly shape: KernelShape;
  readonly budgetBytes: number;
  readonly items: number;
  readonly itemName: { readonly many: string };
}

/** Pure: evaluates the plan a few dozen times. Where caps are equal the one named first binds, and the number of items before all. */
export function chunkCaps({ planFor, limits, shape, budgetBytes, items, itemName }: CapsInput): CapsReport {
  const largest = (fits: (plan: BufferPlan) => boolean) =>
    largestFitting(SEARCH_LIMIT, (chunk) => fits(planFor(chunk)));
  const bytesOf = (plan: BufferPlan, role: 'storage' | 'uniform') =>
    largestBufferBytes({ ...plan, buffers: plan.buffers.filter((buffer) => buffer.role === role) });
  const storage = limits.maxStorageBufferBindingSize ?? Number.POSITIVE_INFINITY;
  const uniform = limits.maxUniformBufferBindingSize ?? Number.POSITIVE_INFINITY;
  const buffer = limits.maxBufferSize ?? Number.POSITIVE_INFINITY;
  const side = limits.maxComputeWorkgroupsPerDimension ?? Number.POSITIVE_INFINITY;
  const caps: ChunkCap[] = [
    { name: 'items', limit: `the run has ${items} ${itemName.many}`, chunk: items },
    {
      name: 'budget',
      limit: `memory budget ${formatBytes(budgetBytes)}`,
      chunk: largest((plan) => planBytes(plan) <= budgetBytes),
    },
    {
      name: 'binding',
      limit: `bytes per binding (maxStorageBufferBindingSize) ${formatBytes(storage)}`,
      chunk: largest((plan) => bytesOf(plan, 'storage') <= storage && bytesOf(plan, 'uniform') <= uniform),
    },
    {
      name: 'buffer',
      limit: `bytes per buffer (maxBufferSize) ${formatBytes(buffer)}`,
      chunk: largest((plan) => largestBufferBytes(plan) <= buffer),
    },
    {
      name: 'workgroups',
      limit: `workgroups (maxComputeWorkgroupsPerDimension ${side.toLocaleString('en-US')}, squared by the 2-D grid)`,
      chunk: Math.min(SEARCH_LIMIT, side * side * shape.posteriorsPerWorkgroup),
    },
  ];
  const least = caps.reduce((a, b) => (b.chunk < a.chunk ? b : a));
  return { caps, binding: least.name, largest: least.chunk };
}
