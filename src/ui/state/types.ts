import type { FailedItem, ItemSummary, RunProgress } from '../../engine/progress.ts';
import type { RunConfig } from '../../engine/run-config.ts';
import type { FileReply, FileRole, InitReply, PlanReply, RunReply } from '../../worker/protocol.ts';
import type { Peek, PosteriorItem } from '../../workloads/workload.ts';
import type { History } from './history.ts';

export type Status = 'idle' | 'running' | 'paused' | 'done' | 'failed';
export type TabId = 'live' | 'results' | 'memory' | 'shader' | 'learn';

/** A message that stays until it is dismissed. */
export interface Notice {
  readonly id: number;
  readonly tone: 'error' | 'warning' | 'info';
  readonly message: string;
  /** What is still there, in words. */
  readonly kept?: string;
  /** What to do next, in words. */
  readonly todo?: string;
}

/** Adapter, and what the engine said about it; undefined until it has answered. */
export interface DeviceSlice {
  readonly device: InitReply | undefined;
}

export interface ConfigSlice {
  readonly config: RunConfig;
  /** What is wrong with a field, by its path, e.g. `params.noiseSigma`; text that did not parse stays in the form. */
  readonly fieldErrors: Readonly<Record<string, string>>;
  readonly files: Readonly<Partial<Record<FileRole, FileReply>>>;
  /** Memory of the configuration; the last good answer stays while a new one is on its way. */
  readonly plan: PlanReply | undefined;
}

export interface RunSlice {
  readonly status: Status;
  /** True after Stop: results are those that had finished. */
  readonly stopped: boolean;
  readonly run: RunReply | undefined;
  /** The configuration that `run` ran, to tell whether the form has changed since. */
  readonly ranConfig: RunConfig | undefined;
  readonly progress: RunProgress | undefined;
  readonly history: History;
  readonly watched: { readonly item?: number; readonly chain: number };
  readonly peek: Peek | undefined;
  /** Earlier looks at the same item, oldest first, without their images. */
  readonly trail: readonly Peek[];
  readonly exporting: { readonly done: number; readonly total: number; readonly file: string } | undefined;
}

export interface ResultsSlice {
  readonly summaries: readonly ItemSummary[];
  readonly failed: readonly FailedItem[];
  readonly selected: number | undefined;
  /** Draws of the selected item. */
  readonly posterior: PosteriorItem | undefined;
}

export interface ViewSlice {
  readonly tab: TabId;
  /** Whether exports say what the graphics adapter is and can; asked for, since it can tell one machine from another. */
  readonly adapterDetails: boolean;
  readonly notices: readonly Notice[];
}

export type Store = DeviceSlice & ConfigSlice & RunSlice & ResultsSlice & ViewSlice;
