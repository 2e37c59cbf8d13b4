/** What the model loses without each head and each MLP. */
import { LENS_STATISTICS, type Patch } from '../../../nn/graph/machine.ts';
import { ablationOutcome } from './common/ablation-outcome.ts';
import { decoderObjection, lengthOf, longest, nextTokenObjection } from './common/items.ts';
import { layout } from './common/outcome.ts';
import { type Count, type Phase, State, walk, workOf } from './common/pieces.ts';
import { KeptValues, patchesFrom } from './common/streams.ts';
import type { Metric, MetricSetting, MetricTask } from './metric.ts';

/** What a part's output is set to. */
export const ABLATIONS = ['zero', 'mean'] as const;

/** Parts of a block: its heads, then its MLP. */
export const partsOf = ({ graph }: MetricSetting): number => graph.layers * (graph.heads + 1);

function counts(setting: MetricSetting): Record<'clean' | 'ablated', Count> {
  const { items } = setting;
  return {
    clean: { units: items.length, work: 1 },
    // Half of the network behind the part, and its end once more for KL.
    ablated: { units: items.length * ABLATIONS.length * partsOf(setting), work: 0.5 + 1 / setting.graph.layers },
  };
}

export const ablation: Metric = {
  id: 'ablation',
  family: 'causal',
  title: 'Ablation of heads and MLPs',
  definition:
    'ΔL, the change of the loss (token mean), and KL(model ‖ ablated) over positions with a next token, when the output of one head or one MLP is set to 0 or to its mean over all real tokens of the texts, at every position. A larger effect is a larger need of it.',
  chunk: 'analysis.interventionRows',
  items: 'analysis.causalItems',
  lighter: 'lower the number of texts; the error grows as one over the square root of it',
  objection: (setting) => decoderObjection(setting, 'heads and MLPs') ?? nextTokenObjection(setting),
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
    const { items, graph } = setting;
    const parts = { ablation: ABLATIONS.length, layer: graph.layers, part: graph.heads + 1 };
    const perItem = { item: items.length, ...parts };
    return [
      layout('ablation', 'length', { item: items.length }),
      layout('ablation', 'clean_loss', { item: items.length }, 'nats'),
      layout('ablation', 'item_loss_change', perItem, 'nats'),
      layout('ablation', 'item_divergence', perItem, 'nats'),
      layout('ablation', 'loss_change', parts, 'nats'),
      layout('ablation', 'loss_change_error', parts, 'nats'),
      layout('ablation', 'divergence', parts, 'nats'),
      layout('ablation', 'divergence_error', parts, 'nats'),
    ];
  },
  work: (setting) => workOf(counts(setting)),
  run: measure,
};

/** One row: a part of one item set to something. */
interface Ablated {
  readonly item: number;
  readonly layer: number;
  /** The MLP where it is the number of heads. */
  readonly part: number;
  readonly kind: (typeof ABLATIONS)[number];
  /** In the arrays of results. */
  readonly place: number;
}

