/** The bias of the estimator over a run: pooled regression of posterior means on the truth, for each parameter that allows it. */
import { type BiasFit, fitBias } from '../../stats/regression.ts';
import type { ItemSummary } from './item-summary.ts';
import { originOf } from './origin.ts';

export interface ParameterBias extends BiasFit {
  readonly name: string;
}

/**
 * `mean = (1 + m) truth + c`, weighted by 1/sd², over all items whose truth of that parameter is known. Parameters whose truth
 * takes a single value have no slope and are left out; so are items with a mean or an sd that is no number. Truth and mean of `places` are
 * counted from the mean truth (`originOf`).
 */
export function pooledBias(summaries: readonly ItemSummary[], places: readonly string[] = []): ParameterBias[] {
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
    const origin = places.includes(name) ? originOf(points) : 0;
    const [truth, mean] = [points.map((point) => point.truth - origin), points.map((point) => point.mean - origin)];
    const sd = points.map((point) => point.sd);
    return [{ name, ...fitBias(truth, mean, sd) }];
  });
}
