/** A step of any solver, which leaves the velocity to whoever takes it. */

/** Where and when a step asks for the velocity. */
export interface Asked {
  /** Standardised positions, [sample][parameter]. */
  readonly x: Float64Array;
  readonly t: number;
}

/** Is sent the velocity at each point that it asks for; returns the positions after the step. */
export type Step = Generator<Asked, Float64Array, Float64Array>;

/** A step whose velocity is known at once. */
export function driven(step: Step, velocity: (x: Float64Array, t: number) => Float64Array): Float64Array {
  let next = step.next();
  while (!next.done) next = step.next(velocity(next.value.x, next.value.t));
  return next.value;
}
