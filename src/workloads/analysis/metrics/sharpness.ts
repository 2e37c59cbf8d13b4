/** Sharpness as sharpness-aware minimisation defines it: the rise of the loss by a step of length ρ up its gradient. */
import { dot } from '../../../nn/graph/machine.ts';
import { jackknife } from '../../../stats/resampling/jackknife.ts';
import { gaussian, STREAM } from './common/addressed.ts';
import { arraysOf, layout } from './common/layouts.ts';
import { LossRows, longestOf, lossObjection } from './common/loss-rows.ts';
import { addGradient, lossSums, norm, type Pass, product, WORK, zero } from './common/products.ts';
import { Tally } from './common/tally.ts';
import type { Metric, MetricOutcome, MetricProgress, MetricTask } from './metric.ts';

const ID = 'sharpness';
const [GRADIENT, CURVED, POINT] = ['gradient', 'curved', 'point'];

export const sharpness: Metric = {
  id: ID,
  family: 'sharpness',
  title: 'Sharpness',
  definition:
    'L(θ + ρ∇L/‖∇L‖) − L (Foret, Kleiner, Mobahi & Neyshabur 2021), L = Σℓ/M the token mean. To second order it is ρ‖∇L‖ + ½ρ² gᵀHg/‖g‖², computed beside it with an exact product; and it is held against the mean of a step up and a step down a random direction of the same length.',
  chunk: 'analysis.curvatureChunk',
  items: 'analysis.sharpnessItems',
  lighter: 'Nothing statistical takes memory here but θ itself: three vectors of its size.',
  objection: (setting) => lossObjection(setting),
  machine: (setting) => ({
    graph: setting.graph,
    rows: Math.max(1, Math.min(setting.rows, setting.items.length)),
    length: longestOf(setting),
    vectors: [GRADIENT, CURVED, POINT],
    backward: true,
    parameterGradients: true,
    tangents: true,
    adjoints: [],
  }),
  layout: ({ items }) => [
    layout(ID, 'item_loss', [['item', items.length]], 'nats'),
    layout(ID, 'item_rise', [['item', items.length]], 'nats'),
  ],
  work: ({ items }) => items.length * (WORK.gradient + WORK.hessian + 3 * WORK.forward),
  run,
};

async function* run({ setting, machine }: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome> {
  const { graph, rho, seed } = setting;
  const rows = new LossRows(graph, setting.items);
  const pass: Pass = { machine, rows, chunk: setting.rows, tally: new Tally() };
  await zero(machine, GRADIENT);
  const at = yield* addGradient(pass, GRADIENT);
  const slope = await norm(machine, GRADIENT);
  yield* product(pass, 'hessian', GRADIENT, CURVED);
  const curvature = (await dot(machine, GRADIENT, CURVED)) / slope ** 2;
  const step = async function* (length: number, direction: string) {
    await machine.combine(POINT, [
      [1, 'theta'],
      [length, direction],
    ]);
    return yield* lossSums(pass, POINT);
  };
  const up = yield* step(rho / slope, GRADIENT);
  await machine.write(CURVED, gaussian(seed, STREAM.random, graph.size));
  const random = rho / (await norm(machine, CURVED));
  const [plus, minus] = [yield* step(random, CURVED), yield* step(-random, CURVED)];
  const value = rows.mean(up) - rows.mean(at);
  const second = rho * slope + 0.5 * rho * rho * curvature;
  const by = (sums: Float64Array) => rows.without(sums);
  const error = rows.count > 1 ? jackknife(by(up).map((rise, item) => rise - by(at)[item])).error : Number.NaN;
  const of = `jackknife over ${rows.count} items, same step`;
  return {
    arrays: arraysOf(sharpness.layout(setting), {
      item_loss: rows.itemMeans(at),
      item_rise: rows.itemMeans(up).map((loss, item) => loss - at[item] / rows.terms[item]),
    }),
    headlines: [
      {
        key: 'sharpness',
        name: `rise of L by a step of ${rho} up the gradient`,
        value,
        unit: 'nats',
        error: Number.isFinite(error) ? { value: error, of } : undefined,
        control: {
          name: 'mean rise by a step as long up and down a random direction',
          value: (rows.mean(plus) + rows.mean(minus)) / 2 - rows.mean(at),
        },
      },
      { key: 'secondOrder', name: 'the same to second order, ρ‖∇L‖ + ½ρ² gᵀHg/‖g‖²', value: second, unit: 'nats' },
      { key: 'curvature', name: 'curvature along the gradient, gᵀHg/‖g‖²', value: curvature },
    ],
    beside: [],
    notes: [
      `At ρ = ${rho} the second order leaves ${Math.abs(value - second).toPrecision(2)} of ${value.toPrecision(3)} unexplained.`,
      'Item rises are of each item’s own mean loss; the headline is of the token mean.',
    ],
  };
}
