/** Tables of a run that are about the run itself: timing.csv, memory.csv, failures.json. */
import { encodeCsv } from '../../bundle/csv.ts';
import { canonicalJson } from '../../bundle/json.ts';
import { type BufferPlan, planBytes } from '../../gpu/plan.ts';
import type { RunPlan } from '../plan/plan-run.ts';
import type { ChunkTiming, RunController } from '../run/controller.ts';
import { unrescuedLines } from '../run/unrescued.ts';

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

/**
 * Text of failures.json: items without a result, items whose posterior did not converge or was rescued, every split, loss and retry, and
 * how the run ended.
 */
export function failuresJson(run: RunController): string {
  const { events, outcome, problem, store } = run;
  return canonicalJson({
    state: outcome?.state ?? 'running',
    error: outcome?.error && { name: outcome.error.name, message: outcome.error.message },
    failed: store.failed().map(({ info, error, reason }) => ({
      run_id: info.runId,
      index: info.index,
      seed: info.seed,
      error,
      reason,
    })),
    not_converged: store
      .summaries()
      .filter(({ converged }) => !converged)
      .map(({ info, problems, attempts }) => ({ run_id: info.runId, index: info.index, attempts, problems })),
    events: events.map(({ atMs, kind, message, items, chunkBefore, chunkAfter, reason }) => ({
      at_ms: atMs,
      kind,
      message,
      items: items?.map((index) => problem.items[index].runId),
      indices: items,
      chunk_before: chunkBefore,
      chunk_after: chunkAfter,
      reason,
    })),
    not_sampled_again: unrescuedLines(run),
    rescued: store
      .summaries()
      .filter(({ converged, attempts }) => converged && attempts > 1)
      .map(({ info, attempts }) => ({ run_id: info.runId, index: info.index, attempts })),
  });
}
