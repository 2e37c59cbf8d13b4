/** Where what the answer needs is stored: clean activations put back into a corrupted run. */
import { decoderObjection, targetObjection } from './common/items.ts';
import { layout } from './common/outcome.ts';
import { type Count, type Phase, State, startsOf, walk, workOf } from './common/pieces.ts';
import { traceOutcome } from './common/trace-outcome.ts';
import { addressedNoise, cellsOf, type Noise, type Place, placeIn, SITES } from './common/trace-places.ts';
import { TraceRuns, traced } from './common/trace-runs.ts';
import type { Metric, MetricSetting, MetricTask } from './metric.ts';

function counts(setting: MetricSetting): Record<'ends' | 'restored' | 'donors', Count> {
  const { items, sizes } = setting;
  const places = traced(setting).reduce((sum, item) => sum + item.places.length, 0);
  return {
    ends: { units: items.length * (1 + sizes.traceDraws), work: 1 },
    restored: { units: places * sizes.traceDraws, work: 0.5 },
    donors: { units: sizes.traceDraws > 1 ? items.length * sizes.traceDraws : 0, work: 2.5 },
  };
}

const tokensOf = (setting: MetricSetting) => Math.max(1, ...traced(setting).map(({ target }) => target.position + 1));

export const causalTrace: Metric = {
  id: 'causal-trace',
  family: 'causal',
  title: 'Causal trace',
  definition:
    'Embeddings of chosen positions get normal noise of 3 standard deviations of the table; then one activation is set back to its clean value at one position: a stream before or after a block, or the output of attention or of the MLP. Effect = p_restored − p_corrupted of the explained token, mean ± sd/√S over S draws, and over p_clean − p_corrupted (Meng et al. 2022).',
  chunk: 'analysis.interventionRows',
  items: 'analysis.causalItems',
  lighter: 'lower the number of texts or the draws of noise; errors grow as one over the square root of either',
  objection: (setting) =>
    decoderObjection(setting, 'streams, attention and MLPs') ??
    targetObjection({ ...setting, target: { ...setting.target, kind: 'log-probability' } }) ??
    (traced(setting).some(({ corrupted }) => corrupted.length === 0)
      ? 'No position before the explained one is corrupted: name earlier ones.'
      : undefined),
  machine: (setting) => ({
    graph: setting.graph,
    rows: setting.rows,
    length: tokensOf(setting) + 1,
    vectors: [],
    backward: false,
    parameterGradients: false,
    tangents: false,
    adjoints: [],
  }),
  layout: (setting) => {
    const { items, graph, sizes } = setting;
    const item = { item: items.length };
    const map = { ...item, site: SITES.length, layer: graph.layers, token: tokensOf(setting) };
    return [
      layout('causal_trace', 'position', item),
      layout('causal_trace', 'target', item),
      layout('causal_trace', 'clean', item),
      layout('causal_trace', 'corrupted', { ...item, draw: sizes.traceDraws }),
      layout('causal_trace', 'is_corrupted', { ...item, token: tokensOf(setting) }),
      layout('causal_trace', 'restored', map),
      layout('causal_trace', 'restored_sd', map),
      layout('causal_trace', 'effect', map),
      layout('causal_trace', 'donor', { ...item, draw: sizes.traceDraws }),
    ];
  },
  work: (setting) => workOf(counts(setting)),
  run: (task) => trace(task, addressedNoise(task.setting)),
};

/** @param noise of every draw */
export async function* trace({ setting, machine, saved }: MetricTask, noise: Noise) {
  const { graph, items, sizes } = setting;
  const count = counts(setting);
  const state = new State();
  const own = traced(setting);
  const tokens = tokensOf(setting);
  const cells = cellsOf(graph, tokens);
  const draws = sizes.traceDraws;
  const runs = new TraceRuns(machine, setting, own, noise);
  const sums = {
    clean: state.of('clean', items.length),
    corrupted: state.of('corrupted', items.length * draws),
    // Welford's: mean and sum of squared deviations over draws.
    mean: state.of('mean', items.length * cells),
    squares: state.of('squares', items.length * cells),
    donor: state.of('donor', items.length * draws),
  };
  const starts = startsOf(own.map(({ places }) => places.length * draws));
  /** The place whose MLP output restores most of an item. */
  const bestOf = (item: number): Place => {
    const mlps = own[item].places.filter(({ kind }) => kind === 'mlp');
    const at = (place: Place) => sums.mean[item * cells + placeIn(graph, place, tokens)];
    return mlps.reduce((a, b) => (at(b) > at(a) ? b : a));
  };

  const phases: readonly Phase[] = [
    {
      ...count.ends,
      async piece(from, most) {
        const rows = Array.from({ length: most }, (_, r) => {
          const draw = ((from + r) % (1 + draws)) - 1;
          return { item: Math.floor((from + r) / (1 + draws)), ...(draw >= 0 && { draw }) };
        });
        const found = await runs.probabilities(rows);
        for (const [r, { item, draw }] of rows.entries())
          if (draw === undefined) sums.clean[item] = found[r];
          else sums.corrupted[item * draws + draw] = found[r];
        return most;
      },
    },
    {
      ...count.restored,
      async piece(from, most) {
        const item = starts.findLastIndex((start) => start <= from);
        const { places } = own[item];
        const [draw, first] = [
          Math.floor((from - starts[item]) / places.length),
          (from - starts[item]) % places.length,
        ];
        const { layer } = places[first];
        const asked = places.slice(first, first + most).filter((place) => place.layer === layer);
        const donor = await runs.run(item);
        const found = await runs.restored(item, draw, asked, donor);
        for (const [r, place] of asked.entries()) {
          const at = item * cells + placeIn(graph, place, tokens);
          const off = found[r] - sums.mean[at];
          sums.mean[at] += off / (draw + 1);
          sums.squares[at] += off * (found[r] - sums.mean[at]);
        }
        return asked.length;
      },
    },
    {
      // The same place filled from another corrupted run: what restoring anything at all comes to.
      ...count.donors,
      async piece(from) {
        const [item, draw] = [Math.floor(from / draws), from % draws];
        const place = bestOf(item);
        const donor = await runs.valueOf(item, (draw + 1) % draws, place.value);
        const [found] = await runs.restored(item, draw, [place], donor);
        sums.donor[from] = found;
        return 1;
      },
    },
  ];
  yield* walk(phases, state, setting.rows, saved);
  return traceOutcome(setting, causalTrace.layout(setting), { own, tokens, bestOf, ...sums });
}
