/** What the worker does now: one run, tuning, training or comparison at a time, and the run whose results can be asked for. */
import type { RunController } from '../engine/controller.ts';
import type { TuningResult } from '../engine/tuner/types.ts';
import type { TrainingOwner } from './training/owner.ts';

/** A request that the worker's state does not allow now. */
export class NotNowError extends Error {
  override readonly name = 'NotNowError';
  constructor(
    message: string,
    readonly todo: string,
  ) {
    super(message);
  }
}

export class WorkInHand {
  /** Ends the tuning under way. */
  tuner: AbortController | undefined;
  /** The run started last. */
  run: RunController | undefined;
  /** What the tuner had found for it; undefined where it had not been asked. */
  tuned: TuningResult | undefined;
  /** The training under way, or the one before. */
  training: TrainingOwner | undefined;
  /** Ends the comparison of precisions under way. */
  comparison: AbortController | undefined;
  /** Particles that are being followed; settles soon after a run begins. */
  look: Promise<unknown> | undefined;
  #starting = false;
  #stopAsked = false;

  /** A run, the tuner, a training or a comparison works on the device, and hears of its loss by itself. */
  get busy(): boolean {
    return this.tuner !== undefined || this.comparison !== undefined || this.training?.busy === true || this.#running;
  }

  /** Throws `NotNowError` while a run or the tuner is at work. `what`: what was asked for, as in "cannot change the device". */
  refuse(what: string): void {
    if (this.tuner) throw new NotNowError(`The tuner is at work; cannot ${what}.`, 'Cancel it first.');
    if (this.comparison) throw new NotNowError(`Precisions are being compared; cannot ${what}.`, 'Stop it first.');
    if (this.training?.busy)
      throw new NotNowError(
        `A network is being trained; cannot ${what}.`,
        'Stop it first: what is trained so far is kept.',
      );
    if (this.#running) throw new NotNowError(`A run is in progress; cannot ${what}.`, 'Stop it first.');
  }

  /** From the request until there is a run, or none: nothing else starts meanwhile. Throws as `refuse` and `start` do. */
  async starting<T>(what: string, start: () => Promise<T>): Promise<T> {
    this.refuse(what);
    this.#starting = true;
    this.#stopAsked = false;
    try {
      await this.look?.catch(() => undefined);
      return await start();
    } finally {
      this.#starting = false;
    }
  }

  /** The run that is to begin now. A stop that was asked for before it was there is passed on. */
  began(run: RunController, tuned: TuningResult | undefined): void {
    this.run = run;
    this.tuned = tuned;
    if (this.#stopAsked) run.stop();
  }

  stop(): void {
    if (this.#starting) this.#stopAsked = true;
    this.run?.stop();
  }

  get #running(): boolean {
    return this.#starting || (this.run !== undefined && this.run.outcome === undefined);
  }
}
