/** What a run survived, or did not: splits, losses, retries. Plain data, for the page and `failures.json`. */
import type { Workload } from '../workloads/workload.ts';

export interface RunEvent {
  /** Milliseconds since the start of the run, pauses left out. */
  readonly atMs: number;
  readonly kind: 'split' | 'loss' | 'reopened' | 'retry' | 'failed' | 'resumed' | 'storage';
  /** A sentence for the user: experiment, entry of the batch table, sizes, reason. */
  readonly message: string;
  /** Indices of the items it concerns. */
  readonly items?: readonly number[];
  /** Chunk size before and after a split. */
  readonly chunkBefore?: number;
  readonly chunkAfter?: number;
  /** What the device or the storage said. */
  readonly reason?: string;
}

/** "1 realization", "25 realizations". */
export function counted({ itemName }: Workload, n: number): string {
  return `${n} ${n === 1 ? itemName.one : itemName.many}`;
}

/** What stands in the place of an event until its time is known. */
export type Untimed = Omit<RunEvent, 'atMs'>;

export function resumedEvent(workload: Workload, finished: number, left: number): Untimed {
  const many = finished === 1 ? 'is' : 'are';
  return {
    kind: 'resumed',
    message: `${workload.title}: ${counted(workload, finished)} ${many} finished already and kept; ${left} to go.`,
  };
}
