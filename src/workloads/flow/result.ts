/** A finished observation as the engine keeps it. */

import { NO_FIT, type PosteriorItem } from '../../results/posterior/item.ts';
import type { Predictive } from '../../results/posterior/predictive.ts';
import type { ItemFailure } from '../workload.ts';
import { posteriorPredictive } from './posterior-predictive.ts';
import { priorPredictive } from './prior-predictive.ts';
import type { FlowProblem } from './problem.ts';
import type { Drawn } from './sampling/accepted.ts';

/** An observation that has no posterior: the others are not touched by it. */
export class FlowSampleError extends Error {
  override readonly name = 'FlowSampleError';
  readonly kept = 'The other observations are not affected.';
  readonly todo: string;

  /** @param far whether the observation lies outside what the network was trained on */
  constructor(message: string, far: boolean) {
    super(message);
    this.todo = far
      ? 'The observation lies outside what the network has seen. Check order and units of its numbers, or train a network on simulations like it.'
      : 'Hardly any parameters inside the prior make such an observation. Check its numbers and their order.';
  }
}

export function collectDrawn(
  problem: FlowProblem,
  items: readonly number[],
  drawn: readonly Drawn[],
): { sound: PosteriorItem[]; failures: ItemFailure[] } {
  const sound: PosteriorItem[] = [];
  const failures: ItemFailure[] = [];
  items.forEach((index, at) => {
    const { failure } = drawn[at];
    if (failure === undefined) sound.push(posteriorItem(problem, index, drawn[at]));
    else failures.push({ index, error: new FlowSampleError(sentence(failure), problem.isFar(index)) });
  });
  return { sound, failures };
}

function sentence(words: string): string {
  return `${words[0].toUpperCase()}${words.slice(1)}${words.endsWith('?') ? '' : '.'}`;
}

/** The first observations of a run whose draws are held against them: a hundredth of a second each. */
const CHECKED = 100;
/** Second word of the key of simulations with draws; the first is the run's. */
const CHECK_KEY = 0x70706300; // "ppc"

/** The task's own observations and simulated ones are known to be the simulator's; those of a file may be anything. */
function predictive(
  { task, seed, ownData, observation }: FlowProblem,
  index: number,
  samples: Float64Array,
): Predictive {
  const x = observation(index);
  const posterior =
    index < CHECKED ? posteriorPredictive(task, x, samples, [seed >>> 0, CHECK_KEY + index]) : undefined;
  return {
    ...(ownData && { prior: priorPredictive(task).pValue(x) }),
    ...(posterior !== undefined && { posterior }),
  };
}

function posteriorItem(problem: FlowProblem, index: number, { samples, indices, evaluations }: Drawn): PosteriorItem {
  const { items, names, params } = problem;
  const d = names.length;
  return {
    info: items[index],
    chains: 1,
    draws: indices.length,
    sampling: 'independent',
    parameters: names.map((name, i) => ({
      name,
      values: Float64Array.from({ length: indices.length }, (_, draw) => samples[draw * d + i]),
    })),
    stats: params.rejectOutside ? [{ name: 'accepted_index', values: indices }] : [],
    fit: NO_FIT,
    // Of the samples up to the last one kept, however many more a round computed.
    gradients: evaluations,
    predictive: predictive(problem, index, samples),
  };
}
