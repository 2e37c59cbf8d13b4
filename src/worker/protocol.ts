/**
 * Messages between the page and the engine's worker. Discriminated by `type`; a request that has an answer carries an `id`
 * which the `reply` repeats. Everything is plain data; large arrays and the bundle are transferred or sent as a Blob.
 */
import type { MemoryClass } from '../batch/memory-class.ts';
import type { DataKind } from '../bundle/data-words.ts';
import type { RunEvent } from '../engine/events.ts';
import type { MemoryTable } from '../engine/memory-table.ts';
import type { MemoryCaps } from '../engine/pass-plan.ts';
import type { RunPlan } from '../engine/plan-run.ts';
import type { ErrorReport, FailedItem, RunOutcome, RunProgress } from '../engine/progress.ts';
import type { PrecisionComparison, RunQuality } from '../engine/quality/types.ts';
import type { RunConfig } from '../engine/run-config.ts';
import type { RunMode } from '../engine/run-mode.ts';
import type { SelfTestReport } from '../engine/self-test/report.ts';
import type { TuneEvent, TuningKey, TuningResult } from '../engine/tuner/types.ts';
import type { FaultPlan } from '../gpu/faults.ts';
import type { BufferPlan } from '../gpu/plan.ts';
import type { AdapterReport } from '../gpu/report.ts';
import type { ItemResult, ResultSummary } from '../results/kind.ts';
import type { KernelShape, Peek, WorkEstimate } from '../workloads/workload.ts';
import type { ResumableRun, ResumeReply } from './checkpoint/types.ts';
import type { ComparisonEvent, ComparisonWish } from './comparison/types.ts';
import type { FileReply, FileRole } from './file-reply.ts';
import type { HistoryEvent, HistoryList, KeptRun } from './history/types.ts';
import type { ExactReply, ExactWish, PathsReply, PathsWish } from './look/types.ts';
import type { RunReply } from './run-reply.ts';
import type { SavedNetwork, TrainingEvent, TrainingWish, TrainReply } from './training/types.ts';

/** Answer to `init`. `report` is null where there is no usable WebGPU; `reason` then says why in words. */
export interface InitReply {
  readonly mode: RunMode;
  readonly report: AdapterReport | null;
  readonly reason?: string;
}

/** Answer to `plan`. */
export interface PlanReply {
  readonly items: number;
  /** The chunk asked for, or what "auto" comes to. */
  readonly chunk: number;
  readonly chunks: number;
  /** Largest chunk that the caps allow (≤ items). */
  readonly largestChunk: number;
  readonly plan: BufferPlan;
  readonly totalBytes: number;
  readonly largestBufferBytes: number;
  /** Passes in which posteriors that failed would be sampled again, and the most bytes that any pass may take. */
  readonly rescues: RunPlan['rescues'];
  readonly mostBytes: number;
  readonly caps: MemoryCaps;
  /** Why this chunk does not fit, in words; absent when it does. */
  readonly tooLarge?: string;
  readonly shape: KernelShape['record'];
  readonly work: WorkEstimate;
  /** Who chose the chunk, and what the tuner had found where it was the tuner. */
  readonly chunkSource: RunPlan['chunkSource'];
  readonly tuning?: TuningResult;
  /** Whose values of the batch table are taken. */
  readonly memoryClass: MemoryClass;
  /** What must be known of the user's files before anything runs. */
  readonly warnings: readonly string[];
}

/** Answer to `tune`. */
export interface TuneReply {
  /** One a precision. */
  readonly results: readonly TuningResult[];
  /** Why the results last only until the page is closed, in words; absent when they are kept. */
  readonly notKept?: string;
}

export interface ExportReply {
  /** File name, e.g. `run-20261121T101500Z-shear-1a2b3c4d.zip`. */
  readonly name: string;
  readonly blob: Blob;
  readonly files: number;
}

