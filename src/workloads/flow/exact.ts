/** Exact posteriors of a run's task, as the measures of quality take them. */
import type { ExactPosteriors } from '../../results/posterior/exact.ts';
import type { ParamValues } from '../params.ts';
import { ConfigError } from '../workload.ts';
import { exactDraws } from './exact-draws.ts';
import { readFlowParams } from './params.ts';
import { taskOf } from './tasks/index.ts';
import { insidePrior } from './tasks/prior.ts';

/** First word of the key of exact draws; runs and simulated observations have others. */
const EXACT_KEY = 0x71756c74; // "qult"

/** @throws ConfigError for a task that is not known. */
export function exactFlow(values: ParamValues): ExactPosteriors {
  const { task: id } = readFlowParams(values);
  const task = taskOf(id);
  if (!task) throw new ConfigError('params.task', `Task (task): there is no task "${id}".`);
  return {
    dimension: task.thetaDim,
    draws: (observation, n, stream) => exactDraws(task, observation, n, [EXACT_KEY, stream]),
    insidePrior: (theta) => insidePrior(task.prior, theta),
  };
}
