/** What a run of bananas computes: items with seeds of their own. */
import type { Problem } from '../workload.ts';
import type { BananaParams } from './experiment.ts';

export interface BananaProblem extends Problem {
  readonly params: BananaParams;
}

export function bananaProblem(params: BananaParams, seed: number): BananaProblem {
  return {
    params,
    items: Array.from({ length: params.bananas }, (_, index) => ({
      index,
      runId: `banana_${index + 1}_s${seed}`,
      // Wraps: a seed is a word of 32 bits.
      seed: (seed + index) >>> 0,
      truth: {},
    })),
    parameters: ['x', 'y'].map((name) => ({ name, unit: '', help: `Coordinate ${name} of the plane.` })),
    notes: [
      `x has mean 0 and sd ${params.width}; y has mean 0 and variance 1 + 2 twist² width⁴ = ${1 + 2 * params.twist ** 2 * params.width ** 4}.`,
    ],
    warnings: [],
  };
}
