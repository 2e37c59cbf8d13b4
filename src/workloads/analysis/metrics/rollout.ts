/** Attention followed through all layers. */
import { headMean } from '../../../stats/attention/pattern.ts';
import { rollout as followed, tensorScopeRollout } from '../../../stats/attention/rollout.ts';
import { decoderObjection, lengthOf, longest } from './common/items.ts';
import { arraysOf, layout, meanHeadline, meanOf, noValues } from './common/outcome.ts';
import { type Count, type Phase, State, walk, workOf } from './common/pieces.ts';
import { copySquare, shownOf } from './common/shown.ts';
import type { Metric, MetricSetting, MetricTask } from './metric.ts';

function counts({ items }: MetricSetting): Record<'all', Count> {
  return { all: { units: items.length, work: 1 } };
}

export const rollout: Metric = {
  id: 'rollout',
  family: 'attention',
  title: 'Attention rollout',
  definition:
    'R = Π_l (½Ā_l + ½I), Ā_l the mean pattern of a layer’s heads, later layers on the left (Abnar & Zuidema 2020): how much of each token is mixed into each position if values and MLPs changed nothing. Rows sum to 1; a causal model stays causal.',
  chunk: 'analysis.attentionChunk',
  items: 'analysis.attentionItems',
  lighter: 'lower the number of texts; the error grows as one over the square root of it',
  objection: (setting) => decoderObjection(setting, 'attention'),
  machine: (setting) => ({
    graph: setting.graph,
    rows: setting.rows,
    length: longest(setting),
    vectors: [],
    backward: false,
    parameterGradients: false,
    tangents: false,
    adjoints: [],
  }),
  layout: (setting) => {
    const { items, side } = shownOf(setting, 1);
    return [
      layout('rollout', 'length', { item: setting.items.length }),
      layout('rollout', 'last', { item: setting.items.length, token: longest(setting) }),
      layout('rollout', 'maps', { shown: items, position: side, source: side }),
    ];
  },
  work: (setting) => workOf(counts(setting)),
  run: measure,
};

async function* measure({ setting, machine, saved }: MetricTask) {
  const { graph, items } = setting;
  const width = longest(setting);
  const state = new State();
  /** Of the last position: where it looks. */
  const last = state.of('last', items.length * width);
  const future = state.of('future', items.length);
  const { items: shown, side } = shownOf(setting, 1);
  const maps = state.of('maps', shown * side * side);
  const phases: readonly Phase[] = [
    {
      ...counts(setting).all,
      async piece(from, most) {
        const rows = items.slice(from, from + most);
        await machine.forward({ ids: rows.map(({ ids }) => ids!) });
        const layers: Float64Array[][] = rows.map(() => []);
        for (let l = 0; l < graph.layers; l++)
          for (const [r, pattern] of (await machine.patterns(l)).entries())
            layers[r].push(headMean(pattern, lengthOf(rows[r])));
        for (const [r, own] of layers.entries()) {
          const n = lengthOf(rows[r]);
          const mixed = followed(own, n);
          last.set(mixed.subarray((n - 1) * n), (from + r) * width);
          if (from + r < shown) copySquare(mixed, 0, n, maps, (from + r) * side * side, side);
          if (setting.origin) future[from + r] = toTheFuture(tensorScopeRollout(own, n), n);
        }
        return rows.length;
      },
    },
  ];
  yield* walk(phases, state, setting.rows, saved);

  const lengths = items.map(lengthOf);
  const onFirst = lengths.map((_, i) => last[i * width]);
  const evenly = lengths.map((n) => followed(evenLayers(n, graph.layers), n)[(n - 1) * n]);
  return {
    arrays: arraysOf(rollout.layout(setting), {
      length: lengths,
      last: beyond(last, lengths, width, 1),
      maps: beyond(maps, lengths.slice(0, shown), side, side),
    }),
    headlines: [
      meanHeadline(
        setting,
        {
          key: 'first',
          name: 'share of the first token in the last position, mean over texts',
          control: { name: 'even attention to all keys', value: meanOf(evenly) },
        },
        onFirst,
      ),
      meanHeadline(
        setting,
        { key: 'own', name: 'share of the last token in its own position, mean over texts' },
        lengths.map((n, i) => last[i * width + n - 1]),
      ),
    ],
    beside: setting.origin
      ? [
          {
            name: 'share that positions receive from their own future, mean over texts',
            ours: meanOf(items.map((_, i) => futureOfOurs(maps, lengths[i], side, i < shown))),
            theirs: meanOf(future),
            why: 'Theirs takes the softmax of Ā, which is one already: rows come out nearly uniform, and positions of a causal model receive from tokens that they cannot see.',
          },
        ]
      : [],
    notes: [],
  };
}

/** Mean over positions of what comes from behind them. */
function toTheFuture(mixed: ArrayLike<number>, n: number): number {
  let sum = 0;
  for (let t = 0; t < n; t++) for (let s = t + 1; s < n; s++) sum += mixed[t * n + s];
  return sum / n;
}

function futureOfOurs(maps: Float64Array, n: number, side: number, shown: boolean): number {
  if (!shown) return Number.NaN;
  let sum = 0;
  const most = Math.min(n, side);
  for (let t = 0; t < most; t++) for (let s = t + 1; s < most; s++) sum += maps[side * t + s];
  return sum / most;
}

function evenLayers(n: number, layers: number): Float64Array[] {
  const even = new Float64Array(n * n);
  for (let t = 0; t < n; t++) even.fill(1 / (t + 1), t * n, t * n + t + 1);
  return Array.from({ length: layers }, () => even);
}

/** NaN beyond each item's own length, of maps of `rows` × width an item. */
function beyond(of: Float64Array, lengths: readonly number[], width: number, rows: number): Float64Array {
  const out = noValues(of.length);
  for (const [i, n] of lengths.entries())
    for (let row = 0; row < Math.min(rows, n); row++) {
      const at = (i * rows + row) * width;
      out.set(of.subarray(at, at + Math.min(n, width)), at);
    }
  return out;
}
