/** Messages between the page and the engine's worker: a call of `EngineApi`, its answer, and events. Everything is plain data. */
import type { RunEvent } from '../engine/run/events.ts';
import type { ErrorReport, FailedItem, RunOutcome, RunProgress } from '../engine/run/progress.ts';
import type { SelfTestReport } from '../engine/self-test/report.ts';
import type { ResultSummary } from '../results/kind.ts';
import type { Peek } from '../workloads/workload.ts';
import type { EngineApi } from './engine-api.ts';
import type { FolderProgress } from './file-owner.ts';
import type { HistoryEvent } from './history/types.ts';

/** All that the page sends. Array buffers among the arguments are transferred. */
export interface Call {
  readonly id: number;
  readonly method: keyof EngineApi;
  readonly args: readonly unknown[];
}

/** All that the worker sends; `id` is that of the call that is answered. */
export type Message =
  /** The first of all: it has been loaded. `lock` is held while it lives (`life.ts`). */
  | { readonly type: 'ready'; readonly lock?: string }
  | { readonly type: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly error: ErrorReport }
  | { readonly type: 'event'; readonly event: Event };

export type Event =
  | { readonly type: 'progress'; readonly progress: RunProgress }
  | { readonly type: 'itemDone'; readonly summary: ResultSummary }
  | { readonly type: 'chunkFailed'; readonly items: readonly FailedItem[]; readonly error: ErrorReport }
  /** A split, a loss, a retry of the run under way. */
  | { readonly type: 'runEvent'; readonly event: RunEvent }
  /** At most 5 a second, only while somebody can see it change. */
  | { readonly type: 'peek'; readonly peek: Peek }
  | { readonly type: 'exportProgress'; readonly done: number; readonly total: number; readonly file: string }
  | { readonly type: 'openProgress'; readonly done: number; readonly total: number; readonly file: string }
  | ({ readonly type: 'folderProgress' } & FolderProgress)
  | { readonly type: 'log'; readonly level: 'info' | 'warning'; readonly message: string }
  | { readonly type: 'finished'; readonly outcome: RunOutcome }
  /** How the device did that is open now; some moments after it has opened, once for each. */
  | { readonly type: 'selfTest'; readonly report: SelfTestReport }
  | HistoryEvent
  /** What a job tells; `event` is its own. */
  | { readonly type: 'job'; readonly experiment: string; readonly name: string; readonly event: unknown }
  /** An error that answers no call, e.g. the device was lost while idle. */
  | { readonly type: 'error'; readonly error: ErrorReport };
