/**
 * A training under way: reports, pauses and stops on request, hands out its state, keeps it, and goes on from the last kept state on another
 * device when its own is lost. The steps are the same whatever of this happens. What is trained is the experiment's.
 */
import type { GpuContext } from '../../gpu/context.ts';
import { DeviceLostError } from '../../gpu/errors.ts';
import type { BufferPlan } from '../../gpu/plan.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import { TrainingStuckError, trainingError } from './errors.ts';
import { LossCurve, type LossPoint } from './loss-curve.ts';
import { type Counters, firstState, type TrainerState } from './state.ts';
import { Trainer } from './trainer.ts';
import { planTraining, type Training } from './training.ts';

export interface TrainingReport {
  readonly state: 'training' | 'paused' | 'done' | 'stopped';
  readonly step: number;
  readonly steps: number;
  /** Mean over the latest steps. It may end at the variance of a target, not at zero: no measure of quality. */
  readonly loss: number;
  readonly curve: readonly LossPoint[];
  readonly stepsPerSecond: number;
  /** Null before a rate is known. */
  readonly etaMs: number | null;
  /** Time spent on training, earlier sittings included, pauses not. */
  readonly elapsedMs: number;
  readonly lossScale: number;
  /** Steps left out because their gradient was not finite. */
  readonly skipped: number;
}

/** What a training goes on from. */
export interface KeptTraining {
  readonly state: TrainerState;
  readonly elapsedMs: number;
}

export interface LoopListener {
  progress?(report: TrainingReport): void;
  /** The state, every `keepMs` and at the end; the training waits for it. */
  kept?(kept: KeptTraining): void | Promise<void>;
  /** The state every `lookMs` or `lookSteps`; the training waits. */
  look?(state: TrainerState, gpu: GpuContext): void | Promise<void>;
  /** The state at each of `marks`, the beginning too; the training waits. After a lost device it may be told again of one, with the same state. */
  marked?(state: TrainerState): void | Promise<void>;
  /** The device was lost at a step; the training goes on from another. */
  lost?(message: string, step: number): void;
}

/** How a training is run: nothing that its weights hang on. */
export interface LoopOptions {
  /** Another device in the place of a lost one; without it a loss ends the training. */
  readonly reopen?: (lost: GpuContext) => Promise<GpuContext>;
  /** Milliseconds from one report to the next, from one kept state to the next, from one look to the next. */
  readonly everyMs?: number;
  readonly keepMs?: number;
  readonly lookMs?: number;
  /** Looks at multiples of so many steps and at the last instead: what they decide is then the same on every machine. */
  readonly lookSteps?: number;
  /** Steps whose states are wanted, ascending. */
  readonly marks?: readonly number[];
}

/** Latest steps whose mean is reported. */
const RECENT = 100;
/** Steps of which nearly all had no finite gradient: nothing can be hoped for. */
const STUCK = 200;
const NEARLY_ALL = 0.9;
/** Losses of the device without a kept state in between. */
const MOST_LOSSES = 3;

export class TrainingLoop {
  readonly #options: LoopOptions;
  readonly #listener: LoopListener;
  readonly #trainingOn: (report: AdapterReport) => Training;
  readonly #curve = new LossCurve();
  #gpu: GpuContext;
  #training: Training;
  #state: TrainerState;
  #elapsedMs: number;
  #recent: number[] = [];
  #rate = 0;
  #stuck = 0;
  #report: TrainingReport;
  #stopped = false;
  #resume: (() => void) | undefined;
  #paused: Promise<void> | undefined;

  /** @param trainingOn what is trained, as an adapter runs it: the shape of its kernels apart, equal on all of them */
  constructor(
    gpu: GpuContext,
    trainingOn: (report: AdapterReport) => Training,
    from?: KeptTraining,
    options: LoopOptions = {},
    listener: LoopListener = {},
  ) {
    this.#options = options;
    this.#listener = listener;
    this.#trainingOn = trainingOn;
    this.#gpu = gpu;
    this.#training = trainingOn(gpu.report);
    this.#state = from?.state ?? firstState(this.#training.weights(), this.#training.scaled);
    this.#elapsedMs = from?.elapsedMs ?? 0;
    this.#report = this.#reportOf(this.#state);
  }

  get report(): TrainingReport {
    return this.#report;
  }

