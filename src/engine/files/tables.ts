/** Tables of a run that are about the run itself: timing.csv, memory.csv. */
import { encodeCsv } from '../../bundle/csv.ts';
import { type BufferPlan, planBytes } from '../../gpu/plan.ts';
import type { RunPlan } from '../plan/plan-run.ts';
import type { ChunkTiming } from '../run/controller.ts';

/** Text of timing.csv, one line a chunk. Milliseconds. The last column, the stage, is there where the run has several. */
export function timingCsv(timings: readonly ChunkTiming[]): string {
  const inStages = timings.some(({ stage }) => stage !== undefined);
  return encodeCsv(
    [
      ...['rescue', 'chunk', 'items', 'finished', 'wall_ms', 'busy_ms', 'busy_clock', 'gradients'],
      ...(inStages ? ['stage'] : []),
    ],
    timings.map((t) => [
      ...[t.rescue, t.chunk, t.items, t.finished, t.wallMs, t.busyMs, t.clock, t.work],
      ...(inStages ? [t.stage ?? ''] : []),
    ]),
  );
}

/**
 * Text of memory.csv: for each stage, and for each rescue that may follow, one line a buffer, largest first, and their total. It takes
 * them when it begins, after the one before it has freed its own, and less where fewer items are sampled again. The last column, the
 * stage, is there where the run has several.
 */
export function memoryCsv({ stages, rescues }: Pick<RunPlan, 'stages' | 'rescues'>): string {
  const inStages = stages.length > 1;
  const planned = [
    ...stages.map(({ stage, chunk, buffers }) => ({ rescue: 0, stage: stage?.name, chunk, buffers })),
    ...rescues.filter(({ tooLarge }) => tooLarge === undefined),
  ];
  return encodeCsv(
    ['buffer', 'role', 'bytes', 'bytes_per_item', 'formula', 'rescue', 'chunk', ...(inStages ? ['stage'] : [])],
    planned.flatMap(({ buffers, rescue, chunk, stage = '' }) =>
      memoryRows(buffers, [rescue, chunk, ...(inStages ? [stage] : [])]),
    ),
  );
}

function memoryRows(plan: BufferPlan, pass: readonly (number | string)[]): (string | number)[][] {
  const buffers = plan.buffers.toSorted((a, b) => b.bytes - a.bytes);
  return [
    ...buffers.map((b) => [b.name, b.role, b.bytes, b.bytesPerItem, b.formula, ...pass]),
    ['total', '', planBytes(plan), buffers.reduce((sum, b) => sum + b.bytesPerItem, 0), '', ...pass],
  ];
}
