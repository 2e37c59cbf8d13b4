/** What a run's configuration says of its truths and priors, as its experiment declares it. */
import { posteriorOptions } from '../results/posterior/options.ts';
import { NOTHING_KNOWN, type StatisticsContext } from '../results/posterior/statistics.ts';
import type { ParamValues } from './params.ts';
import type { Experiment } from './workload.ts';

/** @param ownData the user's data, whose truths no prior drew */
export function statisticsContext(experiment: Experiment, params: ParamValues, ownData: boolean): StatisticsContext {
  return posteriorOptions(experiment.results).statistics?.(params, ownData) ?? NOTHING_KNOWN;
}
