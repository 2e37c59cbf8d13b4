/** What the model would say if it stopped after each layer. */
import { LENS_STATISTICS } from '../../../nn/graph/machine.ts';
import { bootstrapColumns } from '../../../stats/resampling/bootstrap-columns.ts';
import { decoderObjection, lengthOf, longest, nextTokenObjection } from './common/items.ts';
import { arraysOf, bootstrapOptions, layout, noValues, ratioHeadline } from './common/outcome.ts';
import { type Count, type Phase, State, walk, workOf } from './common/pieces.ts';
import type { Metric, MetricSetting, MetricTask } from './metric.ts';

const EACH = LENS_STATISTICS.length;

function counts({ items, graph }: MetricSetting): Record<'texts', Count> {
  return { texts: { units: items.length, work: 1 + 0.2 * graph.residuals.length } };
}

export const logitLens: Metric = {
  id: 'logit-lens',
  family: 'lens',
  title: 'Logit lens',
  definition:
    'W_U·norm_f(h_l) of every residual stream, as if the model ended there (nostalgebraist 2020): rank and log-probability of the next token, entropy, and KL(model ‖ lens) = Σ p log(p/p_l), means over positions with a next token. The last layer is the model itself.',
  chunk: 'analysis.lensChunk',
  items: 'analysis.lensItems',
  lighter: 'lower the number of texts; the error grows as one over the square root of it',
  objection: (setting) => decoderObjection(setting, 'residual streams') ?? nextTokenObjection(setting),
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
    const layer = { layer: graph.residuals.length };
    const map = { item: items.length, ...layer, token: longest(setting) - 1 };
    const mean = { ...layer, statistic: EACH };
    return [
      layout('logit_lens', 'length', { item: items.length }),
      layout('logit_lens', 'rank', map),
      layout('logit_lens', 'log_probability', map, 'nats'),
      layout('logit_lens', 'entropy', map, 'nats'),
      layout('logit_lens', 'divergence', map, 'nats'),
      layout('logit_lens', 'mean', mean),
      layout('logit_lens', 'error', mean),
    ];
  },
  work: (setting) => workOf(counts(setting)),
  run: measure,
};

async function* measure({ setting, machine, saved }: MetricTask) {
  const { graph, items } = setting;
  const layers = graph.residuals.length;
  const tokens = longest(setting) - 1;
  const state = new State();
  const size = items.length * layers * tokens;
  const maps = LENS_STATISTICS.map((name) => state.of(name, size));
  const phases: readonly Phase[] = [
    {
      ...counts(setting).texts,
      async piece(from, most) {
        const rows = items.slice(from, from + most);
        await machine.forward({ ids: rows.map(({ ids }) => ids!) });
        const found = [];
        for (const value of graph.residuals) found.push(await machine.lens(value));
        for (const [r, item] of rows.entries())
          for (let l = 0; l < layers; l++)
            for (let t = 0; t + 1 < lengthOf(item); t++)
              for (const [s, map] of maps.entries())
                map[((from + r) * layers + l) * tokens + t] = found[l][r][t * EACH + s];
        return rows.length;
      },
    },
  ];
  yield* walk(phases, state, setting.rows, saved);

  const predicted = items.map((item) => lengthOf(item) - 1);
  const sums = new Float64Array(items.length * layers * EACH);
  for (const [i, count] of predicted.entries())
    for (let l = 0; l < layers; l++)
      for (const [s, map] of maps.entries())
        for (let t = 0; t < count; t++) sums[(i * layers + l) * EACH + s] += map[(i * layers + l) * tokens + t];
  const { estimate, error } = bootstrapColumns(items.length, sums, predicted, bootstrapOptions(setting));
  const column = (layer: number, statistic: (typeof LENS_STATISTICS)[number]) => {
    const s = LENS_STATISTICS.indexOf(statistic);
    return items.map((_, i) => sums[(i * layers + layer) * EACH + s]);
  };
  const vocabulary = graph.head.kind === 'cross-entropy' ? graph.head.vocabulary : 1;
  const at = (layer: number, statistic: (typeof LENS_STATISTICS)[number]) =>
    estimate[layer * EACH + LENS_STATISTICS.indexOf(statistic)];
  const middle = Math.ceil(graph.layers / 2);
  const known = maps.map((map) => beyond(map, predicted, layers, tokens));
  return {
    arrays: arraysOf(logitLens.layout(setting), {
      length: items.map(lengthOf),
      rank: known[0],
      log_probability: known[1],
      entropy: known[2],
      divergence: known[3],
      mean: estimate,
      error,
    }),
    headlines: [
      ratioHeadline(
        setting,
        {
          key: 'logProbability',
          name: `log p of the next token before block ${middle}`,
          unit: 'nats',
          control: { name: 'an even guess', value: -Math.log(vocabulary) },
        },
        column(middle, 'logProbability'),
        predicted,
      ),
      ratioHeadline(
        setting,
        {
          key: 'divergence',
          name: `KL(model ‖ lens) before block ${middle}`,
          unit: 'nats',
          control: { name: 'of the last stream, the model itself', value: at(graph.layers, 'divergence') },
        },
        column(middle, 'divergence'),
        predicted,
      ),
      ratioHeadline(
        setting,
        {
          key: 'rank',
          name: `rank of the next token before block ${middle}`,
          control: { name: 'an even guess', value: (vocabulary + 1) / 2 },
        },
        column(middle, 'rank'),
        predicted,
      ),
      ratioHeadline(
        setting,
        {
          key: 'modelLogProbability',
          name: 'log p of the next token, of the model',
          unit: 'nats',
          control: { name: 'an even guess', value: -Math.log(vocabulary) },
        },
        column(graph.layers, 'logProbability'),
        predicted,
      ),
    ],
    beside: [],
    notes: setting.origin
      ? ['TensorScope lists a logit lens whose method does not exist: there is nothing to put beside ours.']
      : [],
  };
}

/** NaN where an item has no next token. */
function beyond(map: Float64Array, predicted: readonly number[], layers: number, tokens: number): Float64Array {
  const out = noValues(map.length);
  for (const [i, count] of predicted.entries())
    for (let l = 0; l < layers; l++) {
      const at = (i * layers + l) * tokens;
      out.set(map.subarray(at, at + count), at);
    }
  return out;
}
