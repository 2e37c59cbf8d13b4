/** The training of a task's network: the loop of `src/nn/training/loop.ts`, told in networks instead of numbers. */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import {
  type KeptTraining,
  type LoopListener,
  type LoopOptions,
  TrainingLoop,
  type TrainingReport,
} from '../../../nn/training/loop.ts';
import { averageOf, type TrainerState } from '../../../nn/training/state.ts';
import type { VelocityModel } from '../model.ts';
import type { FlowTask } from '../tasks/task.ts';
import type { Recipe } from './recipe.ts';
import { scalingOf } from './scaling.ts';
import { type Scaling, trainingSetup } from './setup.ts';
import { velocityTraining } from './velocity-training.ts';

export type { TrainingReport };

/** What a training goes on from. */
export interface TrainingCheckpoint extends KeptTraining {
  readonly recipe: Recipe;
  readonly scaling: Scaling;
  /** Of the batch table, what orders a sum. */
  readonly normParts: number;
}

export interface TrainingListener extends Pick<LoopListener, 'progress' | 'lost'> {
  /** What to go on from, every `keepMs` and at the end; the training waits for it. */
  kept?(checkpoint: TrainingCheckpoint): void | Promise<void>;
  /** The network so far, every `lookMs`; the training waits. */
  look?(model: VelocityModel, step: number, gpu: GpuContext): void | Promise<void>;
}

export interface TrainingRunOptions extends LoopOptions {
  readonly gpu: GpuContext;
  readonly task: FlowTask;
  readonly recipe: Recipe;
  readonly sizes?: BatchSizes;
  readonly from?: TrainingCheckpoint;
  readonly listener?: TrainingListener;
}

export interface TrainingOutcome {
  /** With the moving average of the weights. */
  readonly model: VelocityModel;
  readonly checkpoint: TrainingCheckpoint;
  readonly report: TrainingReport;
}

export class TrainingRun {
  readonly #loop: TrainingLoop;
  /** All of a checkpoint and of a model that does not change. */
  readonly #fixed: Omit<TrainingCheckpoint, keyof KeptTraining>;
  readonly #model: Omit<VelocityModel, 'weights'>;

  /** @throws RangeError for a network or a batch that no kernel has */
  constructor({ gpu, task, recipe, sizes: given = defaultSizes, from, listener = {}, ...options }: TrainingRunOptions) {
    const sizes = from ? { ...given, 'flow.normParts': from.normParts } : given;
    const scaling = from?.scaling ?? scalingOf(task, recipe);
    const setupOn = (report: GpuContext['report']) => trainingSetup(report, task, recipe, sizes, scaling);
    const { task: shape, net } = setupOn(gpu.report);
    this.#fixed = { recipe, scaling, normParts: sizes['flow.normParts'] };
    this.#model = { task: shape, net, scaling };
    const { look } = listener;
    this.#loop = new TrainingLoop(gpu, (report) => velocityTraining(setupOn(report)), from, options, {
      progress: (report) => listener.progress?.(report),
      kept: () => listener.kept?.(this.checkpoint),
      lost: (message, step) => listener.lost?.(message, step),
      look: look && ((state, device) => look.call(listener, this.#modelOf(state), state.step, device)),
    });
  }

  get report(): TrainingReport {
    return this.#loop.report;
  }

  /** The memory that it takes. */
  get plan(): BufferPlan {
    return this.#loop.plan;
  }

  /** The network of the last kept state. */
  get model(): VelocityModel {
    return this.#modelOf(this.#loop.kept.state);
  }

  get checkpoint(): TrainingCheckpoint {
    return { ...this.#fixed, ...this.#loop.kept };
  }

  /** Waits after the steps under way; memory stays taken. */
  pause(): void {
    this.#loop.pause();
  }

  resume(): void {
    this.#loop.resume();
  }

  /** Ends after the steps under way with what there is. */
  stop(): void {
    this.#loop.stop();
  }

  /** Trains until the recipe's last step or `stop`. Throws as `TrainingLoop.run` does; `checkpoint` holds the last kept state then. */
  async run(): Promise<TrainingOutcome> {
    await this.#loop.run();
    return { model: this.model, checkpoint: this.checkpoint, report: this.report };
  }

  #modelOf(state: TrainerState): VelocityModel {
    return { ...this.#model, weights: averageOf(state) };
  }
}
