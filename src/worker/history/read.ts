/** Kept runs: the list, one run, one posterior. */

import { decodeJson } from '../../bundle/exact-json.ts';
import type { OwnFiles } from '../../bundle/own-file.ts';
import { type LazyRegistry, loadWorkload } from '../../engine/config/load-workload.ts';
import type { EarlierRun } from '../../engine/run/extension.ts';
import { type ArrayLayout, unpackArrays } from '../../results/arrays.ts';
import type { ItemResult } from '../../results/kind.ts';
import { ConfigError } from '../../workloads/workload.ts';
import { folderNames, historyFolder, NoHistoryError, readText } from './folder.ts';
import { MAX_BYTES, MAX_RUNS } from './limits.ts';
import type { HistoryEntry, HistoryList, KeptRun } from './types.ts';

/** Files of a kept run. The entry is written last: a folder without one is a run whose writing was cut short. */
export const FILES = { entry: 'entry.json', run: 'run.json', draws: 'draws.bin' } as const;

/** `run.json` of a kept run: the run, and where in `draws.bin` each item lies. */
export interface StoredRun extends Omit<KeptRun, 'entry'> {
  readonly layouts: readonly (readonly ArrayLayout[] | EarlierLayout)[];
  /** For each item its index, the place of its layout, first byte and number of bytes. */
  readonly places: readonly (readonly [index: number, layout: number, start: number, bytes: number])[];
  /** What of each item is no array, in the order of `places`. Absent in runs that an earlier version kept: their summaries have it. */
  readonly abouts?: readonly unknown[];
}

/** Of runs that an earlier version kept, which were all posteriors. */
interface EarlierLayout {
  readonly chains: number;
  readonly draws: number;
  readonly parameters: readonly (readonly [name: string, kind: ArrayLayout['kind']])[];
  readonly stats: readonly (readonly [name: string, kind: ArrayLayout['kind']])[];
}

function arraysOf(layout: readonly ArrayLayout[] | EarlierLayout): readonly ArrayLayout[] {
  if (!('chains' in layout)) return layout;
  const { chains, draws, parameters, stats } = layout;
  const of =
    (group: string) =>
    ([name, kind]: EarlierLayout['stats'][number]) => ({
      group,
      name,
      dims: ['chain', 'draw'],
      shape: [chains, draws],
      kind,
    });
  return [...parameters.map(of('posterior')), ...stats.map(of('sample_stats'))];
}

/** Complete runs, newest first. Never throws: what is missing is said in `unavailable`. */
export async function listRuns(): Promise<HistoryList> {
  const limits = { maxRuns: MAX_RUNS, maxBytes: MAX_BYTES };
  try {
    const root = await historyFolder();
    const found = await Promise.all((await folderNames(root)).map((name) => readEntry(root, name)));
    const entries = found
      .filter((entry) => entry !== undefined)
      .sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : a.id < b.id ? 1 : -1));
    return { entries, bytes: entries.reduce((sum, entry) => sum + entry.bytes, 0), ...limits };
  } catch (error) {
    const unavailable = error instanceof NoHistoryError ? error.message : `Kept runs cannot be read: ${String(error)}`;
    return { unavailable, entries: [], bytes: 0, ...limits };
  }
}

/** The entry of a folder; undefined for one that is incomplete or not ours. */
async function readEntry(root: FileSystemDirectoryHandle, id: string): Promise<HistoryEntry | undefined> {
  try {
    return decodeJson(await readText(await root.getDirectoryHandle(id), FILES.entry)) as HistoryEntry;
  } catch {
    return undefined;
  }
}

/** The run read last: its items are asked for one after the other. */
let latest: { readonly id: string; readonly stored: StoredRun } | undefined;

async function readStored(id: string): Promise<StoredRun> {
  if (latest?.id === id) return latest.stored;
  const root = await historyFolder();
  const folder = await root.getDirectoryHandle(id).catch((cause) => {
    throw new Error('This run is no longer in the history; it was removed in another tab, or by the browser.', {
      cause,
    });
  });
  const stored = decodeJson(await readText(folder, FILES.run)) as StoredRun;
  latest = { id, stored };
  return stored;
}

/** @throws Error when the run is gone. */
export async function openKeptRun(id: string): Promise<KeptRun> {
  const { layouts: _, places: __, abouts: ___, ...run } = await readStored(id);
  const entry = await readEntry(await historyFolder(), id);
  if (!entry) throw new Error('This run is no longer in the history.');
  return { entry, ...run, run: { ownFiles: earlierFiles(run.run), ...run.run } };
}

/** Of a run that an earlier version kept: it had them, each with its hash, beside what else is told of it. */
function earlierFiles(run: object): OwnFiles {
  return Object.fromEntries(Object.entries(run).filter(([, value]) => typeof value?.sha256 === 'string'));
}

/** A kept run for one that adds to it. @throws ConfigError for `extend` where it does not say where it was computed */
export async function keptAsEarlier(id: string, registry: LazyRegistry): Promise<EarlierRun> {
  const { config, run, summaries } = await readStored(id);
  const { place, cpu, ownFiles: files = {}, loaded, shaders } = run;
  if (!place)
    throw new ConfigError('extend', 'an earlier version kept that run, without saying where it was computed.');
  const { results } = await loadWorkload(config.workload, registry);
  const finished = [];
  for (const { info, attempts } of summaries)
    finished.push({ stored: results.stored(await readKeptItem(id, info.index, registry)), attempts });
  return { config, place, ...(cpu && { cpu }), files, ...(loaded && { loaded }), shaders, finished };
}

/** One item of a kept run, whole, by its index. */
export async function readKeptItem(id: string, index: number, registry: LazyRegistry): Promise<ItemResult> {
  const { layouts, places, summaries, abouts, config } = await readStored(id);
  const at = places.findIndex(([item]) => item === index);
  const place = places[at];
  const summary = summaries.find(({ info }) => info.index === index);
  if (!place || !summary) throw new Error(`The kept run has no item ${index}.`);
  const [, layout, start, bytes] = place;
  const folder = await (await historyFolder()).getDirectoryHandle(id);
  const file = await (await folder.getFileHandle(FILES.draws)).getFile();
  const data = new Uint8Array(await file.slice(start, start + bytes).arrayBuffer());
  const arrays = unpackArrays(arraysOf(layouts[layout]), data);
  const about = abouts?.[at] ?? summary;
  const { results } = await loadWorkload(config.workload, registry);
  return results.restored({ info: summary.info, about, arrays });
}
