/** What a run of tables computes: items with seeds of their own. */
import type { Problem } from '../workload.ts';
import type { TallyParams } from './experiment.ts';

export interface TallyProblem extends Problem {
  readonly params: TallyParams;
}

export function tallyProblem(params: TallyParams, seed: number): TallyProblem {
  return {
    params,
    items: Array.from({ length: params.tables }, (_, index) => ({
      index,
      runId: `table_${index + 1}_s${seed}`,
      // Wraps: a seed is a word of 32 bits.
      seed: (seed + index) >>> 0,
      truth: {},
    })),
    parameters: [],
    notes: [`Fair dice: each of the 36 throws ${(params.throws / 36).toFixed(1)} times on average.`],
    warnings: [],
  };
}
