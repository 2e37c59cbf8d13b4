/** The bias of the estimator over a run: pooled regression of posterior means on the truth, for each parameter that allows it. */
import { type BiasFit, fitBias } from '../../stats/regression.ts';
import type { ItemSummary } from './item-summary.ts';

export interface ParameterBias extends BiasFit {
  readonly name: string;
}

/**
 * `mean = (1 + m) truth + c`, weighted by 1/sd², over all items whose truth of that parameter is known. Parameters whose truth
 * takes a single value have no slope and are left out; so are items with a mean or an sd that is no number.
 */
export function pooledBias(summaries: readonly ItemSummary[]): ParameterBias[] {
  const names = summaries[0]?.parameters.map(({ name }) => name) ?? [];
  return names.flatMap((name) => {
    const points = summaries.flatMap(({ info, parameters }) => {
      const posterior = parameters.find((parameter) => parameter.name === name);
      const truth = info.truth[name];
      const usable =
        posterior !== undefined && Number.isFinite(truth) && posterior.sd > 0 && Number.isFinite(posterior.mean);
      return usable ? [{ truth, mean: posterior.mean, sd: posterior.sd }] : [];
    });
    if (new Set(points.map(({ truth }) => truth)).size < 2) return [];
    const column = (key: 'truth' | 'mean' | 'sd') => points.map((point) => point[key]);
    return [{ name, ...fitBias(column('truth'), column('mean'), column('sd')) }];
  });
}
