/** What the limits allow, before any GPU work: the largest chunk for each of them, and which one binds. */

import type { BufferPlan } from '../../gpu/plan.ts';
import type { KernelShape } from '../../workloads/workload.ts';
import { formatBytes } from '../bytes.ts';
import { type ChunkCap as Cap, chunkCaps as capsOf } from '../plan/caps.ts';
import type { CapsReport, ChunkCap } from './types.ts';

export { SEARCH_LIMIT } from '../plan/caps.ts';

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
export function chunkCaps({ items, itemName, ...input }: CapsInput): CapsReport {
  const caps: ChunkCap[] = [
    { name: 'items', limit: `the run has ${items} ${itemName.many}`, chunk: items },
    ...capsOf({ ...input, chunk: 1 }).map((cap) => ({ name: cap.name, limit: inWords(cap), chunk: cap.largestChunk })),
  ];
  const least = caps.reduce((a, b) => (b.chunk < a.chunk ? b : a));
  return { caps, binding: least.name, largest: least.chunk };
}

function inWords({ label, limitName, unit, limit }: Cap): string {
  const name = limitName ? `${label} (${limitName})` : label;
  return `${name} ${unit === 'bytes' ? formatBytes(limit) : `${limit.toLocaleString('en-US')} ${unit}`}`;
}
