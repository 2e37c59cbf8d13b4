/** Largest eigenvalues of the empirical Fisher information, per token and per item. */
import type { JsonValue } from '../../../bundle/json.ts';
import { largestEigen } from '../../../stats/expression/eigen.ts';
import { jackknifeOf } from '../../../stats/resampling/jackknife.ts';
import { addRows, fisherRows } from './common/fisher-rows.ts';
import { gram, gramMakes, gramVectors } from './common/gram.ts';
import { itemGradient } from './common/item-gradients.ts';
import { layersOf } from './common/layers.ts';
import { arraysOf, layout, padded } from './common/layouts.ts';
import { LossRows, longestOf, lossObjection } from './common/loss-rows.ts';
import { WORK, zero } from './common/products.ts';
import { type KeptRun, probeRun, ritzOf } from './common/spectrum.ts';
import { Tally } from './common/tally.ts';
import { lanczosVectors, stepsIn } from './lanczos.ts';
import type { Headline, Metric, MetricOutcome, MetricProgress, MetricSetting, MetricTask } from './metric.ts';

const ID = 'fisher-eigenvalues';

/**
 * How the matrix per token is taken apart: from inner products of all predictions while they are few (their pairs grow with the square), else
 * by Lanczos; of a squared error it is that per item. Never by how many rows go at once.
 */
type Way = 'gram' | 'lanczos' | 'none';
function wayOf({ graph, items, sizes }: MetricSetting): Way {
  if (graph.head.kind === 'squared-error') return 'none';
  return new LossRows(graph, items).total <= 4 * sizes.lanczosSteps ? 'gram' : 'lanczos';
}

const stepsOf = ({ graph, sizes }: MetricSetting) => stepsIn(graph.size, sizes.lanczosSteps);

export const fisherEigenvalues: Metric = {
  id: ID,
  family: 'fisher',
  title: 'Eigenvalues of the empirical Fisher',
  definition:
    'Largest eigenvalues of (1/M) Σ g_m g_mᵀ over predictions and of (1/N) Σ g_i g_iᵀ over items: those of the Gram matrices g·g/M and g·g/N, which share their non-zero eigenvalues; of many predictions by Lanczos on the product with a vector, ± residual bound.',
  chunk: 'analysis.fisherChunk',
  items: 'analysis.fisherItems',
  lighter:
    'Where Lanczos is used, lower its steps: the basis takes steps × θ, and fewer widen the bounds. One gradient of θ’s size must fit beside θ at least.',
  objection: (setting) => lossObjection(setting, 2),
  machine: (setting) => {
    const lanczos = wayOf(setting) === 'lanczos';
    const gradients =
      wayOf(setting) === 'gram' ? new LossRows(setting.graph, setting.items).total : setting.items.length;
    return {
      graph: setting.graph,
      rows: lanczos ? Math.max(1, Math.min(setting.rows, setting.items.length)) : 1,
      length: longestOf(setting),
      vectors: [...gramVectors(gradients, setting.rows), ...(lanczos ? lanczosVectors(stepsOf(setting)) : [])],
      backward: true,
      parameterGradients: true,
      tangents: lanczos,
      adjoints: [],
    };
  },
  layout: (setting) => {
    const eigen = ['eigenvalue', setting.sizes.eigenvalues] as const;
    const token =
      wayOf(setting) === 'none' ? [] : [layout(ID, 'top_token', [eigen]), layout(ID, 'top_token_bound', [eigen])];
    return [layout(ID, 'top_item', [eigen]), ...token];
  },
  work: (setting) => {
    const { total, count } = new LossRows(setting.graph, setting.items);
    const way = wayOf(setting);
    const token =
      way === 'gram'
        ? WORK.gradient * gramMakes(total, setting.rows)
        : WORK['empirical-fisher'] * stepsOf(setting) * count;
    return WORK.gradient * gramMakes(count, setting.rows) + (way === 'none' ? 0 : token);
  },
  run,
};

interface State {
  readonly [key: string]: JsonValue | undefined;
  /** Inner products of items, once they are there; then those of predictions so far. */
  readonly items?: readonly number[];
  readonly part?: JsonValue;
  readonly done: number;
}

