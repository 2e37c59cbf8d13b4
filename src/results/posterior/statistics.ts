/**
 * Statistics over the items of a run: bias of posterior means as they are (naive) and of combined likelihoods (corrected), paired
 * response, ring, coverage and rank uniformity. Made of summaries alone, so that page, bundle and command line get the same numbers.
 */

import { type CorrectedBias, correctedBias, type LikelihoodPoint } from '../../stats/corrected-bias.ts';
import { type Coverage, coverageOfDraws, coverageOfPulls } from '../../stats/coverage.ts';
import { likelihoodOf } from '../../stats/likelihood.ts';
import type { MeanWithError, RingMean } from '../../stats/paired.ts';
import { type BiasFit, fitBias, jackknifeBias } from '../../stats/regression.ts';
import { type SbcResult, sbcUniformity } from '../../stats/sbc.ts';
import { originOf } from './origin.ts';
import { type Labelled, type Pairs, pairedResponses, type Twins, twinMeans } from './pairs.ts';
import type { StatisticsItem } from './statistics-item.ts';

export interface NormalPrior {
  readonly mean: number;
  readonly sigma: number;
}

/** What is known of a run beside its items. */
export interface StatisticsContext {
  /** Normal priors of parameters, by name; corrections are made for these alone. */
  readonly priors: Readonly<Record<string, NormalPrior>>;
  /** True when every truth was drawn from the prior: only then ranks are uniform in expectation. */
  readonly truthsFromPrior: boolean;
  /** Items that the experiment can make in pairs, and in twins. */
  readonly pairs?: Pairs;
  readonly twins?: Twins;
  /** Parameters whose zero is a matter of choice: their bias is that of the distance from the mean truth. */
  readonly places?: readonly string[];
}

/** A naive fit with jackknife errors beside the formal ones. */
export interface NaiveBias extends BiasFit {
  readonly jackknife: { readonly mErr: number; readonly cErr: number };
}

export interface ParameterStatistics {
  readonly name: string;
  /** Truth and estimate are counted from here in its bias: 0, and the mean truth of a place. */
  readonly origin: number;
  /** Null where the truth takes one value only. */
  readonly naive: NaiveBias | null;
  /** Null where the parameter has no normal prior to take out. `corrected.m` is NaN where the truth takes one value only. */
  readonly corrected: CorrectedBias | null;
  /** At 68 % and 95 %. */
  readonly coverage: readonly Coverage[];
  /** Null with fewer than `FEWEST_FOR_RANKS` ranks. */
  readonly sbc: (SbcResult & { readonly n: number; readonly maxRank: number }) | null;
  /** Response of the mean to the truth, from pairs; null without. */
  readonly paired: Labelled<MeanWithError> | null;
  /** Mean error, from twins; null without. */
  readonly ring: Labelled<RingMean> | null;
}

export interface RunStatistics {
  readonly items: number;
  readonly parameters: readonly ParameterStatistics[];
  readonly truthsFromPrior: boolean;
}

export const COVERAGE_LEVELS = [0.68, 0.95] as const;
const RANK_BINS = 16;
/** Below this a histogram of ranks says nothing. */
const FEWEST_FOR_RANKS = 20;

/** What is known of a run whose experiment declares nothing. */
export const NOTHING_KNOWN: StatisticsContext = { priors: {}, truthsFromPrior: false };

/**
 * Statistics of all parameters that have a known truth somewhere. Items whose numbers are not finite are left out of each, and of coverage
 * those without an interval (a single best fit, of width 0).
 */
export function runStatistics(given: readonly StatisticsItem[], context: StatisticsContext): RunStatistics {
  const items = seedsTell(given) ? given : apart(given);
  const names = items[0]?.estimates.map(({ name }) => name) ?? [];
  const known = names.filter((name) => items.some(({ truth }) => Number.isFinite(truth[name])));
  const corrected = correctedBiases(items, names, context.priors);
  const paired = context.pairs && pairedResponses(items, known, context.pairs);
  const rings = context.twins && twinMeans(items, known, context.twins);
  const parameters = known.map((name): ParameterStatistics => {
    const points = items.flatMap((item) => {
      const estimate = item.estimates.find((each) => each.name === name);
      const truth = item.truth[name];
      const usable = estimate && Number.isFinite(truth) && Number.isFinite(estimate.mean) && estimate.sd > 0;
      return usable ? [{ truth, mean: estimate.mean, sd: estimate.sd, seed: item.seed }] : [];
    });
    const origin = context.places?.includes(name) && points.length > 0 ? originOf(points) : 0;
    return {
      name,
      origin,
      naive: naiveBias(points.map((point) => ({ ...point, truth: point.truth - origin, mean: point.mean - origin }))),
      corrected: corrected.get(name) ?? null,
      coverage: coverages(items, name, points),
      sbc: ranksOf(items, names.indexOf(name)),
      paired: paired?.get(name) ?? null,
      ring: rings?.get(name) ?? null,
    };
  });
  return { items: items.length, parameters, truthsFromPrior: context.truthsFromPrior };
}

