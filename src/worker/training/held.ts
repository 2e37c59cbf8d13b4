/** The training that a job holds: told to the page step by step, and kept when it has ended, to be saved and used. */
import { describeError } from '../../engine/errors.ts';
import type { ErrorReport } from '../../engine/run/progress.ts';
import type { GpuContext } from '../../gpu/context.ts';
import type { LoopListener, TrainingReport } from '../../nn/training/loop.ts';
import type { Precision } from '../../workloads/workload.ts';
import { NotNowError } from '../errors.ts';
import type { JobSetting } from '../jobs.ts';
import type { SavedNetwork, TrainingMessages, TrainingProgress } from './types.ts';

/** What of its setting any training takes. */
export type HeldSetting = Pick<JobSetting, 'requireGpu' | 'post' | 'warn' | 'takeFile'>;

/** What is held: a run of the experiment's own. */
export interface HeldRun {
  readonly report: TrainingReport;
  readonly checkpoint: { readonly state: { readonly step: number } };
  pause(): void;
  resume(): void;
  stop(): void;
}

export interface Beginning<R extends HeldRun> {
  /** Makes the run, which tells `listener` how far it is. */
  make(listener: Required<Pick<LoopListener, 'progress' | 'lost'>>): R;
  /** To its end. */
  train(run: R): Promise<unknown>;
  /** However it ended, before anybody hears of it. */
  close(run: R): void | Promise<void>;
  /** It ended after it had begun. */
  over(run: R, error: ErrorReport | undefined): void;
}

const NO_GPU = {
  message: 'There is no GPU to train on.',
  todo: 'Use the network that ships, or load one that was trained elsewhere.',
};

/** What runs take from now on: a file in its role, or the files of a folder. */
export interface TakenNetwork {
  readonly role: string;
  readonly name: string;
  readonly given: Parameters<HeldSetting['takeFile']>[2];
}

export class HeldTraining<R extends HeldRun> {
  readonly #setting: HeldSetting;
  readonly #encode: (run: R) => SavedNetwork | Promise<SavedNetwork>;
  readonly #taken: ((run: R) => TakenNetwork) | undefined;
  #run: R | undefined;

  /**
   * @param encode the network so far, as a file
   * @param taken what runs take of it; unless given, that file as `network`
   */
  constructor(
    setting: HeldSetting,
    encode: (run: R) => SavedNetwork | Promise<SavedNetwork>,
    taken?: (run: R) => TakenNetwork,
  ) {
    this.#setting = setting;
    this.#encode = encode;
    this.#taken = taken;
  }

  readonly messages: TrainingMessages = {
    pause: (paused) => (paused ? this.#run?.pause() : this.#run?.resume()),
    save: async () => this.#encode(this.trained()),
    use: async () => {
      const run = this.trained();
      if (this.#taken) {
        const { role, name, given } = this.#taken(run);
        return this.#setting.takeFile(role, name, given);
      }
      const { name, bytes } = await this.#encode(run);
      return this.#setting.takeFile('network', name, bytes.buffer);
    },
  };

  /** Throws `NotNowError` where there is none, and as `JobSetting.gpu`. */
  device(precision: Precision): Promise<GpuContext> {
    return this.#setting.requireGpu(precision, NO_GPU);
  }

  /**
   * Resolves when the first steps are done, and throws what kept them from being done: then the run before stays. A signal that aborts stops
   * the run.
   */
  async begin(
    { make, train, close, over }: Beginning<R>,
    signal: AbortSignal,
  ): Promise<{ readonly run: R; readonly ended: Promise<void> }> {
    const setting = this.#setting;
    let told = false;
    let began = () => {};
    const first = new Promise<void>((resolve) => {
      began = () => {
        told = true;
        resolve();
      };
    });
    const run = make({
      progress: (report) => {
        began();
        setting.post({ type: 'progress', report } satisfies TrainingProgress);
      },
      lost: (message, step) => setting.warn(`${message} The training goes on from step ${step}.`),
    });
    if (signal.aborted) run.stop();
    signal.addEventListener('abort', () => run.stop());
    const before = this.#run;
    this.#run = run;
    const ended = train(run)
      .then(
        () => undefined,
        (thrown: unknown) => ({ thrown }),
      )
      .then(async (failure) => {
        await close(run);
        if (!told && failure) {
          this.#run = before;
          throw failure.thrown;
        }
        over(run, failure && describeError(failure.thrown));
      });
    await Promise.race([first, ended]);
    return { run, ended };
  }

  /** What was trained, once a step has been kept. Throws `NotNowError` before there is one. */
  trained(): R {
    const run = this.#run;
    if (!run || run.checkpoint.state.step === 0)
      throw new NotNowError('No network has been trained here yet.', 'Train one, or load one from a file.');
    return run;
  }
}