/** Answer to `openBundle`: a finished run out of a file. Its draws come item by item from `bundleItem`. */
export interface OpenReply extends Omit<KeptRun, 'entry'> {
  readonly name: string;
  readonly resultId: string;
  /** Files whose hashes were checked. */
  readonly files: number;
  /** How its posteriors compare with exact ones; absent where that was not asked before it was saved. */
  readonly quality?: RunQuality;
}

/** Requests that are answered by a `reply` (or an `error` with the same id), and with what. */
export interface Answers {
  init: InitReply;
  plan: PlanReply;
  memory: MemoryTable;
  tune: TuneReply;
  faults: InitReply;
  forgetTuning: undefined;
  run: RunReply;
  item: ItemResult;
  loadFile: FileReply;
  export: ExportReply;
  openBundle: OpenReply;
  bundleItem: ItemResult;
  history: HistoryList;
  openRun: KeptRun;
  keptItem: ItemResult;
  resumable: readonly ResumableRun[];
  resumeRun: ResumeReply;
  keepUnfinished: Omit<HistoryEvent, 'type'>;
  train: TrainReply;
  useNetwork: FileReply;
  saveNetwork: SavedNetwork;
  exact: ExactReply;
  paths: PathsReply;
  comparePrecisions: PrecisionComparison;
}

