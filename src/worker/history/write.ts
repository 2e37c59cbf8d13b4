/** Keeping runs, and letting go of them. */

import { encodeJson } from '../../bundle/exact-json.ts';
import { requireRoom } from '../../engine/checkpoint/faults.ts';
import type { RunConfig } from '../../engine/config/run-config.ts';
import type { RunController } from '../../engine/run/controller.ts';
import type { ErrorReport, RunOutcome } from '../../engine/run/progress.ts';
import { ArrayPacker } from '../../results/arrays.ts';
import type { Workload } from '../../workloads/workload.ts';
import type { RunReply } from '../run-reply.ts';
import { FileWriter, folderNames, historyFolder, NoHistoryError, writeText } from './folder.ts';
import { beyondLimits, MAX_BYTES, TooLargeError } from './limits.ts';
import { FILES, listRuns, type StoredRun } from './read.ts';
import type { HistoryEntry, HistoryEvent, HistoryList } from './types.ts';

/** Other requests get their turn after this long. */
const TURN_MS = 30;
/** A folder without an entry is a run that another tab may still be writing; after this long nobody is. */
const ABANDONED_MS = 3_600_000;

/** The little of a run that is kept; with faults on demand, a storage that is full. */
export interface KeepableRun
  extends Pick<RunController, 'startedAt' | 'store' | 'events'>,
    Partial<Pick<RunController, 'faults'>> {
  readonly plan: { readonly config: RunConfig; readonly workload: Pick<Workload, 'results'> };
  /** What the list calls it. */
  readonly title: string;
}

/**
 * Keeps a run that has ended, then drops the oldest beyond the limits. Never throws: a run that cannot be kept is reported, the
 * run itself and the runs kept before stay as they are.
 */
export async function keepRun(
  run: KeepableRun,
  reply: RunReply,
  outcome: RunOutcome,
): Promise<Omit<HistoryEvent, 'type'>> {
  const id = folderName(run.startedAt);
  try {
    await writeRun(id, run, reply, outcome);
  } catch (error) {
    await removeRun(id).catch(() => undefined);
    return { list: await listRuns(), problem: await explain(error) };
  }
  await dropOldest().catch(() => undefined);
  return { list: await listRuns(), kept: id };
}

/** Time and four random characters. */
export function folderName(startedAt: Date): string {
  return `${startedAt.toISOString().replace(/[-:]|\.\d+/g, '')}-${Math.random().toString(16).slice(2, 6)}`;
}

async function writeRun(id: string, run: KeepableRun, reply: RunReply, outcome: RunOutcome): Promise<void> {
  const folder = await (await historyFolder()).getDirectoryHandle(id, { create: true });
  requireRoom(run.faults);
  const { layouts, places, abouts, bytes } = await writeArrays(folder, run);
  const summaries = run.store.summaries();
  const { config } = run.plan;
  const failed = run.store.failed();
  const stored: StoredRun = {
    config,
    run: reply,
    outcome,
    summaries,
    failed,
    events: run.events,
    layouts,
    places,
    abouts,
  };
  const entry: HistoryEntry = {
    id,
    title: run.title,
    startedAt: run.startedAt.toISOString(),
    state: outcome.state,
    items: summaries.length,
    converged: summaries.filter(({ converged }) => converged).length,
    bytes: bytes + (await writeText(folder, FILES.run, encodeJson(stored))),
  };
  await writeText(folder, FILES.entry, encodeJson(entry));
}

async function writeArrays(folder: FileSystemDirectoryHandle, { store, plan }: KeepableRun) {
  const abouts: unknown[] = [];
  const places: [number, number, number, number][] = [];
  const packer = new ArrayPacker();
  const writer = await FileWriter.open(folder, FILES.draws);
  let turn = performance.now();
  try {
    for (const item of store.items()) {
      const { about, arrays } = plan.workload.results.stored(item);
      const { layout, bytes } = packer.pack(arrays);
      abouts.push(about);
      places.push([item.info.index, layout, writer.bytes, bytes.length]);
      writer.write(bytes);
      if (writer.bytes > MAX_BYTES)
        throw new TooLargeError('The draws of this run are larger than the history may be.');
      if (performance.now() - turn < TURN_MS) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn = performance.now();
    }
    return { layouts: packer.layouts, places, abouts, bytes: writer.bytes };
  } finally {
    writer.close();
  }
}

/** Removes a kept run, complete or not. */
export async function removeRun(id: string): Promise<void> {
  await (await historyFolder()).removeEntry(id, { recursive: true });
}

/** The list, after removing the run of that id, or every run for `all`. */
export async function removed(id?: string): Promise<HistoryList> {
  if (id === 'all') {
    for (const name of await folderNames(await historyFolder())) await removeRun(name);
  } else if (id !== undefined) await removeRun(id);
  return listRuns();
}

async function dropOldest(): Promise<void> {
  const { entries } = await listRuns();
  const complete = new Set(entries.map(({ id }) => id));
  for (const { id } of beyondLimits(entries)) await removeRun(id).catch(() => undefined);
  for (const name of await folderNames(await historyFolder())) {
    if (!complete.has(name) && Date.now() - timeOf(name) > ABANDONED_MS) await removeRun(name).catch(() => undefined);
  }
}

/** When a run of that name started, in ms; 0 for a name that says nothing. */
function timeOf(id: string): number {
  return Date.parse(id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, '$1-$2-$3T$4:$5:$6Z')) || 0;
}

async function explain(error: unknown): Promise<ErrorReport | undefined> {
  // The list says that nothing is kept here; no need to say so after every run.
  if (error instanceof NoHistoryError) return undefined;
  const name = error instanceof Error ? error.name : 'Error';
  const kept = 'The run itself is complete on the page and can be exported; earlier runs are still in the history.';
  const todo = 'Export it, or delete runs in the history.';
  if (name === 'QuotaExceededError') {
    const { usage, quota } = await navigator.storage.estimate();
    const mib = (bytes?: number) => `${((bytes ?? 0) / 1024 ** 2).toFixed(0)} MiB`;
    return {
      name,
      message: `This run is not in the history: the browser's storage for this page is full (${mib(usage)} of ${mib(quota)} used).`,
      kept,
      todo,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { name, message: `This run is not in the history: ${message}`, kept, todo };
}
