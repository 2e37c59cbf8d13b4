/** What a run survived, or did not: splits, losses, retries. Plain data, for the page and `failures.json`. */
import type { Workload } from '../workloads/workload.ts';

export const EVENT_KINDS = ['split', 'loss', 'reopened', 'retry', 'failed', 'resumed', 'storage'] as const;

export interface RunEvent {
  /** Milliseconds since the start of the run, pauses left out. */
  readonly atMs: number;
  readonly kind: (typeof EVENT_KINDS)[number];
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

/** An event whose time is not noted yet. */
export type Untimed = Omit<RunEvent, 'atMs'>;

/** "1 realization", "25 realizations". */
export function counted({ itemName }: Workload, n: number): string {
  return `${n} ${n === 1 ? itemName.one : itemName.many}`;
}

export function resumedEvent(workload: Workload, finished: number, left: number): Untimed {
  const verb = finished === 1 ? 'is' : 'are';
  const message = `${workload.title}: ${counted(workload, finished)} ${verb} finished already and kept; ${left} to go.`;
  return { kind: 'resumed', message };
}

/** `items`: those that still have to be sampled. */
export function splitEvent(
  workload: Workload,
  items: readonly number[],
  chunkBefore: number,
  chunkAfter: number,
  reason: string,
): Untimed {
  const message =
    `${workload.title}: out of memory; ${workload.chunkEntry} goes from ${chunkBefore} to ${chunkAfter} and ` +
    `${counted(workload, items.length)} without a result run again. ${reason}`;
  return { kind: 'split', message, items, chunkBefore, chunkAfter, reason };
}

export function lossEvent(workload: Workload, items: readonly number[], chunk: number, reason: string): Untimed {
  const message = `${workload.title}: the device went away while ${counted(workload, items.length)} were under way (${workload.chunkEntry} ${chunk}). ${reason}`;
  return { kind: 'loss', message: items.length === 1 ? message.replace(' were ', ' was ') : message, items, reason };
}

export function reopenedEvent(workload: Workload, adapter: string): Untimed {
  return { kind: 'reopened', message: `${workload.title}: ${adapter} is open again.` };
}

export function retryEvent(workload: Workload, items: readonly number[], chunk: number): Untimed {
  const verb = items.length === 1 ? 'starts' : 'start';
  const message = `${workload.title}: ${counted(workload, items.length)} ${verb} again (${workload.chunkEntry} ${chunk}).`;
  return { kind: 'retry', message, items };
}

export function failedEvent(workload: Workload, items: readonly number[], reason: string): Untimed {
  const message = `${workload.title}: ${counted(workload, items.length)} failed. ${reason}`;
  return { kind: 'failed', message, items, reason };
}

/** What is still there when a run ends early. */
export function keptSentence(workload: Workload, finished: number): string {
  if (finished === 0) return `No ${workload.itemName.one} had finished.`;
  const verb = finished === 1 ? 'is' : 'are';
  return `${finished} finished ${finished === 1 ? workload.itemName.one : workload.itemName.many} ${verb} kept and can be exported.`;
}
