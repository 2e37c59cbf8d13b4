/** The training of a small decoder: the loop of `src/nn/training/loop.ts`, judged by texts that it does not see. */
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
import type { DecoderSpec } from '../../../nn/transformer/spec.ts';
import { DecoderEvaluator } from '../../../nn/transformer/training/evaluator.ts';
import { llamaWeights } from '../../../nn/transformer/training/llama-files.ts';
import type { PathCheckpoint } from './checkpoint-path.ts';
import { type Corpus, predicted } from './corpus.ts';
import { type StoryRecipe, specOf } from './recipe.ts';
import { type StorySetup, type SumOrder, storyTraining, sumOrder, tensorSizes } from './setup.ts';

/** Mean −log p of texts' tokens, nats a token, and its standard error over texts. */
export interface HeldOutLoss {
  readonly nats: number;
  readonly error: number;
  readonly texts: number;
}

/** What the validation texts said of the averaged weights at a step. */
export interface Judgement extends HeldOutLoss {
  readonly step: number;
}

/** What a training goes on from. */
export interface StoryCheckpoint extends KeptTraining {
  readonly recipe: StoryRecipe;
  readonly judgements: readonly Judgement[];
  /** Of the batch table, what orders sums. */
  readonly order: SumOrder;
}

export interface StoryTrainingListener extends Pick<LoopListener, 'progress' | 'lost'> {
  /** Behind every judgement; `weights` are those that were judged. The training waits. */
  judged?(judgements: readonly Judgement[], weights: Float32Array<ArrayBuffer>): void | Promise<void>;
  /** A checkpoint of the path; the training waits. */
  passed?(checkpoint: PathCheckpoint): void | Promise<void>;
  /** What to go on from, every `keepMs` and at the end; the training waits for it. */
  kept?(checkpoint: StoryCheckpoint): void | Promise<void>;
}

export interface StoryTrainingOptions extends Pick<LoopOptions, 'reopen' | 'everyMs' | 'keepMs' | 'marks'> {
  readonly gpu: GpuContext;
  readonly recipe: StoryRecipe;
  readonly corpus: Corpus;
  readonly sizes?: BatchSizes;
  readonly from?: StoryCheckpoint;
  readonly listener?: StoryTrainingListener;
}

export class StoryTrainingRun {
  readonly #setup: StorySetup;
  readonly #loop: TrainingLoop;
  readonly #listener: StoryTrainingListener;
  #judgements: readonly Judgement[];
  readonly #passed = new Map<number, PathCheckpoint>();
  #gpu: GpuContext;
  #evaluator: Promise<DecoderEvaluator> | undefined;

  /** @throws ConfigError for a recipe that cannot be trained on these texts */
  constructor({ gpu, recipe, corpus, sizes = defaultSizes, from, listener = {}, ...options }: StoryTrainingOptions) {
    const order = from?.order ?? sumOrder(sizes, gpu.report);
    const spec = specOf(recipe, Object.keys(corpus.vocabulary).length);
    this.#setup = { recipe, spec, corpus, sizes, order };
    this.#listener = listener;
    this.#judgements = from?.judgements ?? [];
    this.#gpu = gpu;
    this.#loop = new TrainingLoop(
      gpu,
      (report) => storyTraining(this.#setup, report),
      from,
      { ...options, lookSteps: recipe.judgeEvery },
      {
        progress: (report) => listener.progress?.(report),
        kept: () => listener.kept?.(this.checkpoint),
        lost: (message, step) => listener.lost?.(message, step),
        look: (state, device) => this.#judge(state, device),
        marked: (state) => this.#pass(state),
      },
    );
  }

  get report(): TrainingReport {
    return this.#loop.report;
  }

  get spec(): DecoderSpec {
    return this.#setup.spec;
  }

  get corpus(): Corpus {
    return this.#setup.corpus;
  }

  get judgements(): readonly Judgement[] {
    return this.#judgements;
  }

