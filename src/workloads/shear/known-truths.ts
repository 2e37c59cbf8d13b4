/** What the parameters of a shear run say of its truths and priors. */
import type { NormalPrior, StatisticsContext } from '../../results/posterior/statistics.ts';

/** Parameters with a normal prior, which can be taken out of a bias. */
const NORMAL_PRIORS = ['g1', 'g2'] as const;

/** The normal priors that are known; parameters may come from a file and need not be complete. */
export function normalPriors(params: Readonly<Record<string, unknown>>): Record<string, NormalPrior> {
  return Object.fromEntries(
    NORMAL_PRIORS.flatMap((name) => {
      const [mean, sigma] = [params[`${name}PriorMean`], params[`${name}PriorSigma`]];
      return typeof mean === 'number' && typeof sigma === 'number' ? [[name, { mean, sigma }]] : [];
    }),
  );
}

export function shearStatistics(params: Readonly<Record<string, unknown>>, ownData: boolean): StatisticsContext {
  return { priors: normalPriors(params), truthsFromPrior: !ownData && params.truthSource === 'prior' };
}
