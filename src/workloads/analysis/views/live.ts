/** How far each metric of a run is. Pure. */
import type { StageMemory } from '../../../engine/plan/stage-memory.ts';
import type { FailedItem, RunProgress } from '../../../engine/run/progress.ts';
import { grouped, shortBytes } from '../../../ui/format.ts';
import type { Headline } from '../metrics/metric.ts';
import type { FinishedMetric } from './finished.ts';

export type MetricState = 'waiting' | 'running' | 'done' | 'refused' | 'failed';

export interface MetricRow {
  readonly id: string;
  readonly state: MetricState;
  /** 0 … 1 */
  readonly fraction: number;
  /** Why there is none. */
  readonly reason?: string;
  /** "96 of 256, 412.0 MiB" */
  readonly memory?: string;
  /** "24 would take 103.0 MiB" */
  readonly otherwise?: string;
  readonly first?: Headline;
}

interface Known {
  /** In the order in which they run. */
  readonly metrics: readonly string[];
  readonly finished: readonly FinishedMetric[];
  readonly failed: readonly FailedItem[];
  readonly progress: RunProgress | undefined;
  /** One a metric, in their order; fewer while it is not known. */
  readonly stages: readonly StageMemory[];
}

export function metricRows({ metrics, finished, failed, progress, stages }: Known): MetricRow[] {
  const going =
    progress && (progress.state === 'running' || progress.state === 'paused' || progress.state === 'preparing');
  const now = going ? progress.chunk.watchable[0] : undefined;
  return metrics.map((id, index): MetricRow => {
    const own = finished.find((each) => each.id === id);
    const gone = failed.find(({ info }) => info.runId === id);
    const stage = stages.length === metrics.length ? stages[index] : undefined;
    const memory = stage && memoryWords(stage);
    if (own) {
      const { objection, told } = own;
      if (objection !== undefined) return { id, state: 'refused', fraction: 1, reason: objection };
      return { id, state: 'done', fraction: 1, ...memory, first: told.headlines[0] };
    }
    if (gone) return { id, state: 'failed', fraction: 0, ...memory, reason: gone.reason };
    const { done, total } = progress?.transitions ?? { done: 0, total: 0 };
    if (index === now) return { id, state: 'running', fraction: total > 0 ? done / total : 0, ...memory };
    const reason = stage?.tooLarge;
    return { id, state: 'waiting', fraction: 0, ...memory, ...(reason !== undefined && { reason }) };
  });
}

function memoryWords({ inner, totalBytes }: StageMemory): Pick<MetricRow, 'memory' | 'otherwise'> {
  // Of a metric that is refused nothing is held.
  if (totalBytes === 0) return {};
  const bytes = shortBytes(totalBytes);
  if (!inner) return { memory: bytes };
  const rows = inner.rows === undefined ? '' : ` of ${grouped(inner.rows)}`;
  const [other] = inner.otherwise;
  return {
    memory: `${grouped(inner.value)}${rows}, ${bytes}`,
    ...(other && { otherwise: `${grouped(other.value)} would take ${shortBytes(other.totalBytes)}` }),
  };
}
