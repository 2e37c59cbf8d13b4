/** How long computations tell what goes on, let others have their turn, and hear that they are to stop. */
import type { Steps } from '../../../stats/two-sample/steps.ts';

export interface Told {
  readonly what: string;
  /** Rows of the table that are there, and that there will be. */
  readonly done: number;
  readonly of: number;
  /** Of the one under way, 0 to 1. */
  readonly share: number;
}

export interface TableHooks {
  /** Aborts when it is to end with what is there. */
  readonly signal: AbortSignal;
  progress(told: Told): void;
}

/** So long before others of the thread have their turn, ms. */
const TURN_MS = 40;

/** Takes all steps with pauses in between. @throws the reason of a signal that aborts */
export async function inTurns<R>(steps: Steps<unknown, R>, signal: AbortSignal): Promise<R> {
  let turn = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - turn < TURN_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    turn = performance.now();
  }
}
