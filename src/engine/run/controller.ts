/**
 * A run: plan → allocate → chunk after chunk → store, stage after stage (`stages.ts`). One object a run; it owns
 * the session and frees it however the run ends.
 * Out of memory halves the chunk, a lost device is opened again, and either way only what has no result runs again. A chunk that fails for
 * another reason is reported and its items listed as failed; the others go on.
 */

import type { FaultPlan } from '../../gpu/faults.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { CpuPath, Problem, SavedItem } from '../../workloads/workload.ts';
import { runTitle } from '../config/run-title.ts';
import { describeError } from '../errors.ts';
import { type RunPlan, requireFit } from '../plan/plan-run.ts';
import type { SelfTestReport } from '../self-test/report.ts';
import { type RescueRecord, rescuesOf, takeFinished } from './attempts.ts';
import { ChunkWalk } from './chunk-walk.ts';
import { fittedEvent, keptSentence, type RunEvent } from './events.ts';
import { Gate } from './gate.ts';
import { memoryUse } from './memory-use.ts';
import { RunMeter } from './meter.ts';
import type { ErrorReport, RunOutcome, RunProgress } from './progress.ts';
import { ProgressReporter, type RunPlace } from './progress-reporter.ts';
import { RunRecorder } from './recorder.ts';
import { Recovery } from './recovery.ts';
import type { ChunkTiming, RunOptions } from './run-options.ts';
import { SavedItems } from './saved-items.ts';
import { SessionHolder } from './session-holder.ts';
import { shadersOf } from './stage-shaders.ts';
import { RunStages } from './stages.ts';
import { type ResultStore, resultsOf } from './store.ts';
import { WorkQueue } from './work-queue.ts';

export type { RescueRecord } from './attempts.ts';
export type { ChunkTiming, FinishedItem, RunListener, RunOptions } from './run-options.ts';

export class RunController {
  readonly plan: RunPlan;
  /** How the device that the run started on did in its self-test. */
  readonly selfTest: SelfTestReport | undefined;
  readonly problem: Problem;
  /** Faults on demand that it ran with. */
  readonly faults: FaultPlan | undefined;
  /** Wall-clock start of the run. */
  readonly startedAt = new Date();
  readonly #recorder: RunRecorder;
  readonly #gate: Gate;
  readonly #meter: RunMeter;
  readonly #reporter: ProgressReporter;
  readonly #walk: ChunkWalk;
  readonly #holder: SessionHolder;
  readonly #recovery: Recovery;
  readonly #saved: SavedItems;
  /** Items that this run is about. */
  readonly #wanted: readonly number[];
  readonly #stages: RunStages;
  readonly #queue: WorkQueue;
  #shaders: Readonly<Record<string, string>> = {};
  #opened = false;
  #outcome: RunOutcome | undefined;

