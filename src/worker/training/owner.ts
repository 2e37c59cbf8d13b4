/** The worker's training: one at a time, told to the page step by step. Loaded when the page first asks for one. */
import { guessMemoryClass } from '../../batch/memory-class.ts';
import { sizesFor } from '../../batch/sizes.ts';
import { describeError } from '../../engine/errors.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { LimitError, OutOfMemoryError } from '../../gpu/errors.ts';
import { mlpLayout } from '../../nn/mlp.ts';
import { draw } from '../../workloads/flow/evaluation/evaluate.ts';
import type { VelocityModel } from '../../workloads/flow/model.ts';
import { SAMPLES_A_GROUP } from '../../workloads/flow/sampling/plan.ts';
import type { FlowTask, Observation } from '../../workloads/flow/tasks/task.ts';
import { checkPrecision, checkRecipe, checkSizes } from '../../workloads/flow/training/check-recipe.ts';
import { provenanceOf } from '../../workloads/flow/training/provenance.ts';
import { optimiserWith, type Recipe, recipeFor } from '../../workloads/flow/training/recipe.ts';
import { TrainingRun } from '../../workloads/flow/training/run.ts';
import { encodeNetwork } from '../../workloads/flow/weights/network-file.ts';
import { ConfigError, type Precision } from '../../workloads/workload.ts';
import { Scorer } from './scorer.ts';
import type { SavedNetwork, TrainingEvent, TrainingWish, TrainReply } from './types.ts';

type Log = { readonly type: 'log'; readonly level: 'info' | 'warning'; readonly message: string };

export interface TrainingOwnerOptions {
  /** The open device, which has passed its self-test in that precision; a new one after a loss. */
  readonly device: (precision: Precision) => Promise<GpuContext>;
  readonly post: (event: TrainingEvent | Log) => void;
  readonly scorer?: () => Scorer;
  /** Milliseconds from one look to the next. */
  readonly lookMs?: number;
}

/** How samples of a look are drawn: what the experiment does by default. */
const SAMPLING = { solver: 'midpoint', steps: 10, precision: 'f32' } as const;
const LOOK_SEED = 1;
/** Samples on either side of a score: few, so that it takes seconds. */
const SCORE_SAMPLES = 1000;

export class TrainingOwner {
  readonly #options: TrainingOwnerOptions;
  #run: TrainingRun | undefined;
  #adapter = '';
  #busy = false;

  constructor(options: TrainingOwnerOptions) {
    this.#options = options;
  }

  /** A training holds the device, paused ones included. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Starts, and resolves when the first steps are done. Throws `ConfigError`, `TrainingMemoryError`, the typed errors of `GpuContext`. */
  async start(wish: TrainingWish): Promise<TrainReply> {
    const recipe = recipeOf(wish);
    const task = checkRecipe(recipe);
    const overrides = checkSizes(wish.sizes ?? {});
    const observation = observationOf(task, wish.observation);
    const gpu = await this.#options.device(recipe.precision);
    checkPrecision(recipe.precision, gpu.report);
    const sizes = sizesFor(guessMemoryClass(gpu.report), overrides);
    const { post, lookMs, scorer: startScorer = () => new Scorer() } = this.#options;
    const scorer = startScorer();
    const look = new Looks(task, observation, SAMPLES_A_GROUP * sizes['flow.trainingLookGroups'], scorer, post);
    let told = false;
    let began = () => {};
    const first = new Promise<void>((resolve) => {
      began = () => {
        told = true;
        resolve();
      };
    });
    const run = new TrainingRun({
      gpu,
      task,
      recipe,
      sizes,
      lookMs,
      reopen: () => this.#options.device(recipe.precision),
      listener: {
        progress: (report) => {
          began();
          post({ type: 'trainingProgress', report });
        },
        look: (model, step, gpu) => look.take(model, step, gpu),
        lost: (message, step) =>
          post({ type: 'log', level: 'warning', message: `${message} The training goes on from step ${step}.` }),
      },
    });
    this.#busy = true;
    const before = this.#run;
    this.#run = run;
    this.#adapter = gpu.report.name;
    const ended = run
      .run()
      .then(
        () => undefined,
        (thrown: unknown) => ({ thrown }),
      )
      .then((failure) => {
        this.#busy = false;
        scorer.close();
        if (!told && failure) {
          this.#run = before;
          throw failure.thrown;
        }
        const error = failure && describeError(failure.thrown);
        post({ type: 'trainingEnded', report: run.report, error });
      });
    await Promise.race([first, ended]);
    return { recipe, parameters: mlpLayout(run.model.net).parameters, plan: run.plan };
  }