export type Request =
  /** `cpu: true` computes on the CPU even where there is WebGPU. */
  | { readonly type: 'init'; readonly id: number; readonly cpu?: boolean; readonly base?: string }
  /** Exact memory of a configuration; `chunk` overrides `config.batch.size` (the slider while it moves). */
  | { readonly type: 'plan'; readonly id: number; readonly config: RunConfig; readonly chunk?: number }
  /** What every size of the batch table takes, and the buffers over the chunk. */
  | { readonly type: 'memory'; readonly id: number; readonly config: RunConfig }
  /** Starts a run; `paused` stops before the first transition (for Step). Uses the files loaded so far. */
  | { readonly type: 'run'; readonly id: number; readonly config: RunConfig; readonly paused?: boolean }
  /** Opens the device anew, misbehaving as asked; an empty plan opens it as it is. Never saved. Refused while a run goes on. */
  | { readonly type: 'faults'; readonly id: number; readonly plan: FaultPlan }
  /** Measures which batch size suits; `tuneEvent` events follow it. Refused while a run goes on, and the other way round. */
  | { readonly type: 'tune'; readonly id: number; readonly config: RunConfig }
  /** Lets go of what is remembered under that key. */
  | { readonly type: 'forgetTuning'; readonly id: number; readonly key: TuningKey }
  /** Ends the tuning within about a second; its answer is a `TuningCancelledError`. */
  | { readonly type: 'cancelTune' }
  /** Somebody uses the page: loads what a run needs and tries the device; a `selfTest` event follows. */
  | { readonly type: 'prepare' }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** Exactly one transition of the chunk in flight, then paused. */
  | { readonly type: 'step' }
  /** Cancels: frees GPU memory, keeps finished items. */
  | { readonly type: 'stop' }
  /** Which item (global index) and chain the `peek` events show; without `item`, the first of the chunk in flight. */
  | { readonly type: 'watch'; readonly item?: number; readonly chain: number }
  /** All draws of a finished item. */
  | { readonly type: 'item'; readonly id: number; readonly index: number }
  /** `adapterDetails: false` leaves the adapter out of environment.json: its limits can tell one machine from another. */
  | {
      readonly type: 'export';
      readonly id: number;
      readonly adapterDetails: boolean;
      /** What the page has had measured of this very run, for metrics.json. */
      readonly quality?: RunQuality;
    }
  | { readonly type: 'cancelExport' }
  /** Verifies a bundle and keeps it beside whatever is running; `openProgress` events follow it. A refused one changes nothing. */
  | { readonly type: 'openBundle'; readonly id: number; readonly name: string; readonly file: Blob }
  | { readonly type: 'cancelOpen' }
  /** All draws of an item of the bundle opened last, which `resultId` names. */
  | { readonly type: 'bundleItem'; readonly id: number; readonly resultId: string; readonly index: number }
  | {
      readonly type: 'loadFile';
      readonly id: number;
      readonly role: FileRole;
      readonly name: string;
      readonly bytes: ArrayBuffer;
      /** What the experiment takes data to be; images unless given. */
      readonly kind?: DataKind;
    }
  | { readonly type: 'clearFile'; readonly role: FileRole }
  /** The runs kept in the browser; first removes one by its id, or `all`. */
  | { readonly type: 'history'; readonly id: number; readonly remove?: string }
  /** A kept run without its draws. */
  | { readonly type: 'openRun'; readonly id: number; readonly run: string }
  /** All draws of an item of a kept run. */
  | { readonly type: 'keptItem'; readonly id: number; readonly run: string; readonly index: number }
  /** Runs that were cut short and that no tab is running; first gives one up by its id, with all it has finished. */
  | { readonly type: 'resumable'; readonly id: number; readonly discard?: string }
  /** Goes on with one of them: its configuration and files take the place of those that were loaded. */
  | { readonly type: 'resumeRun'; readonly id: number; readonly run: string }
  /** Puts what it has finished into the history, in place of going on. */
  | { readonly type: 'keepUnfinished'; readonly id: number; readonly run: string }
  /** Trains a network; training events follow it. Refused while a run goes on, and the other way round. */
  | { readonly type: 'train'; readonly id: number; readonly wish: TrainingWish }
  | { readonly type: 'pauseTraining'; readonly paused: boolean }
  /** Ends it with the network so far. */
  | { readonly type: 'stopTraining' }
  /** Runs take the network trained last, in the place of the one that ships: as if it had been loaded from a file. */
  | { readonly type: 'useNetwork'; readonly id: number }
  /** The network trained last, or so far, as a file. */
  | { readonly type: 'saveNetwork'; readonly id: number }
  /** Draws of the exact posterior of one observation. Answered while a run goes on, too. */
  | { readonly type: 'exact'; readonly id: number; readonly wish: ExactWish }
  /** Particles on their way along the flow. Refused while a run, a training or the tuner holds the device; a run that starts ends it. */
  | { readonly type: 'paths'; readonly id: number; readonly wish: PathsWish }
  /** One observation in every precision, in turns; `comparisonProgress` events follow. Refused while anything else holds the device. */
  | { readonly type: 'comparePrecisions'; readonly id: number; readonly wish: ComparisonWish }
  /** Ends it soon; its answer is a `ComparisonStoppedError`. */
  | { readonly type: 'stopComparison' };

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
  | { readonly type: 'log'; readonly level: 'info' | 'warning'; readonly message: string }
  /** A trial of the tuner, or what it begins now. */
  | { readonly type: 'tuneEvent'; readonly event: TuneEvent }
  | { readonly type: 'finished'; readonly outcome: RunOutcome }
  /** How the device did that is open now; some moments after it has opened, once for each. */
  | { readonly type: 'selfTest'; readonly report: SelfTestReport }
  | HistoryEvent
  | TrainingEvent
  | ComparisonEvent
  /** An error that answers no request, e.g. the device was lost while idle. */
  | { readonly type: 'error'; readonly error: ErrorReport };

export type Reply = {
  [K in keyof Answers]: { readonly type: 'reply'; readonly id: number; readonly to: K; readonly value: Answers[K] };
}[keyof Answers];

export interface Refusal {
  readonly type: 'refusal';
  readonly id: number;
  readonly error: ErrorReport;
}

/** Everything the worker sends. */
export type Message = Event | Reply | Refusal;

/** Closes a switch over a union: a new member is a compile error at every switch that forgot it. */
export function unreachable(value: never): never {
  throw new Error(`unexpected message ${JSON.stringify(value)}`);
}