  /** The memory that it takes. */
  get plan(): BufferPlan {
    return planTraining(this.#training);
  }

  /** The last kept state. */
  get kept(): KeptTraining {
    return { state: this.#state, elapsedMs: this.#elapsedMs };
  }

  /** Waits after the steps under way; memory stays taken. */
  pause(): void {
    if (this.#paused || this.#stopped) return;
    this.#paused = new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  resume(): void {
    this.#resume?.();
    this.#paused = undefined;
  }

  /** Ends after the steps under way with what there is. */
  stop(): void {
    this.#stopped = true;
    this.resume();
  }

  /**
   * Trains until the last step or `stop`. Frees all memory however it ends.
   * Throws `TrainingMemoryError`, `TrainingStuckError`, the typed errors of `GpuContext`; `kept` holds the last kept state then.
   */
  async run(): Promise<void> {
    for (let losses = 0; ; losses++) {
      const before = this.#state.step;
      try {
        await this.#train();
        this.#tell(this.#stopped && this.#state.step < this.#training.hyper.steps ? 'stopped' : 'done');
        return;
      } catch (thrown) {
        const { reopen } = this.#options;
        if (this.#state.step > before) losses = 0;
        if (!(thrown instanceof DeviceLostError) || !reopen || losses >= MOST_LOSSES)
          throw trainingError(thrown, this.#training.batch);
        this.#listener.lost?.(thrown.message, this.#state.step);
        this.#gpu = await reopen(this.#gpu);
        this.#training = this.#trainingOn(this.#gpu.report);
      }
    }
  }

  async #train(): Promise<void> {
    const { everyMs = 1000, keepMs = 10_000, lookMs = 5000, lookSteps, marks = [] } = this.#options;
    const trainer = await Trainer.open(this.#gpu, this.#training, this.#state);
    try {
      let keptAt = performance.now();
      let lookedAt = performance.now();
      const mark = async () => {
        if (this.#listener.marked && marks.includes(trainer.step)) await this.#listener.marked(await trainer.state());
      };
      if (trainer.step === 0) await mark();
      while (!trainer.done && !this.#stopped) {
        await this.#whilePaused(trainer);
        if (this.#stopped) break;
        const begin = performance.now();
        const from = trainer.step;
        const next = marks.find((step) => step > from) ?? Number.POSITIVE_INFINITY;
        const look = lookSteps ? lookSteps - (from % lookSteps) : Number.POSITIVE_INFINITY;
        await trainer.advance(everyMs, Math.min(look, next - from));
        await this.#note(trainer, from, performance.now() - begin);
        await mark();
        if (performance.now() - keptAt >= keepMs) {
          await this.#keep(trainer);
          keptAt = performance.now();
        }
        const due = lookSteps ? trainer.step % lookSteps === 0 || trainer.done : performance.now() - lookedAt >= lookMs;
        if (this.#listener.look && due) {
          await this.#listener.look(await trainer.state(), this.#gpu);
          lookedAt = performance.now();
        }
      }
      await this.#keep(trainer);
    } finally {
      trainer.close();
    }
  }

  async #whilePaused(trainer: Trainer): Promise<void> {
    if (!this.#paused) return;
    await this.#keep(trainer);
    this.#tell('paused');
    await this.#paused;
    if (!this.#stopped) this.#tell('training');
  }

  async #note(trainer: Trainer, from: number, ms: number): Promise<void> {
    const { step, skipped, lossScale, losses } = await trainer.progress();
    this.#curve.add(step - losses.length, losses);
    this.#recent = [...this.#recent, ...losses].slice(-RECENT);
    this.#elapsedMs += ms;
    const rate = (1000 * (step - from)) / Math.max(ms, 1e-3);
    this.#rate = this.#rate === 0 ? rate : 0.7 * this.#rate + 0.3 * rate;
    const lost = skipped - this.#report.skipped;
    this.#stuck = lost >= NEARLY_ALL * (step - from) ? this.#stuck + lost : 0;
    if (this.#stuck >= STUCK) throw new TrainingStuckError(this.#stuck, lossScale);
    this.#report = this.#reportOf({ step, skipped, lossScale });
    this.#listener.progress?.(this.#report);
  }

  async #keep(trainer: Trainer): Promise<void> {
    this.#state = await trainer.state();
    await this.#listener.kept?.(this.kept);
  }

  #tell(state: TrainingReport['state']): void {
    this.#report = { ...this.#report, state };
    this.#listener.progress?.(this.#report);
  }

  #reportOf({ step, skipped, lossScale }: Omit<Counters, 'since'>): TrainingReport {
    const { steps } = this.#training.hyper;
    const finite = this.#recent.filter(Number.isFinite);
    return {
      state: 'training',
      step,
      steps,
      loss: finite.reduce((sum, loss) => sum + loss, 0) / finite.length,
      curve: this.#curve.points(),
      stepsPerSecond: this.#rate,
      etaMs: this.#rate > 0 ? (1000 * (steps - step)) / this.#rate : null,
      elapsedMs: this.#elapsedMs,
      lossScale,
      skipped,
    };
  }
}
