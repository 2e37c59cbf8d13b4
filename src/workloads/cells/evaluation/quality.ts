/** The few metrics that tables of samplers and precisions have, of one set of cells after the other against the same real ones. */
import { pearson } from '../../../stats/correlation.ts';
import { frechetDistance } from '../../../stats/expression/frechet.ts';
import { correlationAgreement } from '../../../stats/expression/gene-correlation.ts';
import { geneMoments } from '../../../stats/expression/moments.ts';
import { fitComponents, project } from '../../../stats/expression/pca.ts';
import { meanSlicedWassersteinSteps } from '../../../stats/two-sample/mean-sliced-wasserstein.ts';
import type { Steps } from '../../../stats/two-sample/steps.ts';
import { COMPONENTS } from '../metrics/limits.ts';
import { type Sample, type Samples, samplesOf } from '../metrics/sets.ts';
import { type CellMetricsInput, orNull } from '../metrics/types.ts';
import type { Beside, Quality } from './types.ts';

/** Same cells, same numbers as in the table of all metrics. @throws ConfigError where cells, genes and bins do not fit together */
export function* qualitySteps(input: CellMetricsInput): Steps<unknown, Quality> {
  const samples = samplesOf(input);
  const [quality] = yield* measure(samples, [samples.generated], input.seed);
  return quality;
}

/** What stands beside, of an input whose generated cells are as many as those of the table. */
export function* besideSteps(input: CellMetricsInput): Steps<unknown, Beside> {
  const samples = samplesOf(input);
  const [floor, independent] = yield* measure(samples, [samples.floor, samples.baselines.independent], input.seed);
  return { floor, independent };
}

function* measure({ real }: Samples, sets: readonly Sample[], seed: number): Steps<unknown, Quality[]> {
  const x = geneMoments(real.tokens);
  yield;
  const components = fitComponents(x, COMPONENTS);
  const projected = geneMoments(project(components, real.tokens));
  const tokens = sets.map((set) => set.tokens);
  const sliced = yield* meanSlicedWassersteinSteps(real.tokens, tokens, seed);
  const found: Quality[] = [];
  for (const [i, points] of tokens.entries()) {
    const y = geneMoments(points);
    const { mse, slope } = correlationAgreement(x, y);
    found.push({
      corr_mse: orNull(mse),
      corr_slope: orNull(slope),
      sliced_w2: orNull(sliced[i]),
      frechet: orNull(frechetDistance(projected, geneMoments(project(components, points)))),
      mean_pearson: orNull(pearson(x.mean, y.mean)),
    });
    yield;
  }
  return found;
}
