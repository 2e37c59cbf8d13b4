/** How evenly the gradient is spread over the tensors: whether it vanishes or explodes on its way back. */
import { type Concentration, concentration } from '../../../stats/gradients/concentration.ts';
import { jackknife } from '../../../stats/resampling/jackknife.ts';
import { ITEM_GRADIENT_VECTORS, itemGradients, wholeWithout } from './common/item-gradients.ts';
import { byLayer, layersOf, tensorSizes } from './common/layers.ts';
import { arraysOf, layout, tensorNames } from './common/layouts.ts';
import { LossRows, longestOf, lossObjection } from './common/loss-rows.ts';
import { WORK } from './common/products.ts';
import { Tally } from './common/tally.ts';
import type { Headline, Metric, MetricOutcome, MetricProgress, MetricTask } from './metric.ts';

const ID = 'pathology';

export const pathology: Metric = {
  id: ID,
  family: 'pathology',
  title: 'Gradient pathology',
  definition:
    'Of the norms x_k = ‖∇L‖ of the tensors: entropy −Σ p log p of the shares p_k = x_k/Σx over log(number of tensors), Gini coefficient Σ|x_j − x_k|/(2n²x̄), and the ratio of the last layer’s norm to the first’s (Glorot & Bengio 2010 compare layers so): far above 1 where gradients vanish on the way back, far below where they explode.',
  chunk: 'analysis.gradientChunk',
  items: 'analysis.pathologyItems',
  lighter: 'Nothing statistical takes memory here but θ itself: three vectors of its size.',
  objection: (setting) => lossObjection(setting),
  machine: (setting) => ({
    graph: setting.graph,
    rows: 1,
    length: longestOf(setting),
    vectors: [...ITEM_GRADIENT_VECTORS],
    backward: true,
    parameterGradients: true,
    tangents: false,
    adjoints: [],
  }),
  layout: ({ graph }) => {
    const tensor = ['tensor', graph.parameters.length] as const;
    const layer = ['layer', layersOf(graph).names.length] as const;
    return [
      layout(ID, 'share', [tensor]),
      layout(ID, 'share_error', [tensor]),
      layout(ID, 'share_of_equal_rms', [tensor]),
      layout(ID, 'layer_norm', [layer]),
      layout(ID, 'layer_norm_error', [layer]),
    ];
  },
  work: ({ items }) => 2 * WORK.gradient * items.length,
  run,
};

async function* run({ setting, machine, saved }: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome> {
  const { graph } = setting;
  const rows = new LossRows(graph, setting.items);
  const products = yield* itemGradients(machine, rows, new Tally(), saved);
  const layers = layersOf(graph);
  const roots = (squares: Float64Array) => squares.map(Math.sqrt);
  const perLayer = (squares: Float64Array) => roots(byLayer(layers, squares));
  const without = Array.from({ length: rows.count > 1 ? rows.count : 0 }, (_, item) =>
    wholeWithout(products, rows, item),
  );
  const error = (of: (squares: Float64Array) => number) => jackknife(without.map(of)).error;
  // What a gradient of equal rms everywhere would give: larger tensors have larger norms by their size alone.
  const even = Float64Array.from(tensorSizes(graph), Math.sqrt);
  const [norms, layerNorms] = [roots(products.whole), perLayer(products.whole)];
  const [found, null_] = [concentration(norms), concentration(even)];
  const ends = (squares: Float64Array) => concentration(perLayer(squares)).lastOverFirst;
  const of = `jackknife over ${rows.count} items`;
  const line = (key: string, name: string, value: number, spread: number, control?: Headline['control']): Headline => ({
    key,
    name,
    value,
    error: Number.isFinite(spread) ? { value: spread, of } : undefined,
    control,
  });
  const at = (key: keyof Concentration) => error((squares) => concentration(roots(squares))[key]);
  const control = (key: keyof Concentration) => ({ name: 'equal rms in every tensor', value: null_[key] });
  return {
    arrays: arraysOf(pathology.layout(setting), {
      share: shares(norms),
      share_error: norms.map((_, k) => error((squares) => shares(roots(squares))[k])),
      share_of_equal_rms: shares(even),
      layer_norm: layerNorms,
      layer_norm_error: layerNorms.map((_, l) => error((squares) => perLayer(squares)[l])),
    }),
    headlines: [
      line(
        'evenness',
        'entropy of ‖∇L‖ over tensors, over log(tensors)',
        found.evenness,
        at('evenness'),
        control('evenness'),
      ),
      line('entropy', 'entropy of ‖∇L‖ over tensors', found.entropy, at('entropy'), control('entropy')),
      line('gini', 'Gini coefficient of ‖∇L‖ over tensors', found.gini, at('gini'), control('gini')),
      line(
        'lastOverFirst',
        `‖∇L‖ of ${layers.names.at(-1)} over that of ${layers.names[0]}`,
        ends(products.whole),
        error(ends),
      ),
    ],
    beside: [],
    notes: [
      'Norms are of ∇L, the gradient of the token mean; shares are of norms, not of squares.',
      `Layers: ${layers.names.join(', ')}. A tied tensor belongs to where it is read first.`,
    ],
    attributes: { ...tensorNames(graph), layers: layers.names.join('\n') },
  };
}

function shares(norms: Float64Array): Float64Array {
  const whole = norms.reduce((sum, norm) => sum + norm, 0);
  return norms.map((norm) => norm / whole);
}
