/** Whether gradients of items, or of two groups of them, pull in opposite directions. */
import {
  conflictShare,
  cosines,
  type GroupConflict,
  groupConflict,
  groupProducts,
  shuffleNull,
} from '../../../stats/gradients/conflict.ts';
import { jackknifeOf } from '../../../stats/resampling/jackknife.ts';
import type { PermutationTest } from '../../../stats/resampling/permutation.ts';
import { STREAM } from './common/addressed.ts';
import { gram, gramMakes, gramVectors } from './common/gram.ts';
import { itemGradient } from './common/item-gradients.ts';
import { layersOf } from './common/layers.ts';
import { arraysOf, layout } from './common/layouts.ts';
import { LossRows, longestOf, lossObjection } from './common/loss-rows.ts';
import { WORK } from './common/products.ts';
import { Tally } from './common/tally.ts';
import type {
  AnalysedItem,
  Headline,
  Metric,
  MetricOutcome,
  MetricProgress,
  MetricSetting,
  MetricTask,
} from './metric.ts';

const ID = 'conflict';

/** The first two groups that items name, and which of them (2: neither) each belongs to; undefined unless both have two items. */
export function groupsOf(items: readonly AnalysedItem[]) {
  const names = [...new Set(items.flatMap(({ group }) => group ?? []))].slice(0, 2);
  const labels = items.map(({ group }) => {
    const at = group === undefined ? -1 : names.indexOf(group);
    return at < 0 ? 2 : at;
  });
  const sizes = names.map((_, g) => labels.filter((label) => label === g).length);
  return names.length === 2 && sizes.every((size) => size >= 2) ? { names, labels, sizes } : undefined;
}

export const conflict: Metric = {
  id: ID,
  family: 'conflict',
  title: 'Gradient conflict',
  definition:
    'cos(g_i, g_j) of item gradients g_i = ∇ℓ_i (ℓ_i the mean over an item’s own tokens), overall and by layer; conflict = cos < 0 (PCGrad; Yu, Kumar, Gupta et al. 2020: each loses min(0, g_a·g_b)/‖g_b‖² g_b). Of two groups: the cosine of their mean gradients; without what noise takes from it, (ḡ_a·ḡ_b)/√(|G_a|²|G_b|²) with unbiased squared norms; and the null of items shuffled between the groups.',
  chunk: 'analysis.gradientChunk',
  items: 'analysis.conflictItems',
  lighter: 'Fewer items: pairs grow as N². One gradient of θ’s size must fit beside θ at least.',
  objection: (setting) => lossObjection(setting, 2),
  machine: (setting) => ({
    graph: setting.graph,
    rows: 1,
    length: longestOf(setting),
    vectors: gramVectors(setting.items.length, setting.rows),
    backward: true,
    parameterGradients: true,
    tangents: false,
    adjoints: [],
  }),
  layout: ({ items, graph, sizes }) => {
    const [item, other] = [['item', items.length] as const, ['other_item', items.length] as const];
    const layer = ['layer', layersOf(graph).names.length] as const;
    const groups = groupsOf(items)
      ? [
          layout(ID, 'layer_group_cosine', [layer]),
          layout(ID, 'layer_group_cosine_error', [layer]),
          layout(ID, 'layer_group_corrected', [layer]),
          layout(ID, 'layer_group_null', [layer]),
          layout(ID, 'layer_group_null_sd', [layer]),
          layout(ID, 'group_null', [['permutation', sizes.permutations]]),
        ]
      : [];
    return [
      layout(ID, 'cosine', [item, other]),
      layout(ID, 'gram', [item, other]),
      layout(ID, 'layer_cosine', [layer, item, other]),
      layout(ID, 'item_norm', [item]),
      ...groups,
    ];
  },
  work: ({ items, rows }) => WORK.gradient * gramMakes(items.length, rows),
  run,
};

