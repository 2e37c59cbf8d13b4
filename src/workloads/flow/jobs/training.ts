/** Training as a job: one at a time, told to the page step by step; the network trained last can be saved and used. */
import { guessMemoryClass } from '../../../batch/memory-class.ts';
import { sizesFor } from '../../../batch/sizes.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { LimitError, OutOfMemoryError } from '../../../gpu/errors.ts';
import { mlpLayout } from '../../../nn/mlp.ts';
import type { Begun, Job, JobSetting } from '../../../worker/jobs.ts';
import { type HeldSetting, HeldTraining } from '../../../worker/training/held.ts';
import type { SavedNetwork } from '../../../worker/training/types.ts';
import { ConfigError } from '../../workload.ts';
import { draw } from '../evaluation/evaluate.ts';
import type { VelocityModel } from '../model.ts';
import { SAMPLES_A_GROUP } from '../sampling/plan.ts';
import type { FlowTask, Observation } from '../tasks/task.ts';
import { checkPrecision, checkRecipe, checkSizes } from '../training/check-recipe.ts';
import { provenanceOf } from '../training/provenance.ts';
import { optimiserWith, type Recipe, recipeFor } from '../training/recipe.ts';
import { TrainingRun } from '../training/run.ts';
import { encodeNetwork } from '../weights/network-file.ts';
import { Scorer } from './scorer.ts';
import type { TrainingEvent, TrainingTypes, TrainingWish, TrainReply } from './training-types.ts';

export interface TrainingWays {
  readonly scorer?: () => Scorer;
  /** Milliseconds from one look to the next. */
  readonly lookMs?: number;
}

/** How samples of a look are drawn: what the experiment does by default. */
const SAMPLING = { solver: 'midpoint', steps: 10, precision: 'f32' } as const;
const LOOK_SEED = 1;
/** Samples on either side of a score: few, so that it takes seconds. */
const SCORE_SAMPLES = 1000;

export const trainingJob = (setting: JobSetting): TrainingJob => new TrainingJob(setting);

export class TrainingJob implements Job<TrainingTypes> {
  readonly #setting: HeldSetting;
  readonly #ways: TrainingWays;
  readonly #held: HeldTraining<TrainingRun>;
  readonly messages: TrainingTypes['messages'];
  #adapter = '';

  constructor(setting: HeldSetting, ways: TrainingWays = {}) {
    this.#setting = setting;
    this.#ways = ways;
    this.#held = new HeldTraining(setting, (run) => this.#file(run));
    this.messages = this.#held.messages;
  }

  /**
   * Replies when the first steps are done. A signal that aborts ends it with the network so far. Throws `ConfigError`, `TrainingMemoryError`,
   * the typed errors of `GpuContext`, and `NotNowError` where there is no GPU.
   */
  async start(wish: TrainingWish, signal: AbortSignal): Promise<Begun<TrainReply>> {
    const recipe = recipeOf(wish);
    const task = checkRecipe(recipe);
    const overrides = checkSizes(wish.sizes ?? {});
    const observation = observationOf(task, wish.observation);
    const device = () => this.#held.device(recipe.precision);
    const gpu = await device();
    checkPrecision(recipe.precision, gpu.report);
    const sizes = sizesFor(guessMemoryClass(gpu.report), overrides);
    const { warn } = this.#setting;
    const post = (event: TrainingEvent) => this.#setting.post(event);
    const { lookMs, scorer: startScorer = () => new Scorer() } = this.#ways;
    const scorer = startScorer();
    const particles = SAMPLES_A_GROUP * sizes['flow.trainingLookGroups'];
    const look = new Looks(task, observation, particles, scorer, post, warn);
    const { run, ended } = await this.#held.begin(
      {
        make: (listener) => {
          this.#adapter = gpu.report.name;
          return new TrainingRun({
            gpu,
            task,
            recipe,
            sizes,
            lookMs,
            reopen: device,
            listener: { ...listener, look: (model, step, gpu) => look.take(model, step, gpu) },
          });
        },
        train: (run) => run.run(),
        close: () => scorer.close(),
        over: ({ report }, error) => post({ type: 'ended', report, error }),
      },
      signal,
    );
    return { reply: { recipe, parameters: mlpLayout(run.model.net).parameters, plan: run.plan }, ended };
  }

  #file({ model, checkpoint }: TrainingRun): SavedNetwork {
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
    readonly post: (event: TrainingEvent) => void,
    readonly warn: (message: string) => void,
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
      post({ type: 'look', look: { step, observation: observation.id, samples: shown, dimension } });
      if (scored) void this.#score(samples.slice(0, SCORE_SAMPLES * dimension), step);
    } catch (thrown) {
      this.#explain(thrown);
    }
  }

  async #score(samples: Float32Array, step: number): Promise<void> {
    const { task, observation, scorer, post, warn } = this;
    const reply = await scorer.ask({ task: task.id, observation: observation.id, samples, seed: LOOK_SEED });
    if (reply?.type === 'score') {
      const { c2st, selfControl } = reply;
      post({
        type: 'score',
        score: { step, observation: observation.id, c2st, selfControl, samples: SCORE_SAMPLES },
      });
    }
    if (reply?.type === 'failed') warn(`No C2ST: ${reply.message}.`);
  }

  /** A look that does not fit, or a network that hits the prior too rarely yet, is no end of a training. */
  #explain(thrown: unknown): void {
    if (thrown instanceof Error && thrown.name === 'FlowSampleError') return;
    if (!(thrown instanceof OutOfMemoryError || thrown instanceof LimitError)) throw thrown;
    this.#enough = false;
    this.warn(`There is no memory for looks at the training (${thrown.message}); it goes on without.`);
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
