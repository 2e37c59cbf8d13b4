/**
 * Who has the device: a run or a job that holds it, one at a time, or jobs that give way to those. Also the run whose results can be asked
 * for.
 */
import type { RunController } from '../engine/run/controller.ts';
import type { TuningResult } from '../engine/tuner/types.ts';
import { NotNowError } from './errors.ts';
import type { Begun, Holding } from './jobs.ts';

const RUN: Holding = { words: 'A run is in progress', todo: 'Stop it first.' };

export class DeviceUse {
  /** The run started last. */
  run: RunController | undefined;
  /** What the tuner had found for it; undefined where it had not been asked. */
  tuned: TuningResult | undefined;
  #holding: Holding | undefined;
  /** Settles when nothing that gives way is left. */
  #yielding: Promise<unknown> = Promise.resolve();
  /** Ends what gives way. */
  #giveWay: AbortController | undefined;
  #stopAsked = false;

  /** Somebody holds the device, and hears of its loss by themselves. */
  get busy(): boolean {
    return this.#holder !== undefined;
  }

  /** Throws `NotNowError` while somebody holds the device. `what`: what was asked for, as in "cannot change the device". */
  refuse(what: string): void {
    const holder = this.#holder;
    if (holder) throw new NotNowError(`${holder.words}; cannot ${what}.`, holder.todo);
  }

  /** From now on nobody else has the device until `begin` has failed or what it began has ended. Throws as `refuse` and `begin` do. */
  async hold<B extends Begun<unknown>>(holding: Holding, what: string, begin: () => Promise<B>): Promise<B> {
    this.refuse(what);
    this.#holding = holding;
    this.#giveWay?.abort(new NotNowError('The device was wanted for something else.', 'Ask again when that is over.'));
    const release = () => {
      this.#holding = undefined;
    };
    try {
      await this.#yielding;
      const begun = await begin();
      if (begun.ended) begun.ended.then(release, release);
      else release();
      return begun;
    } catch (thrown) {
      release();
      throw thrown;
    }
  }

  /** As `hold`, until the run that `start` begins has ended. */
  async startRun<R>(what: string, start: () => Promise<R>): Promise<R> {
    this.refuse(what);
    this.#stopAsked = false;
    return (await this.hold(RUN, what, async () => ({ reply: await start() }))).reply;
  }

  /**
   * Work that gives way: one after the other, each refused where somebody holds the device. `abort` is aborted when somebody wants to, who
   * waits until it has ended.
   */
  lend<B extends Begun<unknown>>(abort: AbortController, what: string, work: () => Promise<B>): Promise<B> {
    const lent = this.#yielding.then(() => {
      this.refuse(what);
      this.#giveWay = abort;
      return work();
    });
    this.#yielding = lent.then(({ ended }) => ended).catch(() => undefined);
    return lent;
  }

  /** The run that is to begin now. A stop that was asked for before it was there is passed on. */
  began(run: RunController, tuned: TuningResult | undefined): void {
    this.run = run;
    this.tuned = tuned;
    if (this.#stopAsked) run.stop();
  }

  /** Stops the run, also one that is being started. */
  stop(): void {
    this.#stopAsked = this.#holding === RUN;
    this.run?.stop();
  }

  get #holder(): Holding | undefined {
    const goesOn = this.run !== undefined && this.run.outcome === undefined;
    return this.#holding ?? (goesOn ? RUN : undefined);
  }
}
