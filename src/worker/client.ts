/** The page's end of the engine's worker: promises for requests, listeners for events. Nothing here touches the device. */
import type { DataKind } from '../bundle/data-words.ts';
import type { MemoryTable } from '../engine/memory-table.ts';
import type { ErrorReport } from '../engine/progress.ts';
import type { PrecisionComparison, RunQuality } from '../engine/quality/types.ts';
import type { RunConfig } from '../engine/run-config.ts';
import type { TuningKey } from '../engine/tuner/types.ts';
import type { FaultPlan } from '../gpu/faults.ts';
import type { ItemResult } from '../results/kind.ts';
import type { ResumableRun, ResumeReply } from './checkpoint/types.ts';
import type { ComparisonWish } from './comparison/types.ts';
import type { FileReply, FileRole } from './file-reply.ts';
import type { HistoryEvent, HistoryList, KeptRun } from './history/types.ts';
import type { ExactReply, ExactWish, PathsReply, PathsWish } from './look/types.ts';
import {
  type Answers,
  type Event,
  type ExportReply,
  type InitReply,
  type Message,
  type OpenReply,
  type PlanReply,
  type Request,
  type TuneReply,
  unreachable,
} from './protocol.ts';
import type { RunReply } from './run-reply.ts';
import type { SavedNetwork, TrainingWish, TrainReply } from './training/types.ts';

type EventOf<T extends Event['type']> = Extract<Event, { type: T }>;
type Listener<T extends Event['type']> = (event: EventOf<T>) => void;
/** A request's own fields. */
type Body<K extends keyof Answers> = Omit<Extract<Request, { type: K }>, 'id' | 'type'>;

interface Pending {
  resolve(value: unknown): void;
  reject(error: EngineError): void;
}

/** What the engine reported, on this side of the thread. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(readonly report: ErrorReport) {
    super(report.message);
  }
  /** Path of the configuration field at fault, where there is one. */
  get field(): string | undefined {
    return this.report.field;
  }
}

/** The little of `Worker` that the client needs, so that tests can pass a `MessagePort`. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => unknown) | null;
  onmessageerror?: ((event: MessageEvent) => unknown) | null;
  onerror?: ((event: ErrorEvent) => unknown) | null;
  terminate?(): void;
}

/** Starts the engine's worker. */
export function startEngineWorker(): Worker {
  return new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name: 'lockstep-engine' });
}

export class EngineClient {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<Event['type'], Set<(event: never) => void>>();
  #nextId = 1;

  constructor(port: Port = startEngineWorker()) {
    this.#port = port;
    port.onmessage = (event) => this.#receive(event.data as Message);
    port.onerror = (event) => this.#die(event.message || 'the engine could not be loaded');
    port.onmessageerror = () => this.#die('a message from the engine could not be read');
  }

