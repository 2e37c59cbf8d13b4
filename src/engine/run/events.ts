/** What a run survived, or did not: splits, losses, retries. Plain data, for the page and `failures.json`. */
import { formatBytes } from '../../gpu/errors.ts';
import type { Workload } from '../../workloads/workload.ts';
import { atOnce } from '../plan/inner-chunk.ts';
import type { StagePlan } from '../plan/stage-plan.ts';

export const EVENT_KINDS = ['split', 'loss', 'reopened', 'retry', 'failed', 'resumed', 'storage', 'unrescued'] as const;

export interface RunEvent {
  /** Milliseconds since the start of the run, pauses left out. */
  readonly atMs: number;
  readonly kind: (typeof EVENT_KINDS)[number];
  /** A sentence for the user: experiment, entry of the batch table, sizes, reason. */
  readonly message: string;
  /** Indices of the items it concerns. */
  readonly items?: readonly number[];
  /** Chunk size before and after a split, and bytes of all buffers with each. */
  readonly chunkBefore?: number;
  readonly chunkAfter?: number;
  readonly bytesBefore?: number;
  readonly bytesAfter?: number;
  /** The batch table's entry that the sizes are of, where it is not the batch size: how much of an item a stage works on at once. */
  readonly entry?: string;
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

/** A size before and after a halving, with the bytes of all buffers. */
type Halved = Required<Pick<RunEvent, 'chunkBefore' | 'chunkAfter' | 'bytesBefore' | 'bytesAfter'>>;

/** `items`: those that still have to be sampled. True at any later time, as the others: an event is read long after it was told. */
export function splitEvent(workload: Workload, items: readonly number[], halved: Halved, reason: string): Untimed {
  const { chunkBefore, chunkAfter } = halved;
  const message =
    `${workload.title}: out of memory with ${chunkBefore} at a time; ${batchSizeOf(workload)} went from ${chunkBefore} to ${chunkAfter} ` +
    `for the ${counted(workload, items.length)} left (${bytesWords(halved)}). ${reason}`;
  return { kind: 'split', message, items, ...halved, reason };
}

/** Less of an item at once in a stage: `entry` of the batch table was halved. */
export function innerSplitEvent(
  workload: Workload,
  items: readonly number[],
  { stage, entry, ...halved }: Halved & { readonly stage: string; readonly entry: string },
  reason: string,
): Untimed {
  const { chunkBefore, chunkAfter } = halved;
  const message =
    `${workload.title}: stage ${stage} was out of memory; ${entry} went from ${chunkBefore} to ${chunkAfter} (${bytesWords(halved)}) ` +
    `for it alone. Results stay equal to the bit. ${reason}`;
  return { kind: 'split', message, items, entry, ...halved, reason };
}

/** A stage is planned with less of an item at once than was configured, because no more fits; undefined where nothing was halved, or nothing fits. */
export function fittedEvent({ workload, stage, inner, totalBytes, tooLarge, caps }: StagePlan): Untimed | undefined {
  if (inner?.configuredBytes === undefined || tooLarge !== undefined) return undefined;
  const halved = {
    chunkBefore: atOnce({ ...inner, value: inner.configured }),
    chunkAfter: atOnce(inner),
    bytesBefore: inner.configuredBytes,
    bytesAfter: totalBytes,
  };
  const reason = `The memory budget is ${formatBytes(caps.budgetBytes)}, the largest buffer ${formatBytes(caps.maxBufferBytes)}.`;
  const message =
    `${workload.title}: stage ${stage?.name} would not fit; ${inner.entry} went from ${halved.chunkBefore} to ${halved.chunkAfter} ` +
    `(${bytesWords(halved)}) for it alone. Results stay equal to the bit. ${reason}`;
  return { kind: 'split', message, items: stage?.items, entry: inner.entry, ...halved, reason };
}

function bytesWords({ bytesBefore, bytesAfter }: Halved): string {
  return `${formatBytes(bytesBefore)} to ${formatBytes(bytesAfter)}`;
}

/** `items`: those of the chunk in flight. */
export function lossEvent(workload: Workload, items: readonly number[], chunk: number, reason: string): Untimed {
  const message = `${workload.title}: the device went away while ${countedPast(workload, items.length)} under way (batch size ${chunk}). ${reason}`;
  return { kind: 'loss', message, items, reason };
}

export function reopenedEvent(workload: Workload, adapter: string): Untimed {
  return { kind: 'reopened', message: `${workload.title}: ${adapter} was opened again.` };
}

export function retryEvent(workload: Workload, items: readonly number[], chunk: number): Untimed {
  const message = `${workload.title}: ${counted(workload, items.length)} started again (batch size ${chunk}).`;
  return { kind: 'retry', message, items };
}

/** @param name of the item where it is a single one */
export function failedEvent(workload: Workload, items: readonly number[], reason: string, name?: string): Untimed {
  const message = `${workload.title}: ${name ?? counted(workload, items.length)} failed. ${reason}`;
  return { kind: 'failed', message, items, reason };
}

/** A rescue that could not be run: the items stay as an earlier pass left them, not converged. */
export function unrescuedEvent(workload: Workload, items: readonly number[], reason: string): Untimed {
  const kept = items.length === 1 ? 'Its earlier result is kept' : 'Their earlier results are kept';
  const message = `${workload.title}: ${counted(workload, items.length)} could not be sampled again: ${afterColon(reason)} ${kept}, not converged.`;
  return { kind: 'unrescued', message, items, reason };
}

/** "The GPU has no room …" goes on a sentence; other first words may be names. */
function afterColon(reason: string): string {
  return reason.replace(/^(The|A) /, (article) => article.toLowerCase());
}

/** "the batch size (<key>)": as the form and the flag call it, and as the batch table does. */
function batchSizeOf({ chunkEntry }: Workload): string {
  return `the batch size (${chunkEntry})`;
}

/** "1 realization was", "25 realizations were". */
function countedPast(workload: Workload, n: number): string {
  return `${counted(workload, n)} ${n === 1 ? 'was' : 'were'}`;
}

/** What is still there when a run ends early. */
export function keptSentence(workload: Workload, finished: number): string {
  if (finished === 0) return `No ${workload.itemName.one} had finished.`;
  const verb = finished === 1 ? 'is' : 'are';
  return `${finished} finished ${finished === 1 ? workload.itemName.one : workload.itemName.many} ${verb} kept and can be exported.`;
}
