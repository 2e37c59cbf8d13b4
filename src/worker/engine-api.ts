/**
 * What the engine does for the page. Its host (`host.ts`) implements this interface in a worker, its client (`client.ts`) has the same
 * methods on the page: arguments and answers are cloned on the way, and whatever is thrown arrives as an `EngineError`. Questions are taken
 * up in the order in which they were asked.
 */
import type { MemoryClass } from '../batch/memory-class.ts';
import type { FileOptions } from '../bundle/own-file.ts';
import type { RunConfig } from '../engine/config/run-config.ts';
import type { MemoryTable } from '../engine/plan/memory-table.ts';
import type { RunPlan } from '../engine/plan/plan-run.ts';
import type { MemoryCaps } from '../engine/plan/stage-plan.ts';
import type { RunMode } from '../engine/run-mode.ts';
import type { TuningKey, TuningResult } from '../engine/tuner/types.ts';
import type { FaultPlan } from '../gpu/faults.ts';
import type { BufferPlan } from '../gpu/plan.ts';
import type { AdapterReport } from '../gpu/report.ts';
import type { ItemResult } from '../results/kind.ts';
import type { RunQuality } from '../results/posterior/quality/types.ts';
import type { DataFact, KernelShape, StatedParam, WorkEstimate } from '../workloads/workload.ts';
import type { ResumableRun, ResumeReply } from './checkpoint/types.ts';
import type { Given } from './file-owner.ts';
import type { FileReply } from './file-reply.ts';
import type { HistoryEvent, HistoryList, KeptRun } from './history/types.ts';
import type { RunReply } from './run-reply.ts';

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
  /** Passes in which items that failed would be computed again, the most bytes that any stage or rescue may take, and which that is. */
  readonly rescues: RunPlan['rescues'];
  readonly mostBytes: number;
  readonly mostBytesIn?: string;
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
  /** Parameters that the user's files state: the run takes them, whatever the form says. */
  readonly stated: readonly StatedParam[];
  /** What the run takes for granted of the user's data; none where they are simulated. */
  readonly facts: readonly DataFact[];
  /** Bytes of the results of all items as this browser holds them. Exact for one pass over the items. */
  readonly resultBytes: number;
}

export interface ExportReply {
  /** File name, e.g. `run-20261121T101500Z-<experiment>-1a2b3c4d.zip`. */
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

/** A finished run that the engine can read; without either the one that it made last. */
export interface FinishedRunId {
  /** In the history. */
  readonly kept?: string;
  /** Result id of a bundle. */
  readonly bundle?: string;
}

export interface EngineApi {
  /**
   * Opens the adapter; `cpu` computes on the CPU even where there is WebGPU. `base`: where the page's files lie, which the worker's own
   * address does not say.
   */
  init(options?: { readonly cpu?: boolean; readonly base?: string }): Promise<InitReply>;
  /** Opens the device anew, misbehaving as asked; an empty plan opens it as it is. Never saved. Refused while the device is held. */
  faults(plan: FaultPlan): Promise<InitReply>;
  /** Somebody uses the page: loads what a run needs and has the device tested, which a `selfTest` event tells of. */
  prepare(): Promise<void>;
  /** Exact memory of a configuration; `chunk` overrides its batch size (the slider while it moves). Rejects with the field that is wrong. */
  plan(config: RunConfig, chunk?: number): Promise<PlanReply>;
  /** What every size of the batch table takes, and the buffers over the chunk. Rejects with the field that is wrong. */
  memory(config: RunConfig): Promise<MemoryTable>;
  /** Lets go of what the tuner found and is remembered under that key. */
  forgetTuning(key: TuningKey): Promise<void>;

  /**
   * Starts a run with the files loaded so far; resolves when its buffers are allocated and kernels compiled, before the first chunk.
   * `paused` stops before the first step (for Step).
   */
  run(config: RunConfig, options?: { readonly paused?: boolean }): Promise<RunReply>;
  /**
   * Starts a run that keeps what a finished one has computed of it: the one started last here, a run kept in the history, or the bundle
   * opened last, by its result id. Resolves as `run` does; rejects with `extend` where they do not belong together.
   */
  extendRun(config: RunConfig, of?: FinishedRunId): Promise<RunReply>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Exactly one step of the chunk in flight, then paused. */
  step(): Promise<void>;
  /** Cancels: frees GPU memory, keeps finished items. `finished` follows. */
  stop(): Promise<void>;
  /** Which item (global index) and which part of it the `peek` events show; without `item`, the first of the chunk in flight. */
  watch(what: { readonly item?: number; readonly part: number }): Promise<void>;
  /** All draws of a finished item, by global index. */
  item(index: number): Promise<ItemResult>;

  /**
   * Starts a job (`jobs.ts`) of an experiment; answers when it has begun, or with what came of it. `job` events follow. Rejects with the field
   * that is wrong, and while whoever holds the device keeps it from going on. `jobOf` (`client.ts`) gives wish and answer their types.
   */
  job(experiment: string, name: string, wish: unknown): Promise<unknown>;
  /** Tells a job something, and answers what it says. `stop` ends any. */
  tellJob(experiment: string, name: string, what: string, args?: readonly unknown[]): Promise<unknown>;

  /**
   * The bundle as a zip; `exportProgress` events follow it. `adapterDetails: false` leaves the adapter out of environment.json: its limits
   * can tell one machine from another. `quality`: what was measured of this very run, for metrics.json.
   */
  export(options: { readonly adapterDetails: boolean; readonly quality?: RunQuality }): Promise<ExportReply>;
  cancelExport(): Promise<void>;
  /**
   * Verifies a bundle and keeps it beside whatever is running; `openProgress` events follow it. Rejects with the file in it that is at
   * fault, and changes nothing then.
   */
  openBundle(name: string, file: Blob): Promise<OpenReply>;
  cancelOpen(): Promise<void>;
  /** All draws of an item of the bundle opened last, which `resultId` names, by global index. */
  bundleItem(resultId: string, index: number): Promise<ItemResult>;

  /**
   * Reads a file of the user's for the runs of an experiment, in one of its roles; its bytes are transferred. Rejects with `choices` where
   * it takes a choice to read it. The files of a folder stay where they lie, and are read there; `folderProgress` events follow.
   */
  loadFile(workload: string, role: string, name: string, given: Given, options?: FileOptions): Promise<FileReply>;
  /** The folder that is being read is not taken: its `loadFile` rejects with an `AbortError`. */
  cancelFolder(): Promise<void>;
  /** Reads the file that is there in that role again, with other choices about it. */
  chooseFor(workload: string, role: string, options: FileOptions): Promise<FileReply>;
  clearFile(workload: string, role: string): Promise<void>;

  /** The runs kept in the browser; removes one by its id first, or `all`. */
  history(remove?: string): Promise<HistoryList>;
  /** A kept run without its draws, which come item by item from `keptItem`. */
  openRun(run: string): Promise<KeptRun>;
  keptItem(run: string, index: number): Promise<ItemResult>;
  /** Runs that were cut short and that no tab is running; gives one up by its id first, with all it has finished. */
  resumable(discard?: string): Promise<readonly ResumableRun[]>;
  /** Goes on with one of them; resolves as `run` does. Its configuration and files take the place of those that were loaded. */
  resumeRun(run: string): Promise<ResumeReply>;
  /** Puts what such a run has finished into the history, in place of going on. */
  keepUnfinished(run: string): Promise<Omit<HistoryEvent, 'type'>>;
}
