/**
 * A training under way: reports, pauses and stops on request, hands out the network so far, keeps its state, and goes on from the last kept
 * state on another device when its own is lost. The steps are the same whatever of this happens.
 */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { DeviceLostError } from '../../../gpu/errors.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import type { VelocityModel } from '../model.ts';
import type { FlowTask } from '../tasks/task.ts';
import { TrainingStuckError, trainingError } from './errors.ts';
import { LossCurve, type LossPoint } from './loss-curve.ts';
import { planTraining } from './plan.ts';
import type { Recipe } from './recipe.ts';
import { scalingOf } from './scaling.ts';
import { type Scaling, type TrainingSetup, trainingSetup } from './setup.ts';
import { averageOf, initialState, type TrainerState } from './state.ts';
import { Trainer } from './trainer.ts';

export interface TrainingReport {
  readonly state: 'training' | 'paused' | 'done' | 'stopped';
  readonly step: number;
  readonly steps: number;
  /** Mean over the latest steps. It ends at the variance of the target, not at zero: no measure of quality. */
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
export interface TrainingCheckpoint {
  readonly recipe: Recipe;
  readonly scaling: Scaling;
  /** Of the batch table, what orders a sum. */
  readonly normParts: number;
  readonly state: TrainerState;
  readonly elapsedMs: number;
}

export interface TrainingListener {
  progress?(report: TrainingReport): void;
  /** The state, every `keepMs` and at the end; the training waits for it. */
  kept?(checkpoint: TrainingCheckpoint): void | Promise<void>;
  /** The network so far, every `lookMs`; the training waits. */
  look?(model: VelocityModel, step: number, gpu: GpuContext): void | Promise<void>;
  /** The device was lost at a step; the training goes on from another. */
  lost?(message: string, step: number): void;
}

export interface TrainingRunOptions {
  readonly gpu: GpuContext;
  readonly task: FlowTask;
  readonly recipe: Recipe;
  readonly sizes?: BatchSizes;
  readonly from?: TrainingCheckpoint;
  /** Another device in the place of a lost one; without it a loss ends the training. */
  readonly reopen?: (lost: GpuContext) => Promise<GpuContext>;
  readonly listener?: TrainingListener;
  /** Milliseconds from one report to the next, from one kept state to the next, from one look to the next. */
  readonly everyMs?: number;
  readonly keepMs?: number;
  readonly lookMs?: number;
}

export interface TrainingOutcome {
  /** With the moving average of the weights. */
  readonly model: VelocityModel;
  readonly checkpoint: TrainingCheckpoint;
  readonly report: TrainingReport;
}

/** Latest steps whose mean is reported. */
const RECENT = 100;
/** Steps of which nearly all had no finite gradient: nothing can be hoped for. */
const STUCK = 200;
const NEARLY_ALL = 0.9;
/** Losses of the device without a kept state in between. */
const MOST_LOSSES = 3;

export class TrainingRun {
  readonly #options: TrainingRunOptions;
  readonly #sizes: BatchSizes;
  readonly #curve = new LossCurve();
  readonly #scaling: Scaling;
  #gpu: GpuContext;
  #setup: TrainingSetup;
  #state: TrainerState;
  #elapsedMs: number;
  #recent: number[] = [];
  #rate = 0;
  #stuck = 0;
  #report: TrainingReport;
  #stopped = false;
  #resume: (() => void) | undefined;
  #paused: Promise<void> | undefined;

  /** @throws RangeError for a network or a batch that no kernel has */
  constructor(options: TrainingRunOptions) {
    const { gpu, task, recipe, from, sizes = defaultSizes } = options;
    this.#options = options;
    this.#sizes = from ? { ...sizes, 'flow.normParts': from.normParts } : sizes;
    this.#scaling = from?.scaling ?? scalingOf(task, recipe.seed, recipe.simulations);
    this.#gpu = gpu;
    this.#setup = this.#setupOn(gpu);
    this.#state = from?.state ?? initialState(this.#setup);
    this.#elapsedMs = from?.elapsedMs ?? 0;
    this.#report = this.#reportOf(this.#state);
  }

  get report(): TrainingReport {
    return this.#report;
  }

  /** The memory that it takes. */
  get plan(): BufferPlan {
    return planTraining(this.#setup);
  }

  /** The network of the last kept state. */
  get model(): VelocityModel {
    return this.#modelOf(this.#state);
  }

  get checkpoint(): TrainingCheckpoint {
    const { recipe } = this.#options;
    return {
      recipe,
      scaling: this.#scaling,
      normParts: this.#sizes['flow.normParts'],
      state: this.#state,
      elapsedMs: this.#elapsedMs,
    };
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
   * Trains until the recipe's last step or `stop`. Frees all memory however it ends.
   * Throws `TrainingMemoryError`, `TrainingStuckError`, the typed errors of `GpuContext`; `checkpoint` holds the last kept state then.
   */
  async run(): Promise<TrainingOutcome> {
    for (let losses = 0; ; losses++) {
      const before = this.#state.step;
      try {
        await this.#train();
        this.#tell(this.#stopped && this.#state.step < this.#setup.optimiser.steps ? 'stopped' : 'done');
        return { model: this.model, checkpoint: this.checkpoint, report: this.#report };
      } catch (thrown) {
        const { recipe, reopen, listener } = this.#options;
        if (this.#state.step > before) losses = 0;
        if (!(thrown instanceof DeviceLostError) || !reopen || losses >= MOST_LOSSES)
          throw trainingError(thrown, recipe);
        listener?.lost?.(thrown.message, this.#state.step);
        this.#gpu = await reopen(this.#gpu);
        this.#setup = this.#setupOn(this.#gpu);
      }
    }
  }

  async #train(): Promise<void> {
    const { everyMs = 1000, keepMs = 10_000, lookMs = 5000, listener } = this.#options;
    const trainer = await Trainer.open(this.#gpu, this.#setup, this.#state);
    try {
      let keptAt = performance.now();
      let lookedAt = performance.now();
      while (!trainer.done && !this.#stopped) {
        await this.#whilePaused(trainer);
        if (this.#stopped) break;
        const begin = performance.now();
        const from = trainer.step;
        await trainer.advance(everyMs);
        await this.#note(trainer, from, performance.now() - begin);
        if (performance.now() - keptAt >= keepMs) {
          await this.#keep(trainer);
          keptAt = performance.now();
        }
        if (listener?.look && performance.now() - lookedAt >= lookMs) {
          await listener.look(this.#modelOf(await trainer.state()), trainer.step, this.#gpu);
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
    this.#options.listener?.progress?.(this.#report);
  }

  async #keep(trainer: Trainer): Promise<void> {
    this.#state = await trainer.state();
    await this.#options.listener?.kept?.(this.checkpoint);
  }

  #tell(state: TrainingReport['state']): void {
    this.#report = { ...this.#report, state };
    this.#options.listener?.progress?.(this.#report);
  }

  #reportOf({ step, skipped, lossScale }: Omit<TrainerState, 'optimiser' | 'since'>): TrainingReport {
    const { steps } = this.#setup.optimiser;
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

  #setupOn({ report }: GpuContext): TrainingSetup {
    const { task, recipe } = this.#options;
    return trainingSetup(report, task, recipe, this.#sizes, this.#scaling);
  }

  #modelOf(state: TrainerState): VelocityModel {
    const { task, net, scaling } = this.#setup;
    return { task, net, weights: averageOf(state), scaling };
  }
}
