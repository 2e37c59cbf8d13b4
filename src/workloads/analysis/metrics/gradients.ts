/** The gradient of L by tensor and layer, and how noisy it is: noise scale and signal-to-noise ratio (McCandlish et al. 2018). */

import { type NoiseScale, noiseScale } from '../../../stats/gradients/noise-scale.ts';
import { tensorScopeSnr } from '../../../stats/gradients/tensorscope-snr.ts';
import { jackknife } from '../../../stats/resampling/jackknife.ts';
import { ITEM_GRADIENT_VECTORS, type ItemGradients, itemGradients, wholeWithout } from './common/item-gradients.ts';
import { byLayer, type Layers, layersOf, tensorSizes } from './common/layers.ts';
import { arraysOf, layout, sumOf, tensorNames } from './common/layouts.ts';
import { LossRows, longestOf, lossObjection } from './common/loss-rows.ts';
import { chunks, WORK, zero } from './common/products.ts';
import { Tally } from './common/tally.ts';
import type { Headline, Metric, MetricProgress, MetricSetting, MetricTask, TheirsBesideOurs } from './metric.ts';

/** Learning rate that steps are judged at. */
export const JUDGED_RATE = 1e-3;
/** A step below half a unit in the last place of f32 changes no weight. */
export const VANISHING = 2 ** -24;
/** A step as long as the weights themselves. */
export const EXPLODING = 1;

const SQUARES = 'squares';
const ID = 'gradients';

export const gradients: Metric = {
  id: ID,
  family: 'gradients',
  title: 'Gradients and their noise',
  definition:
    'Norm, rms, largest entry and share of zeros of ∇L by tensor and layer, L = Σℓ/M the token mean. Noise scale B = tr Σ/|G|² of item gradients g_i = ∇ℓ_i (ℓ_i the mean over an item’s own tokens): tr Σ = Σ‖g_i − ḡ‖²/(N − 1), |G|² = (‖Σg_i‖² − Σ‖g_i‖²)/(N(N − 1)), unbiased; signal-to-noise ratio of the gradient of all N items N/B (McCandlish, Kaplan, Amodei et al. 2018).',
  chunk: 'analysis.gradientChunk',
  items: 'analysis.gradientItems',
  lighter:
    'Nothing statistical takes memory here but θ itself: three vectors of its size. Fewer items widen the error of the noise scale as 1/√N.',
  objection: (setting) => lossObjection(setting),
  machine: (setting) => ({
    graph: setting.graph,
    rows: setting.origin ? Math.max(1, Math.min(setting.rows, setting.items.length)) : 1,
    length: longestOf(setting),
    vectors: [...ITEM_GRADIENT_VECTORS, ...(setting.origin ? [SQUARES] : [])],
    backward: true,
    parameterGradients: true,
    tangents: false,
    adjoints: [],
  }),
  layout: ({ graph, items, origin }) => {
    const tensor = ['tensor', graph.parameters.length] as const;
    const layer = ['layer', layersOf(graph).names.length] as const;
    const item = ['item', items.length] as const;
    return [
      layout(ID, 'norm', [tensor]),
      layout(ID, 'norm_error', [tensor]),
      layout(ID, 'rms', [tensor]),
      layout(ID, 'largest', [tensor]),
      layout(ID, 'zeros', [tensor], 'share'),
      layout(ID, 'relative_step', [tensor]),
      layout(ID, 'layer_norm', [layer]),
      layout(ID, 'layer_norm_error', [layer]),
      layout(ID, 'layer_noise_scale', [layer], 'items'),
      layout(ID, 'item_norm', [item]),
      layout(ID, 'item_dot_sum', [item]),
      layout(ID, 'item_loss', [item], 'nats'),
      ...(origin ? [layout(ID, 'snr_tensorscope', [tensor])] : []),
    ];
  },
  work: ({ items, origin }) => (origin ? 3 : 2) * WORK.gradient * items.length,
  run,
};

async function* run({
  setting,
  machine,
  saved,
}: MetricTask): AsyncGenerator<MetricProgress, Awaited<ReturnType<typeof outcome>>> {
  const rows = new LossRows(setting.graph, setting.items);
  const tally = new Tally();
  const products = yield* itemGradients(machine, rows, tally, saved);
  // Their pass is short: an interruption repeats it.
  const theirs = setting.origin ? yield* theirRatios(setting, machine, rows, tally) : undefined;
  const whole = await machine.readVector('whole');
  return outcome(setting, rows, products, whole, theirs);
}

