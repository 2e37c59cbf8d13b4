/** What metrics take on a class of devices, from a graph alone: no weights, no texts. */
import type { MemoryClass } from '../../batch/memory-class.ts';
import { type BatchSizes, batchEntry, sizesFor } from '../../batch/sizes.ts';
import { largestBufferBytes, planBytes } from '../../gpu/plan.ts';
import { planMachine } from '../../nn/graph/device/plan.ts';
import type { Graph } from '../../nn/graph/graph.ts';
import { METRICS } from './metrics/index.ts';
import type { AnalysedItem, Metric } from './metrics/metric.ts';
import { readAnalysisParams } from './params.ts';
import { kernelSizes, settingOf } from './setting.ts';

const GIB = 1024 ** 3;

/** What devices of a class give: all memory, and of it the largest binding. Nominal: what an adapter really gives is tried by the tuner. */
export const CLASS_MEMORY: Readonly<Record<MemoryClass, { readonly bytes: number; readonly binding: number }>> = {
  '80GB': { bytes: 80 * GIB, binding: 4 * GIB },
  '40GB': { bytes: 40 * GIB, binding: 4 * GIB },
  '24GB': { bytes: 24 * GIB, binding: 4 * GIB },
  '16GB': { bytes: 16 * GIB, binding: 2 * GIB },
  '8GB': { bytes: 8 * GIB, binding: 2 * GIB },
  integrated: { bytes: 2 * GIB, binding: GIB },
  software: { bytes: 4 * GIB, binding: GIB },
  cpu: { bytes: 16 * GIB, binding: 16 * GIB },
};

/** Of a metric on a class. */
export interface MetricMemory {
  readonly metric: Metric;
  readonly memoryClass: MemoryClass;
  /** N of the metric. */
  readonly items: number;
  /** Rows at once by the table, and what it is halved to so that all fits. */
  readonly configured: number;
  readonly rows: number;
  /** Of all buffers with that. */
  readonly bytes: number;
  /** A quarter of the rows, and its bytes; none where that is below the minimum. */
  readonly fewer?: { readonly rows: number; readonly bytes: number };
  /** Even the minimum does not fit. */
  readonly tooLarge?: true;
}

/** @param items as many as there are texts, all of one length */
export function metricMemory(
  metric: Metric,
  graph: Graph,
  items: readonly AnalysedItem[],
  memoryClass: MemoryClass,
): MetricMemory {
  const sizes = sizesFor(memoryClass);
  const params = readAnalysisParams({});
  const told = { graph, theta: new Float32Array(), path: [], items };
  const form = memoryClass === 'software' || memoryClass === 'cpu' ? 'lanes' : 'tiles';
  const planWith = (rows: number) => {
    const own: BatchSizes = { ...sizes, [metric.chunk]: rows };
    return planMachine(metric.machine(settingOf(metric, params, told, own, 0)), kernelSizes(form, own));
  };
  const { bytes: all, binding } = CLASS_MEMORY[memoryClass];
  const { minimum } = batchEntry(metric.chunk)!;
  const configured = sizes[metric.chunk];
  const fits = (rows: number) => {
    const plan = planWith(rows);
    return planBytes(plan) <= all && largestBufferBytes(plan) <= binding;
  };
  let rows = configured;
  while (rows > minimum && !fits(rows)) rows = Math.max(minimum, Math.floor(rows / 2));
  const plan = planWith(rows);
  const less = Math.floor(rows / 4);
  return {
    metric,
    memoryClass,
    items: Math.min(items.length, sizes[metric.items]),
    configured,
    rows,
    bytes: planBytes(plan),
    ...(less >= minimum && less > 0 && { fewer: { rows: less, bytes: planBytes(planWith(less)) } }),
    ...(!fits(rows) && { tooLarge: true as const }),
  };
}

/** Of these names, in the order of the list. */
export const metricsFor = (ids: readonly string[]): readonly Metric[] => METRICS.filter(({ id }) => ids.includes(id));