async function* run({ setting, machine, saved }: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome> {
  const { graph, items } = setting;
  const rows = new LossRows(graph, items);
  const tally = new Tally();
  async function* make(index: number, into: string): AsyncGenerator<MetricProgress, void> {
    await itemGradient(machine, rows, index, into);
    yield tally.add(WORK.gradient);
  }
  const layers = layersOf(graph);
  const products = yield* gram({ machine, count: rows.count, tile: setting.rows, layers, tally, make, saved });
  return outcome(setting, products, layers.names);
}

/** Of a Gram matrix: the groups' conflict, its jackknife error and its null. */
function ofGroups(setting: MetricSetting, part: Float64Array) {
  const { labels } = groupsOf(setting.items)!;
  const n = labels.length;
  const of = (kept: ArrayLike<number>): GroupConflict => {
    const own = Float64Array.from({ length: kept.length ** 2 }, (_, at) => {
      const [i, j] = [kept[Math.floor(at / kept.length)], kept[at % kept.length]];
      return part[i * n + j];
    });
    return groupConflict(
      groupProducts(
        own,
        Array.from(kept, (i) => labels[i]),
        3,
      ),
      0,
      1,
    );
  };
  const grouped = labels.flatMap((label, i) => (label < 2 ? [i] : []));
  const without = (measure: (found: GroupConflict) => number) =>
    jackknifeOf(grouped.length, (kept) => measure(of(Uint32Array.from(kept, (k) => grouped[k])))).error;
  const options = { seed: setting.seed, stream: STREAM.shuffle, permutations: setting.sizes.permutations };
  return { found: of(grouped), without, test: shuffleNull(part, labels, 0, 1, options) };
}

function outcome(setting: MetricSetting, products: Float64Array, names: readonly string[]): MetricOutcome {
  const n = setting.items.length;
  const part = (at: number) => products.subarray(at * n * n, (at + 1) * n * n);
  const whole = part(names.length);
  const cosine = cosines(whole, n);
  const groups = groupsOf(setting.items);
  const overall = groups && ofGroups(setting, whole);
  const layers = groups ? names.map((_, l) => ofGroups(setting, part(l))) : [];
  return {
    arrays: arraysOf(conflict.layout(setting), {
      cosine,
      gram: whole,
      layer_cosine: names.flatMap((_, l) => Array.from(cosines(part(l), n))),
      item_norm: Float64Array.from({ length: n }, (_, i) => Math.sqrt(whole[i * n + i])),
      layer_group_cosine: layers.map(({ found }) => found.cosine),
      layer_group_cosine_error: layers.map(({ without }) => without(({ cosine }) => cosine)),
      layer_group_corrected: layers.map(({ found }) => found.corrected),
      layer_group_null: layers.map(({ test }) => test.nullMean),
      layer_group_null_sd: layers.map(({ test }) => test.nullSd),
      group_null: overall?.test.null ?? [],
    }),
    headlines: [...itemLines(whole, cosine, n), ...(overall ? groupLines(overall, groups.names) : [])],
    beside: [],
    notes: [
      'Item gradients weigh every item alike; they are not gradients of the token mean L.',
      `Layers: ${names.join(', ')}. A tied tensor belongs to where it is read first.`,
      ...(groups ? [] : ['Items are not in two groups of two or more, so no groups are compared.']),
      ...(overall && Number.isNaN(overall.found.corrected)
        ? ['|G|² of a group is not positive: its mean gradient is not resolved, and no corrected cosine is given.']
        : []),
    ],
    attributes: { layers: names.join('\n'), ...(groups ? { groups: groups.names.join('\n') } : {}) },
  };
}

function itemLines(whole: Float64Array, cosine: Float64Array, n: number): Headline[] {
  const mean = (kept: ArrayLike<number>) => {
    let [sum, pairs] = [0, 0];
    for (let i = 0; i < kept.length; i++) for (let j = 0; j < i; j++, pairs++) sum += cosine[kept[i] * n + kept[j]];
    return sum / pairs;
  };
  const share = (kept: ArrayLike<number>) =>
    conflictShare(
      Float64Array.from(
        { length: kept.length ** 2 },
        (_, at) => whole[kept[Math.floor(at / kept.length)] * n + kept[at % kept.length]],
      ),
      kept.length,
    );
  const all = Array.from({ length: n }, (_, i) => i);
  const error = (of: (kept: ArrayLike<number>) => number) =>
    n > 2 ? { value: jackknifeOf(n, of).error, of: `jackknife over ${n} items` } : undefined;
  return [
    { key: 'meanCosine', name: 'mean cosine of pairs of items', value: mean(all), error: error(mean) },
    {
      key: 'conflictShare',
      name: 'share of pairs in conflict (cos < 0)',
      value: share(all),
      error: error(share),
      control: { name: 'independent gradients', value: 0.5 },
    },
  ];
}

function groupLines(
  {
    found,
    without,
    test,
  }: { found: GroupConflict; without: (of: (found: GroupConflict) => number) => number; test: PermutationTest },
  [a, b]: readonly string[],
): Headline[] {
  const error = (measure: (found: GroupConflict) => number) => {
    const value = without(measure);
    return Number.isFinite(value) ? { value, of: 'jackknife over items of both groups' } : undefined;
  };
  const line = (key: string, name: string, value: number, extra: Partial<Headline> = {}): Headline => ({
    key,
    name,
    value,
    ...extra,
  });
  return [
    line('groupCosine', `cosine of the mean gradients of ${a} and ${b}`, found.cosine, {
      error: error(({ cosine }) => cosine),
      control: {
        name: `items shuffled between groups, mean of ${test.null.length} (sd ${test.nullSd.toPrecision(2)})`,
        value: test.nullMean,
      },
    }),
    ...(Number.isNaN(found.corrected)
      ? []
      : [
          line('groupCorrected', 'the same without what noise takes from it', found.corrected, {
            error: error(({ corrected }) => corrected),
          }),
        ]),
    line('groupP', 'p of a cosine so low under shuffled labels', test.p),
    line('pcgradA', `‖ḡ‖ of ${a} after PCGrad`, found.projectedNorms[0], {
      control: { name: 'before', value: found.norms[0] },
    }),
    line('pcgradB', `‖ḡ‖ of ${b} after PCGrad`, found.projectedNorms[1], {
      control: { name: 'before', value: found.norms[1] },
    }),
  ];
}
