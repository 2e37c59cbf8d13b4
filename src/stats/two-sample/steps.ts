/**
 * Long computations are generators: each `next()` does a bounded piece of work and yields how far it is. A worker takes a step at a
 * time and looks for messages in between; dropping the generator cancels.
 */
export type Steps<Progress, Result> = Generator<Progress, Result, void>;

/** Takes all steps at once. */
export function finish<Progress, Result>(steps: Steps<Progress, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
