/** A look at the particles of one observation. */
import type { Peek } from '../workload.ts';

/** Particles of one observation after `step` of `steps` equal steps. */
export function particlePeek(
  item: number,
  dimension: number,
  positions: Float32Array,
  step: number,
  steps: number,
): Peek {
  return {
    item,
    chain: 0,
    positions: [Array.from(positions.subarray(0, dimension))],
    transition: step,
    warmup: false,
    acceptance: Number.NaN,
    stepSize: 1 / steps,
    particles: { dimension, positions, t: step / steps },
  };
}
