/** What is said of integrated gradients: completeness, what the model's weights and the order of tokens have to do with them, and the deletion curve. */
import type { ArrayLayout } from '../../../../results/arrays.ts';
import { deletionArea } from '../../../../stats/attribution/deletion.ts';
import { spearman } from '../../../../stats/correlation.ts';
import { bootstrapColumns } from '../../../../stats/resampling/bootstrap-columns.ts';
import type { Headline, MetricOutcome, MetricSetting } from '../metric.ts';
import { CURVE_POINTS, normalisedCurves } from './deletion.ts';
import { takesIds, targetOf } from './items.ts';
import { pathNotes } from './notes.ts';
import { arraysOf, bootstrapOptions, largestAt, meanHeadline, meanOf, noValues } from './outcome.ts';

export interface IgSums {
  /** Parts of each item that are attributed to. */
  readonly lengths: readonly number[];
  readonly parts: number;
  /** [item][f(e), f(b)] */
  readonly ends: Float64Array;
  /** [item][part] */
  readonly attribution: Float64Array;
  readonly norms: Float64Array;
  readonly products: Float64Array;
  readonly untaught: Float64Array;
  readonly shuffled: Float64Array;
  readonly deletion: Float64Array;
  /** [part] of the first item */
  readonly theirs: Float64Array;
}

/** Σ a − (f(e) − f(b)) of every item. */
export function residualsOf(sums: ArrayLike<number>, ends: ArrayLike<number>): Float64Array {
  return Float64Array.from(sums, (sum, i) => sum - (ends[2 * i] - ends[2 * i + 1]));
}

export const shareOf = (residuals: ArrayLike<number>, ends: ArrayLike<number>): Float64Array =>
  Float64Array.from(residuals, (residual, i) => Math.abs(residual / (ends[2 * i] - ends[2 * i + 1])));

export function igOutcome(setting: MetricSetting, layouts: readonly ArrayLayout[], sums: IgSums): MetricOutcome {
  const { items, sizes } = setting;
  const { lengths, parts, ends } = sums;
  const row = (of: Float64Array, i: number) => of.subarray(i * parts, i * parts + lengths[i]);
  const total = items.map((_, i) => row(sums.attribution, i).reduce((all, a) => all + a, 0));
  const residual = residualsOf(total, ends);
  const shares = shareOf(residual, ends);
  const curves = normalisedCurves(sums.deletion, ends, sizes.deletionOrders);
  const near = byDistance(setting, sums);
  const targets = items.map((item) => targetOf(setting, item));

  return {
    arrays: arraysOf(layouts, {
      length: lengths,
      position: targets.map(({ position }) => position),
      target: targets.map(({ index }) => index),
      f: ends,
      attribution: ownOnly(sums.attribution, sums),
      residual,
      gradient_norm: ownOnly(sums.norms, sums),
      gradient_times_input: ownOnly(sums.products, sums),
      untaught: ownOnly(sums.untaught, sums),
      shuffled: ownOnly(sums.shuffled, sums),
      deletion: curves,
      by_distance: near.estimate,
      by_distance_error: near.error,
    }),
    headlines: headlinesOf(setting, sums, shares, curves),
    beside: setting.origin && takesIds(setting.graph) ? [besideOf(sums)] : [],
    notes: pathNotes(setting, shares, sizes.pathSteps, 'integrated gradients'),
  };
}

/** NaN behind an item's own parts. */
function ownOnly(of: Float64Array, { parts, lengths }: IgSums): Float64Array {
  const out = noValues(of.length);
  for (const [i, length] of lengths.entries()) out.set(of.subarray(i * parts, i * parts + length), i * parts);
  return out;
}

/** Mean |a| by how far a token lies before what is explained; of observations by number. */
function byDistance(setting: MetricSetting, { attribution, lengths, parts }: IgSums) {
  const [above, below] = [new Float64Array(attribution.length), new Float64Array(attribution.length)];
  const backwards = takesIds(setting.graph);
  for (const [i, length] of lengths.entries())
    for (let s = 0; s < length; s++) {
      const at = i * parts + (backwards ? length - 1 - s : s);
      above[at] = Math.abs(attribution[i * parts + s]);
      below[at] = 1;
    }
  return bootstrapColumns(lengths.length, above, below, bootstrapOptions(setting));
}

function headlinesOf(setting: MetricSetting, sums: IgSums, shares: Float64Array, curves: Float64Array): Headline[] {
  const { items, sizes } = setting;
  const { lengths, parts, ends } = sums;
  const sizesOf = (of: Float64Array, i: number) => of.subarray(i * parts, i * parts + lengths[i]).map(Math.abs);
  const correlation = (other: Float64Array) =>
    items.map((_, i) => spearman(sizesOf(sums.attribution, i), sizesOf(other, i)));
  const orders = 1 + sizes.deletionOrders;
  const curve = (i: number, o: number) =>
    curves.subarray((i * orders + o) * CURVE_POINTS, (i * orders + o + 1) * CURVE_POINTS);
  const areas = items.map((_, i) => Array.from({ length: orders }, (__, o) => deletionArea(curve(i, o))));
  const headlines: Headline[] = [
    {
      key: 'residual',
      name: 'largest |δ| over |f(e) − f(b)|',
      value: shares[Math.max(0, largestAt(shares))] ?? Number.NaN,
    },
    meanHeadline(
      setting,
      { key: 'change', name: 'f(e) − f(b), what is attributed, mean over items' },
      items.map((_, i) => ends[2 * i] - ends[2 * i + 1]),
    ),
    meanHeadline(
      setting,
      {
        key: 'untaughtRank',
        name: 'rank correlation of |a| with that of re-drawn weights, mean over items',
        control: { name: 'the model with itself', value: 1 },
      },
      correlation(sums.untaught),
    ),
  ];
  if (takesIds(setting.graph))
    headlines.push(
      meanHeadline(
        setting,
        {
          key: 'shuffledRank',
          name: 'rank correlation of |a| with that of shuffled tokens, by position, mean over items',
          control: { name: 'the text with itself', value: 1 },
        },
        correlation(sums.shuffled),
      ),
    );
  if (sizes.deletionOrders > 0)
    headlines.push(
      meanHeadline(
        setting,
        {
          key: 'deletionArea',
          name: 'area below the deletion curve, most attributed first, mean over items',
          control: {
            name: `mean of ${sizes.deletionOrders} random orders`,
            value: meanOf(areas.map((own) => meanOf(own.slice(1)))),
          },
        },
        areas.map(([own]) => own),
      ),
    );
  return headlines;
}

function besideOf({ attribution, theirs, lengths }: IgSums) {
  const share = (of: Float64Array) => {
    const own = of.subarray(0, lengths[0]).map(Math.abs);
    const all = own.reduce((sum, a) => sum + a, 0);
    return (all - own[0]) / all;
  };
  return {
    name: 'share of Σ|a| on tokens after the first, first text',
    ours: share(attribution),
    theirs: share(theirs),
    why: 'Theirs attributes the mean of all logits at position 0, and a causal model has seen nothing but the first token there: every other attribution is 0 by construction.',
  };
}
