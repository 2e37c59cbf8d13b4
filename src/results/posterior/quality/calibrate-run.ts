/** All posteriors of a run against the truths that their data were simulated with. */

import { coverageOfDraws } from '../../../stats/coverage.ts';
import { sbcUniformity } from '../../../stats/sbc.ts';
import { tarp } from '../../../stats/tarp.ts';
import { calibrate } from '../calibration.ts';
import { pointsOf } from './item.ts';
import { CALIBRATED_DRAWS, type Calibration, FEWEST_CALIBRATED, type QualityItem } from './types.ts';

const LEVELS = [0.68, 0.95];
const RANK_BINS = 16;
/** Of TARP's reference points. */
const TARP_SEED = 1;

/** Fewer draws have no ranks. */
const FEWEST_DRAWS = 15;

/** Null with fewer observations or draws than show anything. @param items whose truths come from the prior */
export function calibrateRun(items: readonly QualityItem[]): Calibration | null {
  const names = items[0]?.parameters.map(({ name }) => name) ?? [];
  const known = items.filter(
    ({ truth, parameters }) =>
      names.every((name) => Number.isFinite(truth[name])) &&
      parameters.every(({ values }) => values.length >= FEWEST_DRAWS && values.every(Number.isFinite)),
  );
  if (known.length < FEWEST_CALIBRATED) return null;
  // TARP takes equal numbers; runs have one number anyway.
  const draws = Math.min(CALIBRATED_DRAWS, ...known.map(({ parameters }) => parameters[0].values.length));
  const cut = known.map(({ parameters, truth }) => {
    const columns = parameters.map(({ name, values }) => ({ name, values: values.subarray(0, draws) }));
    return calibrate({ chains: 1, draws, parameters: columns }, truth);
  });
  const maxRank = cut[0].maxRank;
  const truths = Float64Array.from(known.flatMap(({ truth }) => names.map((name) => truth[name])));
  const flat = new Float64Array(known.length * draws * names.length);
  known.forEach((item, i) => {
    flat.set(pointsOf(item, draws).values, i * draws * names.length);
  });
  const { alpha, ecp, band, insideBand, atc, ks } = tarp({ values: truths, dim: names.length }, flat, TARP_SEED);
  return {
    n: known.length,
    draws,
    parameters: names.map((name, i) => {
      const ranks = cut.map((each) => each.ranks[i]);
      return {
        name,
        sbc: ranksOf(ranks, maxRank),
        coverage: LEVELS.map((level) =>
          coverageOfDraws(
            cut.map(({ below }) => below[i]),
            level,
          ),
        ),
      };
    }),
    tarp: {
      alpha: [...alpha],
      ecp: [...ecp],
      band,
      insideBand,
      atc,
      ksStatistic: ks.statistic,
      ksPValue: ks.pValue,
    },
  };
}

function ranksOf(ranks: readonly number[], maxRank: number): Calibration['parameters'][number]['sbc'] {
  const { counts, expectedCount, ks, ecdfDifference, band } = sbcUniformity(
    ranks,
    maxRank,
    Math.min(RANK_BINS, maxRank + 1),
  );
  return {
    n: ranks.length,
    maxRank,
    ranks,
    counts: [...counts],
    expectedCount,
    ksStatistic: ks.statistic,
    ksPValue: ks.pValue,
    ecdfDifference: [...ecdfDifference],
    band,
    withinBand: ecdfDifference.every((difference) => Math.abs(difference) <= band),
  };
}
