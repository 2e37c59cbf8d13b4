/** The training of a score network: the loop of `src/nn/training/loop.ts`, judged by cells that it does not see, and ended when these say so. */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { ScoreEvaluator } from '../../../nn/score-network/training/evaluator.ts';
import {
  type KeptTraining,
  type LoopListener,
  type LoopOptions,
  TrainingLoop,
  type TrainingReport,
} from '../../../nn/training/loop.ts';
import { averageOf, type TrainerState } from '../../../nn/training/state.ts';
import type { TokenData } from '../data/types.ts';
import type { NetworkModel } from '../model.ts';
import { type HeldOutScore, judge, scoreHeldOut } from './held-out-score.ts';
import type { CellsRecipe } from './recipe.ts';
import {
  cellsTraining,
  type SumOrder,
  sumOrder,
  type TrainingParts,
  type TrainingSetup,
  tensorSizes,
  trainingSetup,
} from './setup.ts';

/** What the validation cells said of the averaged weights at a step. */
export interface Judgement {
  readonly step: number;
  /** NELBO, nats a gene, and its standard error over cells. */
  readonly nats: number;
  readonly error: number;
}

/** The averaged weights of the best judgement so far. */
export interface BestSoFar extends Judgement {
  readonly weights: Float32Array<ArrayBuffer>;
}

/** What a training goes on from. */
export interface CellsCheckpoint extends KeptTraining {
  readonly recipe: CellsRecipe;
  /** "sha256:…" of the tokens: another training would begin with others. */
  readonly data: string;
  readonly judgements: readonly Judgement[];
  readonly best?: BestSoFar;
  /** Of the batch table, what orders sums. */
  readonly order: SumOrder;
}

export interface CellsTrainingListener extends Pick<LoopListener, 'progress' | 'lost'> {
  judged?(judgements: readonly Judgement[]): void;
  /** What to go on from, every `keepMs` and at the end; the training waits for it. */
  kept?(checkpoint: CellsCheckpoint): void | Promise<void>;
}

export interface CellsTrainingOptions extends Pick<LoopOptions, 'reopen' | 'everyMs' | 'keepMs'> {
  readonly gpu: GpuContext;
  readonly recipe: CellsRecipe;
  readonly data: TokenData;
  /** "sha256:…" of the tokens. */
  readonly dataHash: string;
  readonly sizes?: BatchSizes;
  readonly from?: CellsCheckpoint;
  readonly listener?: CellsTrainingListener;
}

export class CellsTrainingRun {
  readonly #setup: TrainingSetup;
  readonly #loop: TrainingLoop;
  readonly #listener: CellsTrainingListener;
  readonly #fixed: Pick<CellsCheckpoint, 'recipe' | 'data' | 'order'>;
  #judgements: readonly Judgement[];
  #best: BestSoFar | undefined;
  #early = false;
  #stopped = false;
  #gpu: GpuContext;
  #evaluator: Promise<ScoreEvaluator> | undefined;

  /** @throws ConfigError for a recipe that cannot be trained on these data */
  constructor({
    gpu,
    recipe,
    data,
    dataHash,
    sizes = defaultSizes,
    from,
    listener = {},
    ...options
  }: CellsTrainingOptions) {
    const order = from?.order ?? sumOrder(sizes, gpu.report);
    this.#setup = trainingSetup(recipe, data, sizes, order);
    this.#fixed = { recipe, data: dataHash, order };
    this.#listener = listener;
    this.#judgements = from?.judgements ?? [];
    this.#best = from?.best;
    this.#gpu = gpu;
    const judged = this.#setup.parts.validation.length > 0;
    this.#loop = new TrainingLoop(
      gpu,
      (report) => cellsTraining(this.#setup, report),
      from,
      { ...options, lookSteps: judged ? recipe.judgeEvery : undefined },
      {
        progress: (report) => listener.progress?.(report),
        kept: () => listener.kept?.(this.checkpoint),
        lost: (message, step) => listener.lost?.(message, step),
        look: judged ? (state, device) => this.#judge(state, device) : undefined,
      },
    );
  }

  get report(): TrainingReport {
    return this.#loop.report;
  }

