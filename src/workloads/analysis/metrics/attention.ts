/** Where heads look: entropies, distances and shares of every attention head, and the patterns of a few texts. */
import { HEAD_STATISTICS, type HeadStatistic } from '../../../nn/graph/machine.ts';
import { bootstrapColumns } from '../../../stats/resampling/bootstrap-columns.ts';
import { uniformHeadStatistics } from './common/head-null.ts';
import { decoderObjection, lengthOf, longest } from './common/items.ts';
import { arraysOf, bootstrapOptions, largestAt, layout, noValues, ratioHeadline } from './common/outcome.ts';
import { type Count, type Phase, State, walk, workOf } from './common/pieces.ts';
import { copySquare, shownOf } from './common/shown.ts';
import type { Headline, Metric, MetricOutcome, MetricSetting, MetricTask } from './metric.ts';

const EACH = HEAD_STATISTICS.length;

function counts(setting: MetricSetting): Record<'statistics' | 'patterns', Count> {
  const { graph, items } = setting;
  return {
    statistics: { units: items.length, work: 1 },
    patterns: { units: shownOf(setting, graph.layers * graph.heads).items, work: 1 },
  };
}

export const attention: Metric = {
  id: 'attention',
  family: 'attention',
  title: 'Attention heads',
  definition:
    'For every head, means over queries t ≥ 1 of all texts: entropy −Σ a log a in nats and over log(t + 1), the number of keys that a causal query can choose from; distance Σ a (t − k); shares of the first key (sink), of the previous key, of earlier keys with the query’s own token (duplicate) and of keys behind an earlier copy of it (induction, as TransformerLens computes it on any text).',
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
    const { graph, items } = setting;
    const heads = { layer: graph.layers, head: graph.heads };
    const shown = shownOf(setting, graph.layers * graph.heads);
    return [
      layout('attention', 'length', { item: items.length }),
      layout('attention', 'statistics', { item: items.length, ...heads, statistic: EACH }),
      layout('attention', 'mean', { ...heads, statistic: EACH }),
      layout('attention', 'error', { ...heads, statistic: EACH }),
      layout('attention', 'uniform', { statistic: EACH }),
      layout('attention', 'patterns', { shown: shown.items, ...heads, query: shown.side, key: shown.side }),
    ];
  },
  work: (setting) => workOf(counts(setting)),
  run: measure,
};

async function* measure({ setting, machine, saved }: MetricTask) {
  const { graph, items } = setting;
  const { layers, heads } = graph;
  const columns = layers * heads * EACH;
  const state = new State();
  const statistics = state.of('statistics', items.length * columns);
  const { items: shown, side } = shownOf(setting, layers * heads);
  const patterns = noValues(shown * layers * heads * side * side);
  const count = counts(setting);
  const rowsFrom = (from: number, most: number) => items.slice(from, from + most);

  const phases: readonly Phase[] = [
    {
      ...count.statistics,
      async piece(from, most) {
        const rows = rowsFrom(from, most);
        await machine.forward({ ids: rows.map(({ ids }) => ids!) });
        const found = [];
        for (let l = 0; l < layers; l++) found.push(await machine.headStatistics(l));
        for (const [r] of rows.entries())
          for (let l = 0; l < layers; l++) statistics.set(found[l][r], (from + r) * columns + l * heads * EACH);
        return rows.length;
      },
    },
    {
      ...count.patterns,
      transient: true,
      async piece(from, most) {
        const rows = rowsFrom(from, Math.min(most, shown - from));
        await machine.forward({ ids: rows.map(({ ids }) => ids!) });
        for (let l = 0; l < layers; l++)
          for (const [r, pattern] of (await machine.patterns(l)).entries()) {
            const n = lengthOf(rows[r]);
            for (let h = 0; h < heads; h++)
              copySquare(pattern, h * n * n, n, patterns, (((from + r) * layers + l) * heads + h) * side * side, side);
          }
        return rows.length;
      },
    },
  ];
  yield* walk(phases, state, setting.rows, saved);
  return outcomeOf(setting, statistics, patterns);
}

function outcomeOf(setting: MetricSetting, statistics: Float64Array, patterns: Float64Array): MetricOutcome {
  const { graph, items } = setting;
  const columns = graph.layers * graph.heads * EACH;
  const queries = items.map((item) => lengthOf(item) - 1);
  const sums = statistics.map((value, i) => value * queries[Math.floor(i / columns)]);
  const { estimate, error } = bootstrapColumns(items.length, sums, queries, bootstrapOptions(setting));
  const uniform = uniformHeadStatistics(items.map(({ ids }) => ids!));
  const at = (statistic: HeadStatistic) => HEAD_STATISTICS.indexOf(statistic);

  /** Per item, Σ over queries of a statistic's mean over heads, or of one head's. */
  const perItem = (statistic: HeadStatistic, head?: number) =>
    items.map((_, i) => {
      const all = graph.layers * graph.heads;
      if (head !== undefined) return sums[i * columns + head * EACH + at(statistic)];
      let sum = 0;
      for (let h = 0; h < all; h++) sum += sums[i * columns + h * EACH + at(statistic)] / all;
      return sum;
    });
  const control = (statistic: HeadStatistic) => ({ name: 'even attention to all keys', value: uniform[at(statistic)] });
  const ofAll = (statistic: HeadStatistic, key: string, name: string, unit?: string): Headline =>
    ratioHeadline(
      setting,
      { key, name, ...(unit && { unit }), control: control(statistic) },
      perItem(statistic),
      queries,
    );
  const strongest = (statistic: HeadStatistic, key: string, name: string): Headline => {
    const shares = Array.from({ length: graph.layers * graph.heads }, (_, h) => estimate[h * EACH + at(statistic)]);
    const head = Math.max(0, largestAt(shares));
    const place = `${Math.floor(head / graph.heads)}.${head % graph.heads}`;
    const about = { key, name: `${name}, head ${place}`, control: control(statistic) };
    return ratioHeadline(setting, about, perItem(statistic, head), queries);
  };

  return {
    arrays: arraysOf(attention.layout(setting), {
      length: items.map(lengthOf),
      statistics,
      mean: estimate,
      error,
      uniform,
      patterns,
    }),
    headlines: [
      ofAll('entropy', 'entropy', 'entropy, mean over heads', 'nats'),
      ofAll('relativeEntropy', 'relativeEntropy', 'entropy over log(t + 1), mean over heads'),
      ofAll('distance', 'distance', 'distance looked back, mean over heads', 'tokens'),
      ofAll('first', 'sink', 'share of the first token, mean over heads'),
      strongest('previous', 'previousHead', 'largest share of the previous token'),
      strongest('duplicate', 'duplicateHead', 'largest share of duplicates'),
      strongest('induction', 'inductionHead', 'largest share of induction'),
    ],
    beside: setting.origin ? [besideOf(setting, perItem('entropy'), perItem('relativeEntropy'), queries)] : [],
    notes: queries.some((count) => count === 0) ? ['Texts of a single token have no query to measure.'] : [],
  };
}

/** TensorScope: over log T, T the padded length, zero rows of padding averaged in. */
function besideOf(setting: MetricSetting, entropies: number[], relative: number[], queries: number[]) {
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const padded = longest(setting);
  return {
    name: 'relative entropy',
    ours: sum(relative) / sum(queries),
    theirs: sum(entropies) / (setting.items.length * padded) / Math.log(padded),
    why: 'Theirs divides by log T, though a causal query t has t + 1 keys to choose from, and counts rows of padding and the first query as entropy 0: shorter texts look more focused.',
  };
}
