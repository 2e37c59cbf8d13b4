/** The f64 twin, one thread: the CPU path that the page has today. */
import { sampleTwin } from '../../../src/workloads/flow/sampling/twin.ts';
import type { Entrant } from './entrant.ts';
import { type FlowProblem, SAMPLING, STREAM, twinSamples } from './problem.ts';

/** Samples of a step: their cost does not hang on how many there are. */
const AT_ONCE = 8;

export function twinEntrant(problem: FlowProblem, batch: number): Entrant {
  const count = Math.min(batch, AT_ONCE);
  const { model, observation } = problem;
  return {
    name: 'f64 twin, one thread',
    perStep: count,
    run: (steps) => {
      for (let step = 0; step < steps; step++)
        for (let s = 0; s < count; s++)
          sampleTwin(model, observation, STREAM, s, { ...SAMPLING, seed: SAMPLING.seed + step });
    },
    samples: async () => twinSamples(problem, count),
  };
}