async function* measure({ setting, machine, saved }: MetricTask) {
  const { graph, items } = setting;
  const { layers, heads } = graph;
  const count = counts(setting);
  const state = new State();
  const parts = partsOf(setting);
  const headWidth = graph.widths[graph.blocks[0].heads] / heads;
  const width = graph.widths[graph.final];
  const means = {
    heads: graph.blocks.map((_, l) => state.of(`heads.${l}`, heads * headWidth)),
    mlp: graph.blocks.map((_, l) => state.of(`mlp.${l}`, width)),
  };
  const clean = state.of('clean', items.length);
  const change = state.of('change', items.length * ABLATIONS.length * parts);
  const divergence = state.of('divergence', change.length);
  const tokens = items.reduce((sum, item) => sum + lengthOf(item), 0);
  const streamOf = (value: string) =>
    new KeptValues(machine, value, (rows) => ({ ids: rows.map((item) => items[item].ids!) }));
  const streams = graph.residuals.map(streamOf);

  /** Units go by layer, so that all rows of a piece begin at the same stream. */
  const unitOf = (unit: number): Ablated => {
    const perLayer = items.length * ABLATIONS.length * (heads + 1);
    const layer = Math.floor(unit / perLayer);
    const within = unit % perLayer;
    const item = Math.floor(within / (ABLATIONS.length * (heads + 1)));
    const kind = Math.floor(within / (heads + 1)) % ABLATIONS.length;
    const part = within % (heads + 1);
    const place = ((item * ABLATIONS.length + kind) * layers + layer) * (heads + 1) + part;
    return { item, layer, part, kind: ABLATIONS[kind], place };
  };
  const patchesOf = ({ item, layer, part, kind }: Ablated, row: number): Patch[] => {
    const block = graph.blocks[layer];
    const [value, from, length] = part === heads ? [block.mlp, 0, width] : [block.heads, part * headWidth, headWidth];
    const sums = part === heads ? means.mlp[layer] : means.heads[layer].subarray(from, from + length);
    const numbers = kind === 'zero' ? new Float64Array(length) : sums.map((sum) => sum / tokens);
    return Array.from({ length: lengthOf(items[item]) }, (_, position) => ({ row, value, position, from, numbers }));
  };

  const phases: readonly Phase[] = [
    {
      ...count.clean,
      async piece(from, most) {
        const rows = items.slice(from, from + most);
        await machine.forward({ ids: rows.map(({ ids }) => ids!) });
        const losses = await machine.losses();
        const values = [];
        for (const { heads: own, mlp } of graph.blocks)
          values.push([await machine.read('value', own), await machine.read('value', mlp)]);
        for (const [r] of rows.entries()) {
          clean[from + r] = sumOf(losses[r]);
          for (const [l, [ofHeads, ofMlp]] of values.entries()) {
            addPositions(ofHeads[r], means.heads[l]);
            addPositions(ofMlp[r], means.mlp[l]);
          }
        }
        return rows.length;
      },
    },
    {
      ...count.ablated,
      async piece(from, most) {
        const { layer } = unitOf(from);
        const rows: Ablated[] = [];
        for (let unit = from; unit < from + most && unitOf(unit).layer === layer; unit++) rows.push(unitOf(unit));
        const own = rows.map(({ item }) => item);
        const before = await streams[layer].of(own);
        const after = await streams[layers].of(own);
        const ids = own.map((item) => items[item].ids!);
        await machine.forward({
          ids,
          start: { value: graph.residuals[layer], numbers: before },
          patches: rows.flatMap(patchesOf),
        });
        const losses = await machine.losses();
        const ablated = await machine.read('value', graph.residuals[layers]);
        // KL of two runs from one pass: the last block begins with the ablated stream, which the lens reads, and its end is put back to the clean one.
        const earlier = graph.residuals[layers - 1];
        await machine.forward({
          ids,
          start: { value: earlier, numbers: ablated },
          patches: after.flatMap((numbers, row) => patchesFrom(row, graph.residuals[layers], numbers, width)),
        });
        const lens = await machine.lens(earlier);
        const each = LENS_STATISTICS.length;
        for (const [r, { item, place }] of rows.entries()) {
          change[place] = sumOf(losses[r]) - clean[item];
          let sum = 0;
          for (let at = LENS_STATISTICS.indexOf('divergence'); at < lens[r].length; at += each) sum += lens[r][at];
          divergence[place] = sum;
        }
        return rows.length;
      },
    },
  ];
  yield* walk(phases, state, setting.rows, saved);
  return ablationOutcome(setting, ablation.layout(setting), { clean, change, divergence });
}

const sumOf = (numbers: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i];
  return sum;
};

function addPositions(numbers: ArrayLike<number>, into: Float64Array): void {
  for (let i = 0; i < numbers.length; i++) into[i % into.length] += numbers[i];
}
