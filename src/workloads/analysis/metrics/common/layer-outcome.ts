/** What is said of attribution by layer. */
import type { ArrayLayout } from '../../../../results/arrays.ts';
import type { Headline, MetricOutcome, MetricSetting } from '../metric.ts';
import { partNames } from './direct-logit.ts';
import { residualsOf, shareOf } from './ig-outcome.ts';
import { longest, targetOf } from './items.ts';
import { pathNotes } from './notes.ts';
import { arraysOf, largestAt, meanHeadline, meanOf, noValues } from './outcome.ts';

export interface LayerSums {
  /** [item][f(e), f(b)] */
  readonly ends: Float64Array;
  /** [layer][item][token] */
  readonly layerIg: Float64Array;
  /** [item][layer][token] */
  readonly conductance: Float64Array;
  /** [item][part], of the target's logit and of the mean of all logits. */
  readonly direct: Float64Array;
  readonly directMean: Float64Array;
  readonly logits: Float64Array;
  /** [layer][token] of the first item. */
  readonly theirs: Float64Array;
}

export function layerOutcome(setting: MetricSetting, layouts: readonly ArrayLayout[], sums: LayerSums): MetricOutcome {
  const { graph, items, sizes } = setting;
  const tokens = longest(setting);
  const layers = graph.residuals.length;
  const targets = items.map((item) => targetOf(setting, item));
  const lengths = targets.map(({ position }) => position + 1);
  const byItem = (place: (item: number, layer: number) => number, of: Float64Array) => {
    const out = noValues(of.length);
    for (const [i, length] of lengths.entries())
      for (let l = 0; l < layers; l++)
        out.set(of.subarray(place(i, l), place(i, l) + length), (i * layers + l) * tokens);
    return out;
  };
  const layerIg = byItem((i, l) => (l * items.length + i) * tokens, sums.layerIg);
  const conductance = byItem((i, l) => (i * layers + l) * tokens, sums.conductance);
  /** [item × layer] */
  const residual = (of: Float64Array) => {
    const totals = Float64Array.from({ length: items.length * layers }, (_, row) => {
      const own = of.subarray(row * tokens, row * tokens + lengths[Math.floor(row / layers)]);
      return own.reduce((sum, a) => sum + a, 0);
    });
    const ends = Float64Array.from({ length: 2 * totals.length }, (_, at) => {
      const row = at >> 1;
      return sums.ends[2 * Math.floor(row / layers) + (at & 1)];
    });
    const residuals = residualsOf(totals, ends);
    return { totals, residuals, shares: shareOf(residuals, ends) };
  };
  const [own, through] = [residual(layerIg), residual(conductance)];
  const worstOf = (shares: Float64Array) =>
    items.map((_, i) => shares.subarray(i * layers, (i + 1) * layers).reduce((a, b) => Math.max(a, b), 0));

  return {
    arrays: arraysOf(layouts, {
      length: lengths,
      position: targets.map(({ position }) => position),
      target: targets.map(({ index }) => index),
      f: sums.ends,
      layer_ig: layerIg,
      layer_ig_residual: own.residuals,
      conductance,
      conductance_residual: through.residuals,
      direct: sums.direct,
      direct_mean_logit: sums.directMean,
      logit: sums.logits,
    }),
    headlines: [
      {
        key: 'layerResidual',
        name: 'largest |δ| of layer IG over |f(e) − f(b)|',
        value: Math.max(...worstOf(own.shares)),
      },
      {
        key: 'conductanceResidual',
        name: 'largest |δ| of conductance over |f(e) − f(b)|',
        value: Math.max(...worstOf(through.shares)),
      },
      ...directHeadlines(setting, sums),
      arrived(setting, layerIg, lengths),
    ],
    beside: setting.origin ? [besideOf(setting, sums, own.totals)] : [],
    notes: [
      ...pathNotes(setting, worstOf(own.shares), sizes.pathSteps, 'layer IG'),
      ...pathNotes(setting, worstOf(through.shares), sizes.conductanceSteps, 'conductance').slice(-1),
    ].filter((note, i, all) => all.indexOf(note) === i),
    attributes: { parts: partNames(graph).join(' ') },
  };
}

function directHeadlines(setting: MetricSetting, { direct, directMean, logits }: LayerSums): Headline[] {
  const names = partNames(setting.graph);
  const parts = names.length;
  const errors = Array.from(logits, (logit, i) =>
    Math.abs(direct.subarray(i * parts, (i + 1) * parts).reduce((sum, part) => sum + part, 0) - logit),
  );
  const column = (of: Float64Array, part: number) => Array.from(logits, (_, i) => of[i * parts + part]);
  const largest = largestAt(names.map((_, part) => Math.abs(meanOf(column(direct, part)))));
  return [
    { key: 'directError', name: 'largest |Σ parts − logit|', value: Math.max(...errors), unit: 'logit' },
    meanHeadline(
      setting,
      {
        key: 'largestPart',
        name: `what ${names[largest]} adds to the logit, the largest part, mean over texts`,
        unit: 'logit',
        control: { name: 'what it adds to the mean of all logits', value: meanOf(column(directMean, largest)) },
      },
      column(direct, largest),
    ),
  ];
}

/** How much of the attribution has reached the position that is explained, half way up. */
function arrived(setting: MetricSetting, layerIg: Float64Array, lengths: readonly number[]): Headline {
  const { graph } = setting;
  const [layers, tokens] = [graph.residuals.length, longest(setting)];
  const middle = Math.ceil(graph.layers / 2);
  const shares = lengths.map((length, i) => {
    const own = layerIg.subarray((i * layers + middle) * tokens, (i * layers + middle) * tokens + length).map(Math.abs);
    return own[length - 1] / own.reduce((sum, a) => sum + a, 0);
  });
  return meanHeadline(
    setting,
    {
      key: 'arrived',
      name: `share of Σ_t |a_lt| at the explained position before block ${middle}, mean over texts`,
      control: { name: 'spread over all positions alike', value: meanOf(lengths.map((length) => 1 / length)) },
    },
    shares,
  );
}

/** TensorScope: a zero baseline in every stream, averaged over units. */
function besideOf(setting: MetricSetting, { theirs, ends }: LayerSums, totals: Float64Array) {
  const { graph } = setting;
  const tokens = longest(setting);
  const middle = Math.ceil(graph.layers / 2);
  const width = graph.widths[graph.residuals[middle]];
  const sum = theirs.subarray(middle * tokens, (middle + 1) * tokens).reduce((all, a) => all + a, 0);
  return {
    name: `Σ_t of layer IG before block ${middle} over f(e) − f(b), first text`,
    ours: totals[middle] / (ends[0] - ends[1]),
    theirs: sum / width / (ends[0] - ends[1]),
    why: 'Theirs averages over units, so it does not sum to what it explains, takes zeros as baseline in every stream, and explains the last position of the first text in every text.',
  };
}
