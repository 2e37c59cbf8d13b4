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

  get transitions(): number {
    return this.#last?.transitions ?? 0;
  }
  get total(): number {
    return this.#last?.transitionsTotal ?? Number.POSITIVE_INFINITY;
  }
  get done(): boolean {
    return this.#last?.phase === 'done';
  }

  async start(items: readonly number[]): Promise<void> {
    this.#last = undefined;
    await this.session.start(items);
  }

  /** On until `target` transitions have finished on the device, the fit before the first included. Throws `TrialTimeError`, the signal's reason. */
  async to(target: number): Promise<void> {
    while (!this.done && this.transitions < target) await this.piece(target - this.transitions);
  }

  /** One piece of work as a run would do it. */
  async piece(maxTransitions = Number.POSITIVE_INFINITY): Promise<void> {
    this.signal.throwIfAborted();
    if (this.timeIsUp()) throw new TrialTimeError();
    this.#last = await this.session.advance(ADVANCE_MS, maxTransitions);
    // Work on the CPU never waits: messages get in here.
    await new Promise((resolve) => setTimeout(resolve));
  }
}