  /** Prepares the problem (items, observations). Throws `ConfigError` for a configuration that cannot run. */
  constructor(options: RunOptions) {
    const { plan, listener, now = () => performance.now() } = options;
    requireFit(plan);
    this.plan = plan;
    this.faults = options.faults;
    this.selfTest = options.selfTest;
    this.problem = plan.configured.prepare(plan.config.seed);
    this.#recorder = new RunRecorder(plan.workload, this.problem, listener, () => this.#meter.elapsedMs);
    takeFinished(this.store, plan.workload.results, this.problem, options.finished ?? []);
    this.#wanted = options.only ?? this.problem.items.map(({ index }) => index);
    this.#gate = new Gate(options.paused ?? false);
    this.#holder = new SessionHolder(options.gpu);
    this.#stages = new RunStages(plan, this.report, this.store, this.problem, this.#wanted);
    this.#queue = new WorkQueue(this.#stages);
    const { left, done } = this.#stages.work;
    this.#meter = new RunMeter(left, now, done, plan.workload.results.worthUnit !== undefined);
    const place = () => this.#place();
    this.#reporter = new ProgressReporter({ meter: this.#meter, now, place, listener });
    this.#saved = new SavedItems(options.saved ?? [], (items) => listener.saved?.(items));
    const walk = { ...this.#reporter.walk, saved: (items: readonly SavedItem[]) => this.#save(items) };
    this.#walk = new ChunkWalk(this.#gate, walk, now, plan.mode === 'cpu');
    this.#recovery = new Recovery({
      holder: this.#holder,
      recorder: this.#recorder,
      stages: this.#stages,
      reopen: options.reopen,
      stop: this.#gate.stopSignal,
    });
  }

  pause(): void {
    this.#gate.pause();
  }
  resume(): void {
    this.#gate.resume();
  }
  /** Exactly one step of the chunk in flight, then paused. */
  step(): void {
    this.#gate.step();
  }
  /** Ends the run soon (within one `advance`, at once where a lost device is being opened again), frees GPU memory, keeps finished items. */
  stop(): void {
    this.#gate.stop();
  }
  /** Which item (global index; by default the first of the chunk in flight) and which part of it `peek` shows. */
  watch(what: { item?: number; part: number }): void {
    this.#walk.watch(what);
  }

  /** What a list of runs calls it. */
  get title(): string {
    return runTitle(this.plan);
  }
  get store(): ResultStore {
    return this.#recorder.store;
  }
  get timings(): readonly ChunkTiming[] {
    return this.#recorder.timings;
  }
  /** Splits, losses, retries, in their order; a checkpoint adds what happens to it. */
  get events(): RunEvent[] {
    return this.#recorder.events;
  }
  /** The adapter it runs on; null for the twin. Known after the device is gone, too. */
  get report(): AdapterReport | null {
    return this.#holder.report;
  }
  /** How it computes without a GPU; undefined on one, and before `open`. */
  get cpu(): CpuPath | undefined {
    return this.#holder.cpu;
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
    return this.#reporter.progress();
  }
  /** How the run ended; undefined while it goes on. */
  get outcome(): RunOutcome | undefined {
    return this.#outcome;
  }

  /** Compiles and allocates. Rejects with a typed error when that fails; the run is then over. A stop meanwhile is left to `run`. */
  async open(): Promise<void> {
    this.#opened = true;
    this.#meter.start();
    this.#reporter.tell();
    const { workload, mode } = this.plan;
    try {
      if (mode === 'webgpu') this.#shaders = await shadersOf(this.plan, this.problem);
      else await this.#holder.prepareCpu(workload);
      if (!this.#queue.isEmpty) this.#tellFitted();
      else if (!this.#beginNext()) return;
      while (!this.#queue.isEmpty && !(await this.#openedSession()));
    } catch (thrown) {
      if (this.#isStop(thrown)) return;
      this.#finish('failed', this.#withKept(describeError(thrown)));
      throw thrown;
    }
  }

  /** Runs all chunks. Never rejects: how it ended is in the outcome. */
  async run(): Promise<RunOutcome> {
    try {
      if (!this.#opened) await this.open();
      await this.#recorder.tellFinished(this.#wanted.length);
      do {
        while (!this.#queue.isEmpty) {
          if (!(await this.#runChunk(this.#queue.chunk))) return this.#finish('stopped');
        }
      } while (this.#beginNext());
      const failed = this.store.failed();
      return failed.length > 0 && this.store.size === 0
        ? this.#finish('failed', this.#withKept({ name: failed[0].error, message: failed[0].reason }))
        : this.#finish('finished');
    } catch (thrown) {
      if (this.#isStop(thrown)) return this.#finish('stopped');
      return this.#outcome ?? this.#finish('failed', this.#withKept(describeError(thrown)));
    } finally {
      this.#holder.close();
    }
  }

  /** False after a split or a loss: then there is a session to be opened anew. */
  async #openedSession(): Promise<boolean> {
    try {
      await this.#holder.open(this.#queue.stage);
      return true;
    } catch (thrown) {
      await this.#recover(thrown);
      return false;
    }
  }

  /** False when the run was stopped. Throws only what ends the whole run. */
  async #runChunk(items: readonly number[]): Promise<boolean> {
    if (this.#gate.stopped) return false;
    const { cost, rescue } = this.#queue.stage;
    this.#meter.beginChunk(items.length, cost, rescue === 0);
    this.#reporter.chunk = undefined;
    const startedAtMs = this.#meter.elapsedMs;
    let gained = 0;
    try {
      const session = await this.#holder.open(this.#queue.stage);
      if (!(await this.#walk.run(session, items, rescue === 0 ? this.#saved.of(items) : []))) return false;
      this.#reporter.phase = 'collect';
      this.#reporter.tell();
      gained = this.#recorder.keep(await session.collect(), rescue);
      for (const { index, error } of session.failures?.() ?? []) {
        this.#recorder.fail([index], rescue, describeError(error));
      }
    } catch (thrown) {
      if (await this.#recover(thrown, items, gained)) return true;
    }
    this.#settle(items, gained, startedAtMs);
    return true;
  }

  /** A rescue begins anew: what it saved would be taken for what the pass before it had under way. */
  #save(items: readonly SavedItem[]): void {
    if (this.#queue.stage.rescue === 0) this.#saved.keep(items);
  }

  /** The chunk in flight is over, with results or without. */
  #settle(items: readonly number[], gained: number, startedAtMs: number): void {
    this.#saved.forget(items);
    const finished = this.#recorder.chunkDone(items);
    this.#meter.endChunk(gained);
    const { busyMs = 0, clock = 'wall', work = 0 } = this.#reporter.chunk ?? {};
    this.#recorder.timings.push({
      ...this.#inHand,
      chunk: this.#queue.done,
      items: items.length,
      finished,
      wallMs: this.#meter.elapsedMs - startedAtMs,
      busyMs,
      clock,
      work,
    });
    this.#queue.settle();
    this.#meter.expect(this.#queue.expectedWork);
    this.#reporter.tell();
  }

  /**
   * After an error: true when what is left of the stage runs again; false when the items of the chunk in flight were listed as failed.
   * Throws what ends the run, and, where no chunk is in flight, what is no chunk's fault.
   */
  async #recover(thrown: unknown, inFlight: readonly number[] = [], gained = 0): Promise<boolean> {
    const opened = this.#holder.isOpen;
    this.#holder.close();
    this.#reporter.phase = 'compile';
    const { stage } = this.#queue;
    const left = this.#queue.left(this.store);
    const underWay = inFlight.length > 0 ? inFlight : this.#queue.chunk;
    const next = await this.#recovery.after(thrown, { stage, left, inFlight: underWay, opened });
    if (next) {
      this.#meter.abandonChunk();
      const collected = inFlight.filter((index) => !left.includes(index));
      if (next.failed) {
        this.#recorder.fail(left, stage.rescue, next.failed);
        this.#saved.forget(left);
      }
      const over = collected.length + (next.failed ? left.length : 0);
      if (over > 0) {
        this.#meter.beginChunk(over, stage.cost, stage.rescue === 0);
        this.#meter.endChunk(gained);
        this.#recorder.chunkDone(collected);
      }
      this.#queue.cutAgain(next.stage, next.items);
      this.#meter.expect(this.#queue.expectedWork);
      this.#reporter.chunk = undefined;
      this.#reporter.tell(true);
      return true;
    }
    if (inFlight.length === 0) throw thrown;
    this.#recorder.fail(inFlight, stage.rescue, describeError(thrown));
    return false;
  }

  /** Turns to the next stage, or to what has failed so far. False when nothing is left to do. */
  #beginNext(): boolean {
    const next = this.#stages.next(this.#queue.stage, (items, reason) => this.#recorder.leaveOut(items, reason));
    if (!next) return false;
    this.#holder.close();
    this.#queue.turnTo(next);
    this.#tellFitted();
    this.#meter.expect(this.#queue.expectedWork);
    // Said at once, however short ago the last word was: a stage may be over within the interval.
    this.#reporter.tell(true);
    return true;
  }

  /** The caps allow less of an item at once than was configured for the stage in hand. */
  #tellFitted(): void {
    const event = fittedEvent(this.#queue.stage.plan);
    if (event) this.#recorder.event(event);
  }

  /** The user's stop ended a wait: no error. */
  #isStop(thrown: unknown): boolean {
    return this.#gate.stopped && thrown === this.#gate.stopSignal.reason;
  }

  #withKept(error: ErrorReport): ErrorReport {
    return { ...error, kept: error.kept ?? keptSentence(this.plan.workload, this.store.size) };
  }

  #finish(state: RunOutcome['state'], error?: ErrorReport): RunOutcome {
    this.#holder.close();
    this.#meter.pause();
    this.#reporter.phase = 'idle';
    this.#reporter.state = state;
    const results = resultsOf(this.plan.workload.results, this.store);
    this.#outcome = { state, progress: this.progress, failed: this.store.failed(), ...(results && { results }), error };
    this.#reporter.tell(true);
    return this.#outcome;
  }

  /** Names of stages mean something only where there are several. */
  get #inHand(): Pick<RunProgress, 'rescue' | 'stage'> {
    const { rescue, plan } = this.#queue.stage;
    return { rescue, ...(this.plan.stages.length > 1 && { stage: plan.stage?.name }) };
  }

  #place(): RunPlace {
    return {
      mode: this.plan.mode,
      ...this.#inHand,
      chunk: this.#queue.place,
      items: { done: this.store.size, failed: this.store.failed().length, total: this.#wanted.length },
      memory: memoryUse(this.#holder.gpu, this.#holder.peakBytes, this.store.bytes),
    };
  }
}