/** TensorScope's ratio by tensor, then of all parameters. */
async function* theirRatios(
  { graph, rows: chunk }: MetricSetting,
  machine: MetricTask['machine'],
  rows: LossRows,
  tally: Tally,
): AsyncGenerator<MetricProgress, Float64Array> {
  await zero(machine, SQUARES);
  for (const [from, to] of chunks(rows.count, chunk)) {
    await machine.forward(rows.batch(from, to));
    await machine.backward({
      seed: { kind: 'loss', weights: rows.itemWeights(from, to) },
      into: SQUARES,
      square: true,
    });
    yield tally.add((to - from) * WORK.gradient);
  }
  const [sum, squares] = [await machine.readVector('sum'), await machine.readVector(SQUARES)];
  if (rows.count < 2) return new Float64Array(graph.parameters.length + 1).fill(Number.NaN);
  const ratio = (from: number, to: number) =>
    tensorScopeSnr(sum.subarray(from, to), squares.subarray(from, to), rows.count);
  const sizes = tensorSizes(graph);
  return Float64Array.from([...graph.parameters.map(({ at }, k) => ratio(at, at + sizes[k])), ratio(0, graph.size)]);
}

function outcome(
  setting: MetricSetting,
  rows: LossRows,
  products: ItemGradients,
  gradient: ArrayLike<number>,
  theirs: Float64Array | undefined,
) {
  const { graph, theta } = setting;
  const layers = layersOf(graph);
  const entries = byTensor(setting, gradient);
  const without = Array.from({ length: rows.count > 1 ? rows.count : 0 }, (_, item) =>
    wholeWithout(products, rows, item),
  );
  const errorOf = (fold: (squares: Float64Array) => Float64Array, at: number) =>
    jackknife(without.map((squares) => Math.sqrt(fold(squares)[at]))).error;
  const layerSquares = byLayer(layers, products.whole);
  const tensors = graph.parameters.length;
  const perItem = (table: Float64Array, item: number) => table.subarray(item * tensors, (item + 1) * tensors);
  const item = (table: Float64Array) => Float64Array.from(rows.terms, (_, i) => sumOf(perItem(table, i)));
  const noise = rows.count > 1 ? noiseOf(products, rows, (parts) => sumOf(parts)) : undefined;
  const layerNoise = layers.names.map((_, l) =>
    rows.count > 1 ? noiseOf(products, rows, (parts) => byLayer(layers, parts)[l]).noiseScale : Number.NaN,
  );
  const norm = Math.sqrt(sumOf(products.whole));
  const sizes = tensorSizes(graph);
  const relative = products.whole.map((square, k) => {
    const { at } = graph.parameters[k];
    const length = lengthOf(theta.subarray(at, at + sizes[k]));
    return length > 0 ? (JUDGED_RATE * Math.sqrt(square)) / length : Number.NaN;
  });
  const whole = (squares: Float64Array) => Float64Array.of(sumOf(squares));
  return {
    arrays: arraysOf(gradients.layout(setting), {
      norm: products.whole.map(Math.sqrt),
      norm_error: products.whole.map((_, k) => errorOf((squares) => squares, k)),
      ...entries,
      relative_step: relative,
      layer_norm: layerSquares.map(Math.sqrt),
      layer_norm_error: layerSquares.map((_, l) => errorOf((squares) => byLayer(layers, squares), l)),
      layer_noise_scale: layerNoise,
      item_norm: item(products.squares).map(Math.sqrt),
      item_dot_sum: item(products.withSum),
      item_loss: rows.itemMeans(products.losses),
      snr_tensorscope: theirs?.subarray(0, tensors) ?? [],
    }),
    headlines: headlinesOf(rows, norm, errorOf(whole, 0), noise, products),
    beside: besideOf(graph.size, rows.count, noise, theirs?.[tensors]),
    notes: notesOf(setting, layers, noise, relative),
    attributes: { ...tensorNames(graph), layers: layers.names.join('\n') },
  };
}

/** Of each tensor: rms, largest magnitude, share of exact zeros. */
function byTensor({ graph }: MetricSetting, gradient: ArrayLike<number>) {
  const sizes = tensorSizes(graph);
  const found = graph.parameters.map(({ at }, k) => {
    let [squares, largest, zeros] = [0, 0, 0];
    for (let i = at; i < at + sizes[k]; i++) {
      squares += gradient[i] * gradient[i];
      largest = Math.max(largest, Math.abs(gradient[i]));
      if (gradient[i] === 0) zeros++;
    }
    return { rms: Math.sqrt(squares / sizes[k]), largest, zeros: zeros / sizes[k] };
  });
  return {
    rms: found.map(({ rms }) => rms),
    largest: found.map(({ largest }) => largest),
    zeros: found.map(({ zeros }) => zeros),
  };
}