/** Whether seeds say which items share their noise: not where one stands for all of more than a pair, as in tables that do not know them. */
export function seedsTell(items: readonly { readonly seed: number }[]): boolean {
  const seeds = new Set(items.map(({ seed }) => seed));
  return [...seeds].every(Number.isFinite) && (seeds.size > 1 || items.length <= 2);
}

/** Each item with a seed of its own, none next to another: nobody's pair or twin. */
function apart(items: readonly StatisticsItem[]): StatisticsItem[] {
  return items.map((item, index) => ({ ...item, seed: 2 * index }));
}

interface Point {
  readonly truth: number;
  readonly mean: number;
  readonly sd: number;
  readonly seed: number;
}

/** Posterior means regressed on the truth; items of one seed (a pair) leave the jackknife together. */
function naiveBias(points: readonly Point[]): NaiveBias | null {
  if (new Set(points.map(({ truth }) => truth)).size < 2) return null;
  const column = (key: keyof Point) => points.map((point) => point[key]);
  const [truth, mean, sd] = [column('truth'), column('mean'), column('sd')];
  const { mErr, cErr } = jackknifeBias(truth, mean, sd, column('seed'));
  return { ...fitBias(truth, mean, sd), jackknife: { mErr, cErr } };
}

/** All parameters with a normal prior together: their errors are correlated within an item. */
function correctedBiases(
  items: readonly StatisticsItem[],
  names: readonly string[],
  priors: StatisticsContext['priors'],
): Map<string, CorrectedBias> {
  const judged = names.filter(
    (name) => priors[name]?.sigma > 0 && items.some(({ truth }) => Number.isFinite(truth[name])),
  );
  const prior = { mean: judged.map((name) => priors[name].mean), sigma: judged.map((name) => priors[name].sigma) };
  const points = judged.length === 0 ? [] : items.flatMap((item) => likelihoodPoint(item, names, judged, prior));
  const fits = points.length === 0 ? undefined : correctedBias(points);
  return new Map(fits?.map((fit, k) => [judged[k], fit]));
}

function likelihoodPoint(
  { estimates, truth, calibration, seed }: StatisticsItem,
  names: readonly string[],
  judged: readonly string[],
  prior: { readonly mean: readonly number[]; readonly sigma: readonly number[] },
): LikelihoodPoint[] {
  const at = judged.map((name) => names.indexOf(name));
  const chosen = at.map((k) => estimates[k]);
  const size = Math.min(...chosen.map(({ essBulk }) => essBulk));
  const numbers = [...chosen.flatMap(({ mean, sd }) => [mean, sd]), ...judged.map((name) => truth[name])];
  // A posterior without enough effective draws has no covariance worth inverting.
  if (!numbers.every(Number.isFinite) || !chosen.every(({ sd }) => sd > 0) || !(size > judged.length + 2)) return [];
  const covariance = at.flatMap((row, a) =>
    at.map((column, b) => calibration?.covariance[row * names.length + column] ?? (a === b ? chosen[a].sd ** 2 : 0)),
  );
  const likelihood = likelihoodOf({ mean: chosen.map(({ mean }) => mean), covariance, effectiveSize: size }, prior);
  return [{ ...likelihood, truth: judged.map((name) => truth[name]), group: seed }];
}

/** By the draws' own quantiles where every item has its share below the truth; else by mean ± z·sd. */
function coverages(items: readonly StatisticsItem[], name: string, points: readonly Point[]): Coverage[] {
  if (points.length === 0) return [];
  const below = items.flatMap(({ calibration, estimates }) => {
    const at = estimates.findIndex((estimate) => estimate.name === name);
    // A single draw has no interval that could hold the truth or miss it.
    const share = estimates[at]?.sd > 0 ? calibration?.below[at] : undefined;
    return share === undefined || Number.isNaN(share) ? [] : [share];
  });
  return COVERAGE_LEVELS.map((level) =>
    below.length >= points.length
      ? coverageOfDraws(below, level)
      : coverageOfPulls(
          points.map(({ truth, mean, sd }) => (truth - mean) / sd),
          level,
        ),
  );
}

function ranksOf(items: readonly StatisticsItem[], column: number): ParameterStatistics['sbc'] {
  // A posterior of too few draws has no rank, and says nothing of how many the others have.
  const known = items.flatMap(({ calibration }) =>
    calibration && Number.isFinite(calibration.ranks[column]) ? [calibration] : [],
  );
  const maxRank = Math.min(...known.map((each) => each.maxRank));
  // Ranks among different numbers of draws cannot share a histogram; runs have one number, folders of other programs might not.
  const ranks = known.filter((each) => each.maxRank === maxRank).map((each) => each.ranks[column]);
  if (ranks.length < FEWEST_FOR_RANKS) return null;
  return { ...sbcUniformity(ranks, maxRank, Math.min(RANK_BINS, maxRank + 1)), n: ranks.length, maxRank };
}
