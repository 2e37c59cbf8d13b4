/**
 * A run: plan → allocate → chunk after chunk → store, and once more for posteriors that failed (`passes.ts`). One object a run; it owns
 * the session and frees it however the run ends.
 * A chunk that fails is reported and its items listed as failed; the others go on. A lost device or a refused allocation ends
 * the run with what was kept.
 */
import type { GpuContext } from '../gpu/context.ts';
import { DeviceLostError } from '../gpu/errors.ts';
import type { AdapterReport } from '../gpu/report.ts';
import { type ChunkProgress, ConfigError, type ItemInfo, type Problem, type Session } from '../workloads/workload.ts';
import { keepEarlier, keepResult, type RescueRecord, rescuesOf, toRescue, withoutResult } from './attempts.ts';
import { describeError } from './errors.ts';
import { type RunEvent, resumedEvent, type Untimed } from './events.ts';
import { Gate } from './gate.ts';
import { RunMeter } from './meter.ts';
import { firstPass, MAX_RESCUES, type Pass, rescueCost, rescuePass } from './passes.ts';
import { type RunPlan, requireFit } from './plan-run.ts';
import {
  type ErrorReport,
  type FailedItem,
  type RunOutcome,
  type RunProgress,
  type RunState,
  WATCHABLE,
} from './progress.ts';
import type { ChunkTiming, FinishedItem, RunListener, RunOptions } from './run-options.ts';
import { ResultStore } from './store.ts';
import { summarizeItem } from './summary.ts';

/** Work between two looks at the messages: the page's worker answers within this. */
const ADVANCE_MS = 100;
const PROGRESS_INTERVAL_MS = 100;
const PEEK_INTERVAL_MS = 200;
/** Results of an earlier run told without a pause. */
const TOLD_AT_ONCE = 32;

export type { RescueRecord } from './attempts.ts';
export type { ChunkTiming, FinishedItem, RunListener, RunOptions } from './run-options.ts';

export class RunController {
  readonly plan: RunPlan;
  readonly problem: Problem;
  readonly store = new ResultStore();
  readonly timings: ChunkTiming[] = [];
  /** Wall-clock start of the run. */
  readonly startedAt = new Date();
  readonly #gpu: GpuContext | null;
  readonly #listener: RunListener;
  readonly #now: () => number;
  readonly #gate: Gate;
  readonly #meter: RunMeter;
  /** Splits, losses, retries, in their order. */
  readonly events: RunEvent[] = [];
  /** Indices of the items that this run is about. */
  readonly #wanted: readonly number[];
  #pass: Pass;
  #session: Session | undefined;
  #shaders: Readonly<Record<string, string>> = {};
  #opened = false;
  #state: RunState = 'preparing';
  #phase: RunProgress['phase'] = 'compile';
  #chunkIndex = 0;
  /** Work of the passes before this one, in items of the first. */
  #workBefore = 0;
  #last: ChunkProgress | undefined;
  #watched: { item?: number; chain: number } = { chain: 0 };
  #progressAt = Number.NEGATIVE_INFINITY;
  #peekAt = Number.NEGATIVE_INFINITY;
  #outcome: RunOutcome | undefined;
  /** Most bytes held during this run; all are taken by `open`. */
  #peakBytes = 0;

  /** Prepares the problem (items, observations). Throws `ConfigError` for a configuration that cannot run. */
  constructor(options: RunOptions) {
    requireFit(options.plan);
    this.plan = options.plan;
    this.#wanted = options.only ?? Array.from({ length: options.plan.items }, (_, index) => index);
    const { workload, config, inputs } = options.plan;
    this.problem = workload.prepare(config.params, config.seed, inputs);
    this.#takeFinished(options.finished ?? []);
    this.#pass = firstPass(options.plan, this.problem, withoutResult(this.store, this.#wanted));
    this.#gpu = options.gpu;
    this.#listener = options.listener;
    this.#now = options.now ?? (() => performance.now());
    this.#gate = new Gate(options.paused ?? false);
    const left = this.#pass.chunks.flat().length;
    this.#meter = new RunMeter(left, this.#now, this.#wanted.length - left);
  }

