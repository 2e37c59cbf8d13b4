/** A look at the particles of one observation. */
import type { Peek } from '../workload.ts';
import { type Steps, timeAfter } from './sampling/time.ts';

/** Particles of one observation after the first `step` steps of a solver, at least one. */
export function particlePeek(item: number, dimension: number, positions: Float32Array, step: number, by: Steps): Peek {
  const t = timeAfter(step, by);
  return {
    item,
    chain: 0,
    positions: [Array.from(positions.subarray(0, dimension))],
    step,
    warmup: false,
    acceptance: Number.NaN,
    stepSize: t - timeAfter(step - 1, by),
    particles: { dimension, positions, t },
  };
}
