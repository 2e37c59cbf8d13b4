/** What every size of the batch table takes, and how the buffers grow with the chunk: the planner's exact bytes, without a device. */

import type { BatchEntry } from '../batch/entry.ts';
import { type BatchSizes, presetSize, type SizeKey } from '../batch/sizes.ts';
import { batchTable } from '../batch/table.ts';
import { planBytes } from '../gpu/plan.ts';
import type { AdapterReport } from '../gpu/report.ts';
import type { RunPlan } from './plan-run.ts';

/** One entry of the batch table in this configuration. */
export interface SizeUse {
  readonly key: SizeKey;
  /** The value that a run takes. */
  readonly value: number;
  /** The memory class's value. */
  readonly preset: number;
  /** GPU: what all buffers take less what they take at the entry's minimum. CPU: the value itself. Exact. */
  readonly bytes: number;
  /** The next value up: one more, or twice as much for bytes and powers of two; undefined at the maximum. */
  readonly next?: number;
  /** What the next value adds to what this one takes. Exact. */
  readonly nextBytes: number;
}

/** Bytes of each buffer over the chunk. */
export interface MemoryCurve {
  readonly chunks: readonly number[];
  readonly buffers: readonly { readonly name: string; readonly role: string; readonly bytes: readonly number[] }[];
}

export interface MemoryTable {
  readonly sizes: readonly SizeUse[];
  readonly curve: MemoryCurve;
}

/** Chunks a doubling of the curve: bytes bend where staging is full. */
const STEPS_A_DOUBLING = 4;

export function memoryTable(plan: RunPlan, report: AdapterReport | null): MemoryTable {
  return { sizes: sizeUses(plan, report), curve: memoryCurve(plan) };
}

/** The planned chunk stays while an entry is changed, whatever "auto" would then come to. */
function sizeUses(plan: RunPlan, report: AdapterReport | null): SizeUse[] {
  const { workload, config, inputs } = plan;
  const shapeOf = (sizes: BatchSizes) =>
    report ? workload.shape(report, config.params, inputs, sizes, config.precision) : plan.shape;
  const bytesWith = (chunk: number, sizes: BatchSizes) =>
    planBytes(workload.plan(config.params, inputs, chunk, shapeOf(sizes), sizes));
  return batchTable.map((entry: BatchEntry & { readonly key: SizeKey }) => {
    const { key, minimum, maximum, where, unit, powerOfTwo } = entry;
    const isChunk = key === workload.chunkEntry;
    const value = isChunk ? plan.chunk : plan.sizes[key];
    const bytesAt = (size: number) => {
      if (where === 'cpu') return size;
      return isChunk ? bytesWith(size, plan.sizes) : bytesWith(plan.chunk, { ...plan.sizes, [key]: size });
    };
    const bytes = where === 'cpu' ? value : plan.totalBytes - bytesAt(minimum);
    const up = unit === 'bytes' || powerOfTwo ? 2 * value : value + 1;
    const next = up <= maximum ? up : undefined;
    const nextBytes = next === undefined ? 0 : bytesAt(next) - bytesAt(value);
    return { key, value, preset: presetSize(entry, plan.memoryClass), bytes, next, nextBytes };
  });
}

/** From 1 to the next doubling beyond what the first cap allows, and beyond the run's items. */
function memoryCurve(plan: RunPlan): MemoryCurve {
  const { workload, config, inputs, shape, sizes, items, caps } = plan;
  const most = Math.max(items, ...caps.each.filter(({ name }) => name === caps.binding).map((cap) => cap.largestChunk));
  const doublings = Math.ceil(Math.log2(Math.max(2, most))) + 1;
  const steps = Array.from({ length: doublings * STEPS_A_DOUBLING + 1 }, (_, i) =>
    Math.round(2 ** (i / STEPS_A_DOUBLING)),
  );
  const chunks = [...new Set([...steps, plan.chunk, items])].sort((a, b) => a - b);
  const plans = chunks.map((chunk) => workload.plan(config.params, inputs, chunk, shape, sizes));
  return {
    chunks,
    buffers: plans[0].buffers.map(({ name, role }, i) => ({
      name,
      role,
      bytes: plans.map(({ buffers }) => buffers[i].bytes),
    })),
  };
}
