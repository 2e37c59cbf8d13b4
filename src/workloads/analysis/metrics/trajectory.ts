/** Gradients along a training: whether each checkpoint's points where the last one's did, and how much of that is noise. */
import type { JsonValue } from '../../../bundle/json.ts';
import { cosines } from '../../../stats/gradients/conflict.ts';
import { gram, gramMakes, gramVectors } from './common/gram.ts';
import { type Layers, layersOf } from './common/layers.ts';
import { arraysOf, layout } from './common/layouts.ts';
import { LossRows, longestOf, lossObjection } from './common/loss-rows.ts';
import { addGradient, WORK, zero } from './common/products.ts';
import { Tally } from './common/tally.ts';
import type { Metric, MetricOutcome, MetricProgress, MetricSetting, MetricTask } from './metric.ts';

const ID = 'trajectory';
const POINT = 'point';

/** Two halves of the items a checkpoint: 2k of the first, 2k + 1 of the second. */
const halves = ({ items }: MetricSetting) => {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)] as const;
};

export const trajectory: Metric = {
  id: ID,
  family: 'trajectory',
  title: 'Gradient trajectory',
  definition:
    'cos(∇L(θ_k), ∇L(θ_j)) for the checkpoints θ_k of a training, their norms and losses, L = Σℓ/M the token mean of the same items at every checkpoint. Beside it what two halves of the items give at one checkpoint: noise draws every cosine to 0, and cos/√(r_k r_j), r the cosine of the halves stepped up to all items (Spearman–Brown 2r/(1 + r)), takes that out.',
  chunk: 'analysis.gradientChunk',
  items: 'analysis.trajectoryItems',
  lighter: 'Fewer checkpoints; nothing else statistical takes memory here.',
  objection: (setting) =>
    setting.path.length < 2
      ? 'A trajectory takes two checkpoints of a training or more: give them as a path.'
      : lossObjection(setting, 2),
  machine: (setting) => ({
    graph: setting.graph,
    rows: Math.max(1, Math.min(setting.rows, setting.items.length)),
    length: longestOf(setting),
    vectors: [POINT, ...gramVectors(2 * setting.path.length, setting.rows)],
    backward: true,
    parameterGradients: true,
    tangents: false,
    adjoints: [],
  }),
  layout: ({ path, graph }) => {
    const [from, to] = [['checkpoint', path.length] as const, ['other_checkpoint', path.length] as const];
    return [
      layout(ID, 'cosine', [from, to]),
      layout(ID, 'cosine_corrected', [from, to]),
      layout(ID, 'layer_cosine', [['layer', layersOf(graph).names.length], from, to]),
      layout(ID, 'halves', [from]),
      layout(ID, 'norm', [from]),
      layout(ID, 'loss', [from], 'nats'),
    ];
  },
  work: ({ path, items, rows }) => (WORK.gradient * gramMakes(2 * path.length, rows) * items.length) / 2,
  run,
};

async function* run({ setting, machine, saved }: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome> {
  const { graph, path } = setting;
  const tally = new Tally();
  const parts = halves(setting).map((items) => new LossRows(graph, items));
  const count = 2 * path.length;
  const kept = (saved as { readonly beside?: readonly number[] } | undefined)?.beside;
  const losses = Float64Array.from(kept ?? new Float64Array(count));
  async function* make(index: number, into: string): AsyncGenerator<MetricProgress, void> {
    const rows = parts[index % 2];
    await machine.write(POINT, path[index >> 1].theta);
    await zero(machine, into);
    const sums = yield* addGradient({ machine, rows, chunk: setting.rows, tally }, into, POINT);
    losses[index] = rows.mean(sums);
  }
  const layers = layersOf(graph);
  const beside = (): JsonValue => Array.from(losses);
  const products = yield* gram({ machine, count, tile: setting.rows, layers, tally, make, saved, beside });
  return outcome(setting, layers, parts, products, losses);
}

function outcome(
  setting: MetricSetting,
  layers: Layers,
  parts: readonly LossRows[],
  products: Float64Array,
  losses: Float64Array,
): MetricOutcome {
  const { path } = setting;
  const points = path.length;
  const whole = parts[0].total + parts[1].total;
  const weights = parts.map(({ total }) => total / whole);
  // ∇L = Σ (M_half/M) ∇L_half, and L likewise.
  const joined = (part: number) => {
    const at = (i: number, j: number) => products[(part * 2 * points + i) * 2 * points + j];
    return Float64Array.from({ length: points * points }, (_, n) => {
      const [k, j] = [2 * Math.floor(n / points), 2 * (n % points)];
      const term = (a: number, b: number) => weights[a] * weights[b] * at(k + a, j + b);
      return term(0, 0) + (term(0, 1) + term(1, 0)) + term(1, 1);
    });
  };
  const all = layers.names.length;
  const gramOfAll = joined(all);
  const cosine = cosines(gramOfAll, points);
  const halfway = Float64Array.from({ length: points }, (_, k) => {
    const at = (i: number, j: number) => products[(all * 2 * points + i) * 2 * points + j];
    return at(2 * k, 2 * k + 1) / Math.sqrt(at(2 * k, 2 * k) * at(2 * k + 1, 2 * k + 1));
  });
  const reliable = halfway.map((r) => (r > 0 ? (2 * r) / (1 + r) : Number.NaN));
  const corrected = cosine.map(
    (value, n) => value / Math.sqrt(reliable[Math.floor(n / points)] * reliable[n % points]),
  );
  const loss = Float64Array.from(
    { length: points },
    (_, k) => weights[0] * losses[2 * k] + weights[1] * losses[2 * k + 1],
  );
  const steps = Float64Array.from({ length: points - 1 }, (_, k) => cosine[k * points + k + 1]);
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const last = cosine[(points - 1) * points];
  return {
    arrays: arraysOf(trajectory.layout(setting), {
      cosine,
      cosine_corrected: corrected,
      layer_cosine: layers.names.flatMap((_, l) => Array.from(cosines(joined(l), points))),
      halves: halfway,
      norm: Float64Array.from({ length: points }, (_, k) => Math.sqrt(gramOfAll[k * points + k])),
      loss,
    }),
    headlines: [
      {
        key: 'successive',
        name: 'mean cosine of gradients of successive checkpoints',
        value: mean(steps),
        control: { name: 'cosine of two halves of the items at one checkpoint, mean', value: mean(halfway) },
      },
      { key: 'firstLast', name: 'cosine of the first and last checkpoint’s gradients', value: last },
      {
        key: 'lossFall',
        name: 'L at the first checkpoint less L at the last',
        value: loss[0] - loss[points - 1],
        unit: 'nats',
      },
    ],
    beside: [],
    notes: [
      `Checkpoints: ${path.map(({ name }) => name).join(', ')}.`,
      'All gradients are of L, the token mean of the same items.',
      ...(reliable.some(Number.isNaN)
        ? [
            'Where the two halves of the items disagree (cosine ≤ 0) a gradient is not resolved, and no corrected cosine is given.',
          ]
        : []),
    ],
    attributes: { checkpoints: path.map(({ name }) => name).join('\n'), layers: layers.names.join('\n') },
  };
}
