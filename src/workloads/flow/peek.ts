/** A look at the particles of one observation. */
import type { Peek } from '../workload.ts';
import { type Steps, timeAfter } from './sampling/time.ts';

/** Samples on their way from noise to the posterior: [particle][dimension] in natural units, and the time from 0 to 1. */
export interface Particles {
  readonly dimension: number;
  readonly positions: Float32Array;
  readonly t: number;
}

export type ParticlesPeek = Peek<undefined, Particles>;

/** Particles of one observation after the first `step` steps of a solver, at least one. */
export function particlePeek(
  item: number,
  dimension: number,
  positions: Float32Array,
  step: number,
  by: Steps,
): ParticlesPeek {
  return { item, step, large: { dimension, positions, t: timeAfter(step, by) } };
}