async function* run({ setting, machine, saved }: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome> {
  const { graph, items, rows: tile } = setting;
  const rows = new LossRows(graph, items);
  const state = saved as State | undefined;
  const tally = new Tally(state?.done);
  const layers = layersOf(graph);
  const common = { machine, tile, layers, tally };
  async function* ofItem(index: number, into: string): AsyncGenerator<MetricProgress, void> {
    await itemGradient(machine, rows, index, into);
    yield tally.add(WORK.gradient);
  }
  const predictions = items.flatMap((_, item) => fisherRows(rows, 'token', item));
  async function* ofPrediction(index: number, into: string): AsyncGenerator<MetricProgress, void> {
    await zero(machine, into);
    await addRows(machine, rows, 'token', [predictions[index]], into, false);
    yield tally.add(WORK.gradient);
  }
  const wrapped = (part: JsonValue | undefined, own?: readonly number[]): JsonValue => ({
    items: own,
    part,
    done: tally.done,
  });
  let ofItems: ArrayLike<number>;
  if (state?.items) ofItems = state.items;
  else {
    const products = yield* nested(gram({ ...common, count: rows.count, make: ofItem, saved: state?.part }), (part) =>
      wrapped(part),
    );
    ofItems = products.subarray(layers.names.length * rows.count ** 2);
  }
  const own = Array.from(ofItems);
  const token = yield* tokenEigenvalues();
  return outcome(setting, rows, own, token);

  async function* tokenEigenvalues(): AsyncGenerator<MetricProgress, KeptRun | Float64Array | undefined> {
    const way = wayOf(setting);
    if (way === 'none') return undefined;
    tally.saved = async () => wrapped(undefined, own);
    if (way === 'lanczos') {
      const pass = { machine, rows, chunk: tile, tally };
      return (yield* probeRun(pass, 'empirical-fisher', setting, 0, stepsOf(setting))).kept;
    }
    const count = predictions.length;
    const part = state?.items ? state.part : undefined;
    const products = yield* nested(gram({ ...common, count, make: ofPrediction, saved: part }), (inner) =>
      wrapped(inner, own),
    );
    return products.subarray(layers.names.length * count ** 2);
  }
}

/** Progress of a part, whose saved state becomes part of the whole's. */
async function* nested<T>(
  walk: AsyncGenerator<MetricProgress, T>,
  wrap: (part: JsonValue) => JsonValue,
): AsyncGenerator<MetricProgress, T> {
  for (;;) {
    const next = await walk.next();
    if (next.done) return next.value;
    const { done, saved } = next.value;
    yield saved ? { done, saved: async () => wrap(await saved()) } : { done };
  }
}

function outcome(
  setting: MetricSetting,
  rows: LossRows,
  ofItems: readonly number[],
  token: KeptRun | Float64Array | undefined,
): MetricOutcome {
  const { eigenvalues } = setting.sizes;
  const n = rows.count;
  const top = topOf(ofItems, n, eigenvalues);
  const values: Record<string, ArrayLike<number>> = { top_item: padded(top, eigenvalues) };
  const error = jackknifeOf(n, (kept) => {
    const m = kept.length;
    const own = Float64Array.from({ length: m * m }, (_, at) => ofItems[kept[Math.floor(at / m)] * n + kept[at % m]]);
    return topOf(own, m, 1)[0];
  }).error;
  const headlines: Headline[] = [
    {
      key: 'largestItem',
      name: 'largest eigenvalue of the empirical Fisher, per item',
      value: top[0],
      error: { value: error, of: `jackknife over ${n} items` },
      control: {
        name: 'orthogonal gradients of equal length: trace/N',
        value: ofItems.reduce((sum, dot, at) => (at % (n + 1) === 0 ? sum + dot : sum), 0) / n / n,
      },
    },
  ];
  const notes = [
    `${rows.total} predictions of ${n} items; ranks are at most ${rows.total} per token and ${n} per item.`,
  ];
  if (token instanceof Float64Array) {
    const own = topOf(token, rows.total, eigenvalues);
    values.top_token = padded(own, eigenvalues);
    values.top_token_bound = padded(
      own.map(() => 0),
      eigenvalues,
    );
    headlines.push({
      key: 'largestToken',
      name: 'largest eigenvalue of the empirical Fisher, per token',
      value: own[0],
    });
    notes.push('Both are from inner products of all gradients: exact to rounding.');
  } else if (token) {
    const { values: ritz, bounds } = ritzOf(token);
    const shown = Math.min(eigenvalues, ritz.length);
    values.top_token = padded(ritz.subarray(0, shown), eigenvalues);
    values.top_token_bound = padded(bounds.subarray(0, shown), eigenvalues);
    headlines.push({
      key: 'largestToken',
      name: 'largest eigenvalue of the empirical Fisher, per token',
      value: ritz[0],
      error: { value: bounds[0], of: 'residual bound β|s| of Lanczos' },
    });
    notes.push('Per token by Lanczos, which costs less than inner products of so many predictions.');
  }
  return { arrays: arraysOf(fisherEigenvalues.layout(setting), values), headlines, beside: [], notes };
}

/** Largest eigenvalues of a Gram matrix over its number of vectors. */
function topOf(products: ArrayLike<number>, n: number, count: number): Float64Array {
  return largestEigen(
    Float64Array.from(products, (dot) => dot / n),
    n,
    Math.min(count, n),
  ).values;
}
