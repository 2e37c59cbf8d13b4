/** A session driven step by step, watched by a clock and a signal: no call lasts long, so cancelling takes effect at once. */
import type { ChunkProgress, Session } from '../../workloads/workload.ts';

/** Longest piece of work between two looks at signal and clock, as in a run (controller.ts). */
const ADVANCE_MS = 100;

/** The time of a trial was over in the middle of a step. */
export class TrialTimeError extends Error {
  override readonly name = 'TrialTimeError';
}

export class Walk {
  #last: ChunkProgress | undefined;

  constructor(
    readonly session: Session,
    readonly signal: AbortSignal,
    /** Asked before each piece of work. */
    readonly timeIsUp: () => boolean,
  ) {}

  get steps(): number {
    return this.#last?.steps ?? 0;
  }
  get total(): number {
    return this.#last?.stepsTotal ?? Number.POSITIVE_INFINITY;
  }
  get done(): boolean {
    return this.#last?.phase === 'done';
  }

  async start(items: readonly number[]): Promise<void> {
    this.#last = undefined;
    await this.session.start(items);
  }

  /** On until `target` steps have finished on the device, what comes before the first included. Throws `TrialTimeError`, the signal's reason. */
  async to(target: number): Promise<void> {
    while (!this.done && this.steps < target) await this.piece(target - this.steps);
  }

  /** One piece of work as a run would do it. */
  async piece(maxSteps = Number.POSITIVE_INFINITY): Promise<void> {
    this.signal.throwIfAborted();
    if (this.timeIsUp()) throw new TrialTimeError();
    this.#last = await this.session.advance(ADVANCE_MS, maxSteps);
    // Work on the CPU never waits: messages get in here.
    await new Promise((resolve) => setTimeout(resolve));
  }
}