  pause(paused: boolean): void {
    if (paused) this.#run?.pause();
    else this.#run?.resume();
  }

  /** Ends with what there is. */
  stop(): void {
    this.#run?.stop();
  }

  /** The network of the last kept step, as a file; undefined before there is one. */
  network(): SavedNetwork | undefined {
    const run = this.#run;
    if (!run || run.checkpoint.state.step === 0) return undefined;
    const { model, checkpoint } = run;
    const bytes = encodeNetwork({ model, provenance: provenanceOf(checkpoint, this.#adapter) });
    return { name: `${model.task.id}-${checkpoint.state.step}.safetensors`, bytes };
  }
}

/** What is drawn from the network while it is trained. */
class Looks {
  #enough = true;

  constructor(
    readonly task: FlowTask,
    readonly observation: Observation,
    readonly particles: number,
    readonly scorer: Scorer,
    readonly post: TrainingOwnerOptions['post'],
  ) {}

  /** A look, and a score where none is under way. Rejects where the device is lost. */
  async take(model: VelocityModel, step: number, gpu: GpuContext): Promise<void> {
    if (!this.#enough) return;
    const { task, observation, particles, scorer, post } = this;
    const scored = scorer.free;
    const wanted = Math.max(particles, scored ? SCORE_SAMPLES : 0);
    try {
      const { samples } = await draw(gpu, model, task, SAMPLING, observation.x, wanted, LOOK_SEED);
      const dimension = task.thetaDim;
      const shown = samples.slice(0, particles * dimension);
      post({ type: 'trainingLook', look: { step, observation: observation.id, samples: shown, dimension } });
      if (scored) void this.#score(samples.slice(0, SCORE_SAMPLES * dimension), step);
    } catch (thrown) {
      this.#explain(thrown);
    }
  }

  async #score(samples: Float32Array, step: number): Promise<void> {
    const { task, observation, scorer, post } = this;
    const reply = await scorer.ask({ task: task.id, observation: observation.id, samples, seed: LOOK_SEED });
    if (reply?.type === 'score') {
      const { c2st, selfControl } = reply;
      post({
        type: 'trainingScore',
        score: { step, observation: observation.id, c2st, selfControl, samples: SCORE_SAMPLES },
      });
    }
    if (reply?.type === 'failed') post({ type: 'log', level: 'warning', message: `No C2ST: ${reply.message}.` });
  }

  /** A look that does not fit, or a network that hits the prior too rarely yet, is no end of a training. */
  #explain(thrown: unknown): void {
    if (thrown instanceof Error && thrown.name === 'FlowSampleError') return;
    if (!(thrown instanceof OutOfMemoryError || thrown instanceof LimitError)) throw thrown;
    this.#enough = false;
    this.post({
      type: 'log',
      level: 'warning',
      message: `There is no memory for looks at the training (${thrown.message}); it goes on without.`,
    });
  }
}

function recipeOf({ steps, rate, observation: _, sizes: __, ...changes }: TrainingWish): Recipe {
  const base = recipeFor(changes.task, changes);
  return { ...base, optimiser: optimiserWith(base.optimiser, { steps, rate }) };
}

function observationOf(task: FlowTask, id: string | undefined): Observation {
  const found = id === undefined ? task.observations[0] : task.observations.find((each) => each.id === id);
  if (found) return found;
  const known = task.observations.map((each) => each.id).join(', ');
  throw new ConfigError('observation', `${task.title} has the observations ${known}, not "${id}".`);
}
