/** Training as a job: one at a time, told to the page step by step; the network trained last can be saved and used. */
import { guessMemoryClass } from '../../../batch/memory-class.ts';
import { sizesFor } from '../../../batch/sizes.ts';
import { sha256Of } from '../../../bundle/sha256.ts';
import { parseRunConfig } from '../../../engine/config/run-config.ts';
import { scoreParameters } from '../../../nn/score-network/spec.ts';
import type { Begun, Job, JobSetting } from '../../../worker/jobs.ts';
import { type HeldSetting, HeldTraining } from '../../../worker/training/held.ts';
import type { SavedNetwork } from '../../../worker/training/types.ts';
import type { RunInputs } from '../../workload.ts';
import { fitBaselines } from '../baselines/scores.ts';
import { makeBins } from '../data/bins.ts';
import { shippedTokens } from '../data/shipped.ts';
import type { TokenData } from '../data/types.ts';
import { dataOf } from '../files/roles.ts';
import { ownTokens } from '../load.ts';
import { type CellsParams, readCellsParams } from '../params.ts';
import { checkCellsRecipe, checkCellsSizes, checkPrecision } from '../training/check-recipe.ts';
import { type HeldOutScore, MASK_SEED } from '../training/held-out-score.ts';
import { encodeTrained } from '../training/provenance.ts';
import { DEFAULT_RECIPE, optimiserOf } from '../training/recipe.ts';
import { CellsTrainingRun } from '../training/run.ts';
import type { TrainingEvent, TrainingTypes, TrainingWish, TrainReply } from './training-types.ts';

/** What of its setting a training takes. */
export type TrainingSetting = HeldSetting & Pick<JobSetting, 'registry' | 'inputs'>;

export const trainingJob = (setting: JobSetting): TrainingJob => new TrainingJob(setting);

export class TrainingJob implements Job<TrainingTypes> {
  readonly #setting: TrainingSetting;
  readonly #held: HeldTraining<CellsTrainingRun>;
  readonly messages: TrainingTypes['messages'];
  #score: HeldOutScore | undefined;
  #adapter = '';

  constructor(setting: TrainingSetting) {
    this.#setting = setting;
    this.#held = new HeldTraining(setting, (run) => this.#file(run));
    this.messages = this.#held.messages;
  }

  /**
   * Replies when the first steps are done. A signal that aborts ends it with the network so far. Throws `ConfigError`, `FileError`,
   * `TrainingMemoryError`, the typed errors of `GpuContext`, and `NotNowError` where there is no GPU.
   */
  async start(wish: TrainingWish, signal: AbortSignal): Promise<Begun<TrainReply>> {
    const { config, steps, rate, sizes: given = {}, ...changes } = wish;
    const { registry, inputs } = this.#setting;
    const recipe = checkCellsRecipe({
      ...DEFAULT_RECIPE,
      ...changes,
      optimiser: optimiserOf(DEFAULT_RECIPE.optimiser, { steps, rate }),
    });
    const overrides = checkCellsSizes(given);
    const data = await tokensFor(readCellsParams(parseRunConfig(config, registry).params), inputs);
    const device = () => this.#held.device(recipe.precision);
    const gpu = await device();
    checkPrecision(recipe.precision, gpu.report);
    const post = (event: TrainingEvent) => this.#setting.post(event);
    const { run, ended } = await this.#held.begin(
      {
        make: (listener) => {
          this.#score = undefined;
          this.#adapter = gpu.report.name;
          return new CellsTrainingRun({
            gpu,
            recipe,
            data,
            dataHash: sha256Of(data.tokens),
            sizes: sizesFor(guessMemoryClass(gpu.report), overrides),
            reopen: device,
            listener: { ...listener, judged: (judgements) => post({ type: 'judged', judgements }) },
          });
        },
        train: (run) => this.#train(run, data, () => signal.aborted, post),
        close: (run) => run.close(),
        over: (run, error) => post({ type: 'ended', report: run.report, early: run.endedEarly, error }),
      },
      signal,
    );
    const { training, validation, heldOut } = run.parts;
    const cells = { training: training.length, validation: validation.length, heldOut: heldOut.length };
    const { spec, plan } = run;
    return { reply: { recipe, spec, parameters: scoreParameters(spec), plan, cells }, ended };
  }

  /** To the end, which is the held-out cells' score unless somebody stopped it. */
  async #train(
    run: CellsTrainingRun,
    data: TokenData,
    stopped: () => boolean,
    post: (event: TrainingEvent) => void,
  ): Promise<void> {
    const { training, validation, heldOut } = run.parts;
    // Between pieces of the fit the training's own submits have their turn.
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve));
    const beside =
      validation.length > 0
        ? fitBaselines(data, { training, heldOut: validation }, MASK_SEED, pause).then(({ scores }) =>
            post({ type: 'baselines', scores }),
          )
        : undefined;
    await Promise.all([run.run(), beside]);
    if (stopped()) return;
    const all = Uint32Array.of(...training, ...validation);
    const score = await run.score();
    this.#score = score;
    const { scores } = await fitBaselines(data, { training: all, heldOut }, MASK_SEED, pause);
    post({ type: 'score', score, baselines: scores });
  }

  /** The network of the best judgement. */
  #file(run: CellsTrainingRun): SavedNetwork {
    const bytes = encodeTrained(run, { adapter: this.#adapter, score: this.#score });
    return { name: `cells-${run.chosen.step}.safetensors`, bytes };
  }
}

/** The cells that a run of the form would compare with, in the form's genes and bins. */
async function tokensFor(params: CellsParams, inputs: RunInputs): Promise<TokenData> {
  const own = dataOf(inputs);
  return own ? ownTokens(own, params) : shippedTokens(makeBins(params.bins, params.binCount));
}