  /** The memory of the training and of what judges it. */
  get plan(): BufferPlan {
    const { spec, recipe, sizes, order } = this.#setup;
    const shared = tensorSizes(sizes, this.#gpu.report, order);
    const judge = ScoreEvaluator.plan(spec, recipe.precision, sizes['cells.judgedCells'], shared);
    const plan = this.#loop.plan;
    return {
      chunk: plan.chunk,
      buffers: [...plan.buffers, ...judge.buffers.map((buffer) => ({ ...buffer, name: `judge.${buffer.name}` }))],
    };
  }

  get parts(): TrainingParts {
    return this.#setup.parts;
  }

  get spec(): TrainingSetup['spec'] {
    return this.#setup.spec;
  }

  /** Where the counts are from, in words. */
  get source(): string {
    return this.#setup.data.source;
  }

  get judgements(): readonly Judgement[] {
    return this.#judgements;
  }

  /** Whether the validation cells ended it before the recipe's last step. */
  get endedEarly(): boolean {
    return this.#early;
  }

  get checkpoint(): CellsCheckpoint {
    return { ...this.#fixed, ...this.#loop.kept, judgements: this.#judgements, best: this.#best };
  }

  /** The step and the weights that are used: the average of the best judgement, or the last one. */
  get chosen(): { readonly step: number; readonly weights: Float32Array<ArrayBuffer> } {
    const { state } = this.#loop.kept;
    return this.#best ?? { step: state.step, weights: averageOf(state) };
  }

  get model(): NetworkModel {
    const { spec, data } = this.#setup;
    const { genes, bins, perturbation, cellType } = data;
    return {
      kind: 'network',
      spec,
      weights: this.chosen.weights,
      provenance: {},
      genes,
      bins,
      perturbations: perturbation?.names ?? [],
      cellTypes: cellType?.names ?? [],
    };
  }

  pause(): void {
    this.#loop.pause();
  }

  resume(): void {
    this.#loop.resume();
  }

  /** Ends after the steps under way with what there is. */
  stop(): void {
    this.#stopped = true;
    this.#loop.stop();
  }

  /** Trains until the recipe's last step, until the validation cells have not been better known for `patience` judgements, or until `stop`. */
  async run(): Promise<void> {
    await this.#loop.run();
  }

  /** What the held-out cells say of the chosen weights. Throws as `GpuContext` does. */
  async score(): Promise<HeldOutScore> {
    const { spec, data, parts } = this.#setup;
    const evaluator = await this.#open(this.#gpu);
    evaluator.use(this.chosen.weights);
    return scoreHeldOut(evaluator, spec, data, parts.heldOut);
  }

  /** Frees what judges. */
  async close(): Promise<void> {
    const open = this.#evaluator;
    this.#evaluator = undefined;
    (await open?.catch(() => undefined))?.close();
  }

  async #open(gpu: GpuContext): Promise<ScoreEvaluator> {
    if (gpu !== this.#gpu) {
      // The device was lost, and with it what had been opened there.
      this.#gpu = gpu;
      this.#evaluator = undefined;
    }
    const { spec, recipe, sizes, order } = this.#setup;
    const cells = sizes['cells.judgedCells'];
    this.#evaluator ??= ScoreEvaluator.open(gpu, spec, recipe.precision, cells, tensorSizes(sizes, gpu.report, order));
    return this.#evaluator;
  }

  async #judge(state: TrainerState, gpu: GpuContext): Promise<void> {
    const { spec, data, parts, recipe } = this.#setup;
    const weights = averageOf(state);
    const evaluator = await this.#open(gpu);
    evaluator.use(weights);
    const { nats, error } = await judge(evaluator, spec, data, parts.validation);
    const judgement = { step: state.step, nats, error };
    this.#judgements = [...this.#judgements.filter(({ step }) => step < state.step), judgement];
    if (!this.#best || nats < this.#best.nats) this.#best = { ...judgement, weights };
    this.#listener.judged?.(this.#judgements);
    const since = this.#judgements.filter(({ step }) => step > (this.#best?.step ?? 0)).length;
    if (since < recipe.patience || this.#stopped) return;
    this.#early = true;
    this.#loop.stop();
  }
}
