/** Training as a job: one at a time, told to the page step by step; the model trained last can be saved, and used by runs. */
import { guessMemoryClass } from '../../../batch/memory-class.ts';
import { sizesFor } from '../../../batch/sizes.ts';
import type { FolderPart } from '../../../bundle/blob-folder.ts';
import { sortFiles, zipBundle } from '../../../bundle/zip.ts';
import { parameterCount } from '../../../nn/transformer/weights.ts';
import { NotNowError } from '../../../worker/errors.ts';
import type { Begun, Job, JobSetting } from '../../../worker/jobs.ts';
import { type HeldSetting, HeldTraining, type TakenNetwork } from '../../../worker/training/held.ts';
import type { SavedNetwork } from '../../../worker/training/types.ts';
import { checkpointName, checkpointSteps, PATH_FOLDER } from '../training/checkpoint-path.ts';
import { type Baselines, baselines, storyCorpus } from '../training/corpus.ts';
import { modelFiles } from '../training/folder.ts';
import { checkStoryRecipe, checkTrainingSizes, DEFAULT_RECIPE, optimiserOf } from '../training/recipe.ts';
import { type HeldOutLoss, StoryTrainingRun } from '../training/run.ts';
import { sampleStories } from '../training/samples.ts';
import type { TrainedPath, TrainingEvent, TrainingTypes, TrainingWish, TrainReply } from './training-types.ts';

export const trainingJob = (setting: JobSetting): TrainingJob => new TrainingJob(setting);

/** Role of the folder that runs take a model from. */
const ROLE = 'model';

export class TrainingJob implements Job<TrainingTypes> {
  readonly #setting: HeldSetting;
  readonly #held: HeldTraining<StoryTrainingRun>;
  readonly messages: TrainingTypes['messages'];
  #score: HeldOutLoss | undefined;
  #baselines: Baselines | undefined;
  #adapter = '';

  constructor(setting: HeldSetting) {
    this.#setting = setting;
    this.#held = new HeldTraining(
      setting,
      (run) => this.#zip(run),
      (run) => this.#folder(run),
    );
    this.messages = { ...this.#held.messages, path: () => this.#path() };
  }

  /**
   * Replies when the first steps are done. A signal that aborts ends it with the model so far. Throws `ConfigError`, `TrainingMemoryError`,
   * the typed errors of `GpuContext`, and `NotNowError` where there is no GPU.
   */
  async start(wish: TrainingWish, signal: AbortSignal): Promise<Begun<TrainReply>> {
    const { config: _, steps, rate, checkpoints = 0, sizes: given = {}, ...changes } = wish;
    const recipe = checkStoryRecipe({
      ...DEFAULT_RECIPE,
      ...changes,
      optimiser: optimiserOf(DEFAULT_RECIPE.optimiser, { steps, rate }),
    });
    const marks = checkpointSteps(checkpoints, recipe.optimiser.steps);
    const overrides = checkTrainingSizes(given);
    const device = () => this.#held.device('f32');
    const gpu = await device();
    const corpus = storyCorpus(recipe);
    const sizes = sizesFor(guessMemoryClass(gpu.report), overrides);
    const post = (event: TrainingEvent) => this.#setting.post(event);
    let now = gpu;
    const { run, ended } = await this.#held.begin(
      {
        make: (listener) => {
          this.#score = undefined;
          this.#baselines = undefined;
          this.#adapter = gpu.report.name;
          const made: StoryTrainingRun = new StoryTrainingRun({
            gpu,
            recipe,
            corpus,
            sizes,
            marks,
            reopen: async () => {
              now = await device();
              return now;
            },
            listener: {
              ...listener,
              judged: async (judgements, weights) => {
                post({ type: 'judged', judgements });
                const { spec } = made;
                const step = judgements[judgements.length - 1].step;
                const { vocabulary } = corpus;
                const asked = { spec, weights, vocabulary, sizes, temperature: 1, seed: step };
                post({ type: 'samples', step, texts: await sampleStories(now, asked) });
              },
            },
          });
          return made;
        },
        train: (run) => this.#train(run, () => signal.aborted, post),
        close: (run) => run.close(),
        over: (run, error) => post({ type: 'ended', report: run.report, error }),
      },
      signal,
    );
    const { spec, plan } = run;
    const stories = {
      training: corpus.begins.length,
      validation: corpus.validation.length,
      heldOut: corpus.heldOut.length,
    };
    const { batch, length } = recipe;
    return { reply: { spec, parameters: parameterCount(spec), plan, stories, batch, length, checkpoints }, ended };
  }

  /** To the end, which is the held-out stories' loss unless somebody stopped it. */
  async #train(run: StoryTrainingRun, stopped: () => boolean, post: (event: TrainingEvent) => void): Promise<void> {
    this.#baselines = baselines(run.corpus);
    post({ type: 'baselines', ...this.#baselines, entropy: run.corpus.entropy });
    await run.run();
    if (stopped()) return;
    this.#score = await run.score();
    post({ type: 'score', score: this.#score });
  }

  /** Files of the model so far. */
  #files(run: StoryTrainingRun): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
    return modelFiles(run, {
      adapter: this.#adapter,
      date: new Date().toISOString().slice(0, 10),
      score: this.#score,
      baselines: this.#baselines ?? baselines(run.corpus),
    });
  }

  async #zip(run: StoryTrainingRun): Promise<SavedNetwork> {
    const name = nameOf(run);
    const path = run.path.map(({ step, bytes }) => [`${PATH_FOLDER}/${checkpointName(step)}`, bytes] as const);
    const all = [...this.#files(run), ...path];
    const files = sortFiles(all.map(([file, bytes]) => ({ path: `${name}/${file}`, bytes })));
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of zipBundle(files)) pieces.push(piece);
    return { name: `${name}.zip`, bytes: new Uint8Array(await new Blob(pieces).arrayBuffer()) };
  }

  /** Model and checkpoints of the training that is held. */
  #path(): TrainedPath {
    const run = this.#held.trained();
    const path = run.path.map(({ step, bytes }) => ({ name: checkpointName(step), file: new Blob([bytes]) }));
    if (path.length < 2)
      throw new NotNowError('The training has kept no checkpoints.', 'Train with two checkpoints or more.');
    const { name, given } = this.#folder(run);
    return { name, model: given as readonly FolderPart[], path };
  }

  #folder(run: StoryTrainingRun): TakenNetwork {
    const given = [...this.#files(run)].map(([name, bytes]) => ({ name, file: new Blob([bytes]) }));
    return { role: ROLE, name: nameOf(run), given };
  }
}

const nameOf = (run: StoryTrainingRun) => `stories-${run.chosen.step}`;
