/**
 * A run: plan → allocate → chunk after chunk → store, and once more for posteriors that failed (`passes.ts`). One object a run; it owns
 * the session and frees it however the run ends.
 * A chunk that fails is reported and its items listed as failed; the others go on. A lost device or a refused allocation ends
 * the run with what was kept.
 */
import type { GpuContext } from '../gpu/context.ts';
import { DeviceLostError } from '../gpu/errors.ts';
import type { AdapterReport } from '../gpu/report.ts';
import type { ChunkProgress, ItemInfo, Peek, PosteriorItem, Problem, Session } from '../workloads/workload.ts';
import { describeError } from './errors.ts';
import { Gate } from './gate.ts';
import { RunMeter } from './meter.ts';
import { firstPass, type Pass, rescueCost, rescuePass } from './passes.ts';
import { type RunPlan, requireFit } from './plan-run.ts';
import {
  type ErrorReport,
  type FailedItem,
  type ItemSummary,
  type RunOutcome,
  type RunProgress,
  type RunState,
  WATCHABLE,
} from './progress.ts';
import { ResultStore } from './store.ts';
import { summarizeItem } from './summary.ts';

/** Work between two looks at the messages: the page's worker answers within this. */
const ADVANCE_MS = 100;
const PROGRESS_INTERVAL_MS = 100;
const PEEK_INTERVAL_MS = 200;

/** What a run tells. Every callback is optional; `peek` costs a readback, so it is asked for only when listened to. */
export interface RunListener {
  progress?(progress: RunProgress): void;
  /** An item has a result; told again, with more attempts, when it was sampled again. */
  itemDone?(summary: ItemSummary): void;
  /** `items` have no result; empty where a rescue failed, whose items keep their earlier results. */
  chunkFailed?(items: readonly FailedItem[], error: ErrorReport): void;
  peek?(peek: Peek): void;
}

/** How a chunk went, for timing.csv. */
export interface ChunkTiming {
  /** 0 for the first pass, then the number of the rescue. */
  readonly rescue: number;
  readonly chunk: number;
  readonly items: number;
  /** Items with a result. */
  readonly finished: number;
  /** Milliseconds from start to collected, pauses left out. */
  readonly wallMs: number;
  readonly busyMs: number;
  readonly clock: 'gpu-timestamp' | 'wall';
  readonly gradients: number;
}

/** How a rescue went. */
export interface RescueRecord {
  /** 1 or 2. */
  readonly rescue: number;
  /** Posteriors sampled again. */
  readonly items: number;
  /** Those of them that pass every threshold now. */
  readonly converged: number;
}

export interface RunOptions {
  readonly plan: RunPlan;
  /** The open device; null runs the f64 twin. */
  readonly gpu: GpuContext | null;
  readonly listener: RunListener;
  /** Starts held before the first transition. */
  readonly paused?: boolean;
  /** Milliseconds; monotone. */
  readonly now?: () => number;
}

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
  #pass: Pass;
  /** Rescues so far, in their order. */
  readonly rescues: RescueRecord[] = [];
  #session: Session | undefined;
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
    this.#pass = firstPass(options.plan);
    this.problem = this.#pass.problem;
    this.#gpu = options.gpu;
    this.#listener = options.listener;
    this.#now = options.now ?? (() => performance.now());
    this.#gate = new Gate(options.paused ?? false);
    this.#meter = new RunMeter(options.plan.items, this.#now);
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
  get progress(): RunProgress {
    return this.#progress();
  }
  /** How the run ended; undefined while it goes on. */
  get outcome(): RunOutcome | undefined {
    return this.#outcome;
  }

  /** Compiles and allocates. Rejects with a typed error when that fails; the run is then over. */
  async open(): Promise<void> {
    this.#meter.start();
    this.#tell();
    try {
      this.#session = await this.#openSession();
    } catch (thrown) {
      this.#finish('failed', describeError(thrown));
      throw thrown;
    }
  }

  /** Runs all chunks. Never rejects: how it ended is in the outcome. */
  async run(): Promise<RunOutcome> {
    try {
      if (!this.#session) await this.open();
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

  /** Turns to the posteriors that have failed so far. False when nothing is left to be sampled again. */
  #beginRescue(): boolean {
    const before = this.#pass;
    if (before.rescue > 0) this.#noteRescue(before);
    const failing = this.store.summaries().filter(({ converged }) => !converged);
    const indices = failing.map(({ info }) => info.index);
    const next = rescuePass(this.plan, before.rescue + 1, indices, this.#gpu?.report ?? null);
    if (!next) return false;
    this.#closeSession();
    this.#workBefore += before.chunks.flat().length * before.cost;
    this.#pass = next;
    this.#chunkIndex = 0;
    // Said at once, however short ago the last word was: a rescue may be over within the interval.
    this.#tell(true);
    return true;
  }

  #noteRescue({ rescue, chunks }: Pass): void {
    const items = chunks.flat();
    const converged = items.filter((index) => this.store.summary(index)?.converged).length;
    this.rescues.push({ rescue, items: items.length, converged });
  }

  /** What the run will take, as far as it is known: failed posteriors of this pass are sampled again in the next. */
  #expectWork(): void {
    const { chunks, cost, rescue } = this.#pass;
    const done = chunks.slice(0, this.#chunkIndex + 1).flat();
    const failing = done.filter((index) => this.store.summary(index)?.converged === false).length;
    const next = failing > 0 ? failing * rescueCost(this.plan, rescue + 1) : 0;
    this.#meter.expect(this.#workBefore + chunks.flat().length * cost + next);
  }

  /** Keeps a result; one from a rescue takes the place of an earlier one unless it is worse. */
  #keep(item: PosteriorItem): number {
    const attempts = this.#pass.rescue + 1;
    const summary = summarizeItem(item, attempts);
    const { index } = item.info;
    const [earlier, known] = [this.store.item(index), this.store.summary(index)];
    const worse = known !== undefined && !summary.converged && smallestEss(summary) < smallestEss(known);
    if (earlier && worse) this.store.put(earlier, { ...known, attempts });
    else this.store.put(item, summary);
    const kept = this.store.summary(index) ?? summary;
    this.#listener.itemDone?.(kept);
    return smallestEss(kept) - (known ? smallestEss(known) : 0);
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
      for (const item of await this.#session.collect()) ess += this.#keep(item);
    } catch (thrown) {
      this.#closeSession();
      if (thrown instanceof DeviceLostError) throw thrown;
      this.#failItems(items, describeError(thrown));
    }
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
      .filter((index) => !this.store.item(index))
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
    const items = this.#pass.chunks[this.#chunkIndex];
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
      items: { done: this.store.size, failed: this.store.failed().length, total: this.plan.items },
      transitions: { done: this.#last?.transitions ?? 0, total: this.#last?.transitionsTotal ?? 0 },
      clock: this.#last?.clock ?? 'wall',
      memory: { currentBytes, peakBytes: this.#peakBytes },
      bound: this.plan.mode === 'cpu-twin' ? 'cpu' : RunMeter.bound(busyShare),
    };
  }
}

/** The item's effective sample size: that of its worst parameter. NaN (constant draws) counts as none. */
function smallestEss(summary: ItemSummary): number {
  const smallest = Math.min(...summary.parameters.map((parameter) => parameter.essBulk));
  return Number.isFinite(smallest) ? smallest : 0;
}