  /** The memory of the training and of what judges it. */
  get plan(): BufferPlan {
    const { sizes, order } = this.#setup;
    const judge = DecoderEvaluator.plan(this.#shape, tensorSizes(sizes, this.#gpu.report, order));
    const { chunk, buffers } = this.#loop.plan;
    return {
      chunk,
      buffers: [...buffers, ...judge.buffers.map((buffer) => ({ ...buffer, name: `judge.${buffer.name}` }))],
    };
  }

  /** Checkpoints of the path passed in this sitting, up to the chosen weights, which are the last; none where none were asked for. */
  get path(): readonly PathCheckpoint[] {
    const passed = [...this.#passed.values()];
    if (passed.length === 0) return [];
    const { step, weights } = this.chosen;
    return [...passed.filter((one) => one.step < step), { step, bytes: llamaWeights(this.spec, weights) }];
  }

  get checkpoint(): StoryCheckpoint {
    const { recipe, order } = this.#setup;
    return { recipe, order, ...this.#loop.kept, judgements: this.#judgements };
  }

  /** The step and the averaged weights that are used: the last kept ones. */
  get chosen(): { readonly step: number; readonly weights: Float32Array<ArrayBuffer> } {
    const { state } = this.#loop.kept;
    return { step: state.step, weights: averageOf(state) };
  }

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

  /** Trains until the recipe's last step, or until `stop`. */
  async run(): Promise<void> {
    await this.#loop.run();
  }

  /** The loss of the held-out texts under the chosen weights. Throws as `GpuContext` does. */
  async score(): Promise<HeldOutLoss> {
    const evaluator = await this.#open(this.#gpu);
    evaluator.use(this.chosen.weights);
    return lossOf(evaluator, this.corpus.heldOut);
  }

  /** Frees what judges. */
  async close(): Promise<void> {
    const open = this.#evaluator;
    this.#evaluator = undefined;
    (await open?.catch(() => undefined))?.close();
  }

  get #shape() {
    const { spec, corpus, sizes } = this.#setup;
    const longest = [...corpus.validation, ...corpus.heldOut].reduce((most, { length }) => Math.max(most, length), 2);
    return { spec, texts: sizes['activations.judgedTexts'], length: Math.min(longest - 1, spec.positions) };
  }

  async #open(gpu: GpuContext): Promise<DecoderEvaluator> {
    if (gpu !== this.#gpu) {
      // The device was lost, and with it what had been opened there.
      this.#gpu = gpu;
      this.#evaluator = undefined;
    }
    const { sizes, order } = this.#setup;
    this.#evaluator ??= DecoderEvaluator.open(gpu, this.#shape, tensorSizes(sizes, gpu.report, order));
    return this.#evaluator;
  }

  async #pass(state: TrainerState): Promise<void> {
    const { step } = state;
    const checkpoint = { step, bytes: llamaWeights(this.spec, averageOf(state)) };
    this.#passed.set(step, checkpoint);
    await this.#listener.passed?.(checkpoint);
  }

  async #judge(state: TrainerState, gpu: GpuContext): Promise<void> {
    const weights = averageOf(state);
    const evaluator = await this.#open(gpu);
    evaluator.use(weights);
    const judgement = { step: state.step, ...(await lossOf(evaluator, this.corpus.validation)) };
    this.#judgements = [...this.#judgements.filter(({ step }) => step < state.step), judgement];
    await this.#listener.judged?.(this.#judgements, weights);
  }
}

/** Σ nats / Σ tokens, and the standard error of that ratio over texts. */
async function lossOf(evaluator: DecoderEvaluator, texts: readonly Uint16Array[]): Promise<HeldOutLoss> {
  const each = await evaluator.nats(texts);
  const tokens = predicted(texts);
  const nats = each.reduce((sum, own) => sum + own, 0) / tokens;
  const squares = each.reduce((sum, own, i) => sum + (own - nats * (texts[i].length - 1)) ** 2, 0);
  const error = (Math.sqrt(squares) / tokens) * Math.sqrt(texts.length / Math.max(texts.length - 1, 1));
  return { nats, error, texts: texts.length };
}