function noiseOf(
  { squares, withSum, sum }: ItemGradients,
  rows: LossRows,
  fold: (parts: Float64Array) => number,
): NoiseScale {
  const of = (table: Float64Array) =>
    Float64Array.from(rows.terms, (_, item) => fold(table.subarray(item * sum.length, (item + 1) * sum.length)));
  return noiseScale({ squaredNorms: of(squares), squaredSum: fold(sum), dotsWithSum: of(withSum) });
}

function headlinesOf(
  rows: LossRows,
  norm: number,
  normError: number,
  noise: NoiseScale | undefined,
  { losses }: ItemGradients,
): Headline[] {
  const of = `jackknife over ${rows.count} items`;
  const error = (value: number, words = of) => (Number.isFinite(value) ? { value, of: words } : undefined);
  const lines: Headline[] = [
    {
      key: 'loss',
      name: 'L, mean over tokens',
      value: rows.mean(losses),
      unit: 'nats',
      error: error(jackknife(rows.without(losses)).error),
    },
    { key: 'gradientNorm', name: '‖∇L‖', value: norm, error: error(normError) },
  ];
  if (!noise) return lines;
  const noisePart = noise.traceCovariance / noise.n;
  lines.push(
    { key: 'traceCovariance', name: 'tr Σ of item gradients', value: noise.traceCovariance },
    {
      key: 'signal',
      name: '|G|², unbiased',
      value: noise.squaredNorm,
      control: { name: 'tr Σ/N, what noise adds to ‖ḡ‖²', value: noisePart },
    },
    {
      key: 'snr',
      name: 'signal-to-noise ratio of the gradient of these items, N/B',
      value: noise.snr,
      control: { name: 'pure noise', value: 0 },
    },
  );
  if (noise.resolved)
    lines.push({
      key: 'noiseScale',
      name: 'noise scale B',
      value: noise.noiseScale,
      unit: 'items',
      error: error(noise.noiseScale * noise.logError, `${of} of log B, times B`),
    });
  return lines;
}

function besideOf(
  parameters: number,
  n: number,
  noise: NoiseScale | undefined,
  theirs: number | undefined,
): TheirsBesideOurs[] {
  if (!noise || theirs === undefined) return [];
  const pure = Math.sqrt(parameters / n);
  return [
    {
      name: 'signal-to-noise ratio of the gradient',
      ours: noise.snr,
      theirs,
      why: `‖ḡ‖ over the mean standard deviation of single parameters grows with √parameters: pure noise of ${parameters.toLocaleString('en-US')} parameters over ${n} items scores ${pure.toFixed(1)}, and above 3 is called reliable.`,
    },
  ];
}

function notesOf(
  { graph }: MetricSetting,
  layers: Layers,
  noise: NoiseScale | undefined,
  relative: Float64Array,
): string[] {
  const named = (which: (step: number) => boolean) =>
    graph.parameters.filter((_, k) => which(relative[k])).map(({ name }) => name);
  const [lost, wild] = [named((step) => step < VANISHING), named((step) => step > EXPLODING)];
  const judged = `A step of lr ‖∇L‖ at lr = ${JUDGED_RATE} is held against ‖W‖ of its tensor: below 2⁻²⁴ it is lost in f32 (vanishing), above 1 it is as long as the weights (exploding).`;
  const listed = (words: string, names: string[]) =>
    names.length > 0 ? ` ${words}: ${names.join(', ')}.` : ` ${words}: none.`;
  return [
    'L weighs every token alike; item gradients weigh every item alike. The two differ where items differ in length.',
    judged + listed('Vanishing', lost) + listed('Exploding', wild),
    ...(noise ? [] : ['The noise of a gradient takes two items or more.']),
    ...(noise && !noise.resolved
      ? [
          `|G|² is ${noise.squaredNorm.toPrecision(3)}: not resolved at N = ${noise.n}. The noise hides the gradient; more items are needed for B.`,
        ]
      : []),
    ...(noise?.resolved && (noise.unresolvedWithout > 0 || noise.logError > 1)
      ? [
          `log B is uncertain by ${noise.logError.toFixed(1)} at N = ${noise.n}: B is known to its order of magnitude at best.`,
        ]
      : []),
    `Layers: ${layers.names.join(', ')}. A tied tensor belongs to where it is read first.`,
  ];
}

function lengthOf(values: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i] * values[i];
  return Math.sqrt(squares);
}