  /** Listens to one kind of event; returns the function that stops listening. */
  on<T extends Event['type']>(type: T, listener: Listener<T>): () => void {
    const set = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Opens the adapter; `cpu` asks for the CPU even where there is WebGPU. */
  init(options: { cpu?: boolean } = {}): Promise<InitReply> {
    // The worker's own address says nothing of where the page's files lie.
    return this.#ask('init', { ...options, base: globalThis.document?.baseURI });
  }
  /** Opens the device anew, misbehaving as asked; an empty plan opens it as it is. */
  faults(plan: FaultPlan): Promise<InitReply> {
    return this.#ask('faults', { plan });
  }
  /** Exact memory of a configuration; `chunk` overrides its batch size. Rejects with the field that is wrong. */
  plan(config: RunConfig, chunk?: number): Promise<PlanReply> {
    return this.#ask('plan', { config, chunk });
  }
  /** What every size of the batch table takes, and the buffers over the chunk. Rejects with the field that is wrong. */
  memory(config: RunConfig): Promise<MemoryTable> {
    return this.#ask('memory', { config });
  }
  /** Starts a run; resolves when its buffers are allocated and kernels compiled, before the first chunk. */
  run(config: RunConfig, options: { paused?: boolean } = {}): Promise<RunReply> {
    return this.#ask('run', { config, ...options });
  }
  /**
   * Measures which batch size suits this adapter, and remembers it for batch size "auto". `tuneEvent` events follow it. Rejects while a
   * run goes on, and with `TuningCancelledError` after `cancelTune`.
   */
  tune(config: RunConfig): Promise<TuneReply> {
    return this.#ask('tune', { config });
  }
  /** Lets go of what is remembered under that key. */
  forgetTuning(key: TuningKey): Promise<undefined> {
    return this.#ask('forgetTuning', { key });
  }
  /** Ends the tuning; its memory is free within about a second. */
  cancelTune(): void {
    this.#post({ type: 'cancelTune' });
  }
  /** Ahead of the first run: loads its code and has the device tested, which `selfTest` tells of. */
  prepare(): void {
    this.#post({ type: 'prepare' });
  }
  pause(): void {
    this.#post({ type: 'pause' });
  }
  resume(): void {
    this.#post({ type: 'resume' });
  }
  /** Exactly one transition of the chunk in flight, then paused. */
  step(): void {
    this.#post({ type: 'step' });
  }
  /** Cancels: frees GPU memory, keeps finished items. `finished` follows. */
  stop(): void {
    this.#post({ type: 'stop' });
  }
  /** Which item and chain the `peek` events show. */
  watch(what: { item?: number; chain: number }): void {
    this.#post({ type: 'watch', ...what });
  }
  /** All draws of a finished item, by global index. */
  item(index: number): Promise<ItemResult> {
    return this.#ask('item', { index });
  }
  /**
   * The bundle as a zip, with or without what the adapter says of itself, and with what was measured of its quality; `exportProgress`
   * events follow it.
   */
  export(options: { adapterDetails: boolean; quality?: RunQuality }): Promise<ExportReply> {
    return this.#ask('export', options);
  }
  cancelExport(): void {
    this.#post({ type: 'cancelExport' });
  }
  /** Verifies and reads a bundle; `openProgress` events follow it. Rejects with the file in it that is at fault. */
  openBundle(name: string, file: Blob): Promise<OpenReply> {
    return this.#ask('openBundle', { name, file });
  }
  cancelOpen(): void {
    this.#post({ type: 'cancelOpen' });
  }
  /** All draws of an item of the bundle opened last, by global index. */
  bundleItem(resultId: string, index: number): Promise<ItemResult> {
    return this.#ask('bundleItem', { resultId, index });
  }
  /** Reads a file of the user's; its bytes are transferred. */
  loadFile(role: FileRole, name: string, bytes: ArrayBuffer, kind?: DataKind): Promise<FileReply> {
    return this.#ask('loadFile', { role, name, bytes, kind }, [bytes]);
  }
  clearFile(role: FileRole): void {
    this.#post({ type: 'clearFile', role });
  }
  /** The runs kept in the browser; removes one by its id first, or `all`. */
  history(remove?: string): Promise<HistoryList> {
    return this.#ask('history', { remove });
  }
  /** A kept run; its draws come item by item from `keptItem`. */
  openRun(run: string): Promise<KeptRun> {
    return this.#ask('openRun', { run });
  }
  keptItem(run: string, index: number): Promise<ItemResult> {
    return this.#ask('keptItem', { run, index });
  }
  /** Runs that were cut short; gives one up by its id first. */
  resumable(discard?: string): Promise<readonly ResumableRun[]> {
    return this.#ask('resumable', { discard });
  }
  /** Goes on with a run that was cut short; resolves as `run` does, with its configuration and files. */
  resumeRun(run: string): Promise<ResumeReply> {
    return this.#ask('resumeRun', { run });
  }
  /** Puts what such a run has finished into the history instead. */
  keepUnfinished(run: string): Promise<Omit<HistoryEvent, 'type'>> {
    return this.#ask('keepUnfinished', { run });
  }
  /** Trains a network; resolves when the first steps are done. Training events follow. Rejects with the field that is wrong. */
  train(wish: TrainingWish): Promise<TrainReply> {
    return this.#ask('train', { wish });
  }
  pauseTraining(paused: boolean): void {
    this.#post({ type: 'pauseTraining', paused });
  }
  /** Ends it; `trainingEnded` follows, and the network so far can be used. */
  stopTraining(): void {
    this.#post({ type: 'stopTraining' });
  }
  /** Runs take the network trained last from now on, until `clearFile('network')`. */
  useNetwork(): Promise<FileReply> {
    return this.#ask('useNetwork', {});
  }
  /** The network trained last, or so far, as a file. */
  saveNetwork(): Promise<SavedNetwork> {
    return this.#ask('saveNetwork', {});
  }
  /** Draws of the exact posterior of one observation, also while a run goes on. */
  exact(wish: ExactWish): Promise<ExactReply> {
    return this.#ask('exact', { wish });
  }
  /** The first samples of one observation after every step of their way; rejects while something else holds the device. */
  paths(wish: PathsWish): Promise<PathsReply> {
    return this.#ask('paths', { wish });
  }
  /** One observation in every precision of the adapter; `comparisonProgress` events follow. Rejects with `ComparisonStoppedError` after `stopComparison`. */
  comparePrecisions(wish: ComparisonWish): Promise<PrecisionComparison> {
    return this.#ask('comparePrecisions', { wish });
  }
  stopComparison(): void {
    this.#post({ type: 'stopComparison' });
  }
  /** Ends the worker and with it everything it holds. */
  close(): void {
    this.#port.terminate?.();
    this.#die('the engine was closed');
  }

  #ask<K extends keyof Answers>(type: K, body: Body<K>, transfer: Transferable[] = []): Promise<Answers[K]> {
    const id = this.#nextId++;
    return new Promise<Answers[K]>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#port.postMessage({ ...body, type, id }, transfer);
    });
  }

  #post(request: Exclude<Request, { id: number }>): void {
    this.#port.postMessage(request, []);
  }

  #receive(message: Message): void {
    switch (message.type) {
      case 'reply':
        this.#take(message.id)?.resolve(message.value);
        return;
      case 'refusal':
        this.#take(message.id)?.reject(new EngineError(message.error));
        return;
      case 'progress':
      case 'itemDone':
      case 'chunkFailed':
      case 'runEvent':
      case 'peek':
      case 'tuneEvent':
      case 'exportProgress':
      case 'openProgress':
      case 'log':
      case 'finished':
      case 'selfTest':
      case 'error':
      case 'history':
      case 'trainingProgress':
      case 'trainingLook':
      case 'trainingScore':
      case 'trainingEnded':
      case 'comparisonProgress':
        for (const listener of this.#listeners.get(message.type) ?? []) listener(message as never);
        return;
      default:
        unreachable(message);
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** The worker is gone: every open question is answered with why. */
  #die(message: string): void {
    const error: ErrorReport = {
      name: 'EngineGone',
      message,
      kept: 'Results already shown stay on the page.',
      todo: 'Reload the page to start again.',
    };
    for (const pending of this.#pending.values()) pending.reject(new EngineError(error));
    this.#pending.clear();
    for (const listener of this.#listeners.get('error') ?? []) listener({ type: 'error', error } as never);
  }
}