  pause(): void {
    this.#gate.pause();
  }
  resume(): void {
    this.#gate.resume();
  }
  /** Exactly one transition of the chunk in flight, then paused. */
  step(): void {
    this.#gate.step();
  }
  /** Ends the run soon (within one `advance`), frees GPU memory, keeps finished items. */
  stop(): void {
    this.#gate.stop();
  }
  /** Which item (global index; by default the first of the chunk in flight) and chain `peek` shows. */
  watch(what: { item?: number; chain: number }): void {
    this.#watched = what;
    this.#gate.look();
  }

  /** The adapter it runs on; null for the twin. Known after the device is gone, too. */
  get report(): AdapterReport | null {
    return this.#gpu?.report ?? null;
  }
  /** The WGSL that runs, by file name; empty on the CPU, and before `open`. */
  get shaders(): Readonly<Record<string, string>> {
    return this.#shaders;
  }
  /** Rescues so far, in their order. */
  get rescues(): RescueRecord[] {
    return rescuesOf(this.store);
  }
  get progress(): RunProgress {
    return this.#progress();
  }
  /** How the run ended; undefined while it goes on. */
  get outcome(): RunOutcome | undefined {
    return this.#outcome;
  }

  /** Compiles and allocates. Rejects with a typed error when that fails; the run is then over. */
  async open(): Promise<void> {
    this.#opened = true;
    this.#meter.start();
    this.#tell();
    const { workload, mode, shape } = this.plan;
    try {
      if (mode === 'webgpu') this.#shaders = await workload.shaders(this.problem, shape);
      if (this.#pass.chunks.length > 0 || this.#beginRescue()) this.#session = await this.#openSession();
    } catch (thrown) {
      this.#finish('failed', describeError(thrown));
      throw thrown;
    }
  }

  /** Runs all chunks. Never rejects: how it ended is in the outcome. */
  async run(): Promise<RunOutcome> {
    try {
      if (!this.#opened) await this.open();
      await this.#tellFinished();
      do {
        for (const [index, items] of this.#pass.chunks.entries()) {
          this.#chunkIndex = index;
          const goOn = await this.#runChunk(items);
          if (!goOn) return this.#finish('stopped');
        }
      } while (this.#beginRescue());
      const failed = this.store.failed();
      return failed.length > 0 && this.store.size === 0
        ? this.#finish('failed', this.#allFailed(failed[0]))
        : this.#finish('finished');
    } catch (thrown) {
      return this.#outcome ?? this.#finish('failed', this.#withKept(describeError(thrown)));
    } finally {
      this.#closeSession();
    }
  }

  /** Results of an earlier run of this configuration. Throws `ConfigError` where they are of another. */
  #takeFinished(finished: readonly FinishedItem[]): void {
    for (const { item, attempts } of finished) {
      const info = this.problem.items[item.info.index];
      if (info?.runId !== item.info.runId || info.seed !== item.info.seed) {
        throw new ConfigError('resume', `${item.info.runId} is not a result of this configuration; start a new run.`);
      }
      this.store.put(item, summarizeItem(item, attempts));
    }
  }

  /** Tells of results that were there before. Others may speak in between: there can be thousands. */
  async #tellFinished(): Promise<void> {
    const finished = this.store.summaries();
    if (finished.length === 0) return;
    this.#event(resumedEvent(this.plan.workload, finished.length, this.#wanted.length - finished.length));
    for (const [i, summary] of finished.entries()) {
      if (i % TOLD_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
      this.#listener.itemDone?.(summary);
    }
  }

  #event(event: Untimed): void {
    const timed = { atMs: Math.round(this.#meter.elapsedMs), ...event };
    this.events.push(timed);
    this.#listener.event?.(timed);
  }

  /** Turns to the posteriors that have failed so far. False when nothing is left to be sampled again. */
  #beginRescue(): boolean {
    const before = this.#pass;
    for (let rescue = before.rescue + 1; rescue <= MAX_RESCUES; rescue++) {
      const next = rescuePass(this.plan, rescue, toRescue(this.store, rescue), this.#gpu?.report ?? null);
      if (!next) continue;
      this.#closeSession();
      this.#workBefore += before.chunks.flat().length * before.cost;
      this.#pass = next;
      this.#chunkIndex = 0;
      this.#meter.expect(this.#workBefore + next.chunks.flat().length * next.cost);
      // Said at once, however short ago the last word was: a rescue may be over within the interval.
      this.#tell(true);
      return true;
    }
    return false;
  }

  /** What the run will take, as far as it is known: failed posteriors of this pass are sampled again in the next. */
  #expectWork(): void {
    const { chunks, cost, rescue } = this.#pass;
    const done = chunks.slice(0, this.#chunkIndex + 1).flat();
    const failing = done.filter((index) => this.store.summary(index)?.converged === false).length;
    const next = failing > 0 ? failing * rescueCost(this.plan, rescue + 1) : 0;
    this.#meter.expect(this.#workBefore + chunks.flat().length * cost + next);
  }

  /** False when the run was stopped. Throws only what ends the whole run. */
  async #runChunk(items: readonly number[]): Promise<boolean> {
    this.#meter.beginChunk(items.length, this.#pass.cost, this.#pass.rescue === 0);
    this.#last = undefined;
    const startedAtMs = this.#meter.elapsedMs;
    let ess = 0;
    try {
      this.#session ??= await this.#openSession();
      await this.#session.start(items);
      if (!(await this.#advanceToEnd(this.#session, items))) return false;
      this.#phase = 'collect';
      this.#tell();
      for (const item of await this.#session.collect()) {
        const result = keepResult(this.store, item, this.#pass.rescue + 1);
        this.#listener.itemDone?.(result.kept);
        ess += result.ess;
      }
    } catch (thrown) {
      this.#closeSession();
      if (thrown instanceof DeviceLostError) throw thrown;
      this.#failItems(items, describeError(thrown));
    }
    this.#listener.chunkDone?.(items.filter((index) => this.store.item(index)));
    this.#meter.endChunk(ess);
    this.#expectWork();
    this.#noteTiming(items, this.#meter.elapsedMs - startedAtMs);
    this.#tell();
    return true;
  }

  #noteTiming(items: readonly number[], wallMs: number): void {
    const { busyMs = 0, clock = 'wall', gradients = 0 } = this.#last ?? {};
    const finished = items.filter((index) => this.store.item(index)).length;
    const { rescue } = this.#pass;
    this.timings.push({
      rescue,
      chunk: this.#chunkIndex,
      items: items.length,
      finished,
      wallMs,
      busyMs,
      clock,
      gradients,
    });
  }

  async #advanceToEnd(session: Session, items: readonly number[]): Promise<boolean> {
    for (;;) {
      const pass = await this.#gate.pass(() => this.#hold());
      if (pass === 'stop') return false;
      if (pass === 'look') {
        await this.#peek(session, items, true);
        continue;
      }
      if (pass === 'go') this.#go();
      const chunk = pass === 'step' ? await this.#stepOnce(session) : await session.advance(ADVANCE_MS);
      this.#last = chunk;
      this.#phase = chunk.phase === 'done' ? 'collect' : chunk.phase;
      this.#meter.report(chunk);
      this.#tell(pass === 'step');
      if (chunk.phase === 'done') return true;
      await this.#peek(session, items, pass === 'step');
      // The twin computes without ever waiting; a macrotask lets messages in. GPU work waits for the device anyway.
      if (this.plan.mode === 'cpu-twin') await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /** One transition, in as many slices as it needs (the fit before the first transition is part of it). */
  async #stepOnce(session: Session): Promise<ChunkProgress> {
    const target = (this.#last?.transitions ?? 0) + 1;
    let chunk: ChunkProgress;
    do chunk = await session.advance(ADVANCE_MS, 1);
    while (chunk.transitions < target && chunk.phase !== 'done' && !this.#gate.stopped);
    return chunk;
  }

  #hold(): void {
    this.#meter.pause();
    this.#state = 'paused';
    this.#tell(true);
  }

  #go(): void {
    this.#meter.resume();
    if (this.#state === 'running') return;
    this.#state = 'running';
    this.#tell(true);
  }

  async #openSession(): Promise<Session> {
    const { plan, problem } = this.#pass;
    const { workload, buffers, shape, chunk } = plan;
    const gpu = this.#gpu;
    if (!gpu) return workload.reference(problem, chunk);
    const session = await workload.open(gpu, problem, buffers, shape);
    this.#peakBytes = Math.max(this.#peakBytes, gpu.ledger.current);
    return session;
  }

  #closeSession(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  async #peek(session: Session, items: readonly number[], now: boolean): Promise<void> {
    const due = now || this.#now() - this.#peekAt >= PEEK_INTERVAL_MS;
    if (!this.#listener.peek || !due) return;
    this.#peekAt = this.#now();
    const wanted = this.#watched.item;
    const item = wanted !== undefined && items.includes(wanted) ? wanted : items[0];
    const peek = await session.peek(item, this.#watched.chain);
    if (peek) this.#listener.peek(peek);
  }

  #failItems(items: readonly number[], error: ErrorReport): void {
    const failed = items
      .filter((index) => !keepEarlier(this.store, index, this.#pass.rescue + 1))
      .map((index) => ({ info: this.#info(index), error: error.name, reason: error.message }));
    for (const item of failed) this.store.fail(item);
    this.#listener.chunkFailed?.(failed, error);
  }

  #info(index: number): ItemInfo {
    return this.problem.items[index];
  }

  #allFailed(first: FailedItem): ErrorReport {
    return { name: first.error, message: first.reason, kept: this.#kept() };
  }

  #withKept(error: ErrorReport): ErrorReport {
    return { ...error, kept: error.kept ?? this.#kept() };
  }

  #kept(): string {
    const { one, many } = this.plan.workload.itemName;
    const n = this.store.size;
    return n === 0
      ? `No ${one} had finished.`
      : `${n} finished ${n === 1 ? `${one} is` : `${many} are`} kept and can be exported.`;
  }

  #finish(state: RunOutcome['state'], error?: ErrorReport): RunOutcome {
    this.#closeSession();
    this.#meter.pause();
    this.#state = state;
    this.#phase = 'idle';
    this.#outcome = { state, progress: this.#progress(), failed: this.store.failed(), error };
    this.#tell(true);
    return this.#outcome;
  }

  #tell(now = false): void {
    if (!this.#listener.progress) return;
    if (!now && this.#now() - this.#progressAt < PROGRESS_INTERVAL_MS) return;
    this.#progressAt = this.#now();
    this.#listener.progress(this.#progress());
  }

  #progress(): RunProgress {
    const over = this.#state === 'finished' || this.#state === 'stopped' || this.#state === 'failed';
    const { busyShare, ...rates } = this.#meter.read(over);
    const currentBytes = this.#gpu?.ledger.current ?? 0;
    const items = this.#pass.chunks[this.#chunkIndex] ?? [];
    return {
      ...rates,
      state: this.#state,
      phase: this.#phase,
      mode: this.plan.mode,
      rescue: this.#pass.rescue,
      chunk: {
        index: this.#chunkIndex,
        count: this.#pass.chunks.length,
        size: items.length,
        watchable: items.slice(0, WATCHABLE),
      },
      items: { done: this.store.size, failed: this.store.failed().length, total: this.#wanted.length },
      transitions: { done: this.#last?.transitions ?? 0, total: this.#last?.transitionsTotal ?? 0 },
      clock: this.#last?.clock ?? 'wall',
      memory: { currentBytes, peakBytes: this.#peakBytes },
      bound: this.plan.mode === 'cpu-twin' ? 'cpu' : RunMeter.bound(busyShare),
    };
  }
}
