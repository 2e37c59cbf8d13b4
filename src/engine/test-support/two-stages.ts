/** An experiment in two stages: every other item as it is, then the others with three times the draws, so with more memory. */
import type { Workload } from '../../workloads/workload.ts';

export const STAGES = ['short', 'long'] as const;

export function inTwoStages(workload: Workload): Workload {
  return {
    ...workload,
    stages: (params, inputs) => {
      const { count } = workload.configure(params, inputs);
      const indices = Array.from({ length: count }, (_, index) => index);
      const [short, long] = STAGES;
      return [
        { name: short, params, items: indices.filter((index) => index % 2 === 0) },
        {
          name: long,
          params: { ...params, draws: 3 * (params.draws as number) },
          items: indices.filter((index) => index % 2 === 1),
        },
      ];
    },
  };
}
