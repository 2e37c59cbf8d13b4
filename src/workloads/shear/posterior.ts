/** What shear says of its posteriors: truths, priors, pairs and twins of a run, SHINE's thresholds, what a misfit may come from. */
import { HMC, type PosteriorDescription } from '../../results/posterior/options.ts';
import type { NormalPrior, StatisticsContext } from '../../results/posterior/statistics.ts';
import { SHEAR, SHINE_THRESHOLDS } from './shine/thresholds.ts';

/** The normal priors that are known, which can be taken out of a bias; parameters may come from a file and need not be complete. */
export function normalPriors(params: Readonly<Record<string, unknown>>): Record<string, NormalPrior> {
  return Object.fromEntries(
    SHEAR.flatMap((name) => {
      const [mean, sigma] = [params[`${name}PriorMean`], params[`${name}PriorSigma`]];
      return typeof mean === 'number' && typeof sigma === 'number' ? [[name, { mean, sigma }]] : [];
    }),
  );
}

export function shearStatistics(params: Readonly<Record<string, unknown>>, ownData: boolean): StatisticsContext {
  return {
    priors: normalPriors(params),
    truthsFromPrior: !ownData && params.truthSource === 'prior',
    pairs: { names: SHEAR, label: 'pairs at ±g with shared noise' },
    places: PLACES,
    twins: { names: SHEAR, opposite: ['e1', 'e2'], label: 'twins turned by 90°' },
  };
}

/** Pixels from the stamp's corner. */
const PLACES = ['x', 'y'] as const;

export const shearPosterior: PosteriorDescription = {
  kind: 'posterior',
  priorTruths: '“Drawn from the prior” for the true shears',
  statistics: shearStatistics,
  places: PLACES,
  sampler: { ...HMC, againstDivergences: 'A smaller step size, or an adapted one (0), avoids divergences.' },
  looser: SHINE_THRESHOLDS,
  misfit: {
    datum: { one: 'pixel', many: 'pixels' },
    data: { one: 'image', many: 'images' },
    check: 'check noise, PSF and profile, and whether the galaxy is alone',
  },
};
