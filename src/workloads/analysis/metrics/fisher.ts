/** Fisher information in its three meanings: diagonals and traces. */
import type { JsonValue } from '../../../bundle/json.ts';
import type { Machine } from '../../../nn/graph/machine.ts';
import { meanWithError } from '../../../stats/paired.ts';
import { jackknife } from '../../../stats/resampling/jackknife.ts';
import { addRows, drawLabels, type FisherKind, type FisherRow, fisherRows } from './common/fisher-rows.ts';
import { keepsVectors, keepVectors, numbersOf, restoreVectors, textOf } from './common/kept-numbers.ts';
import { arraysOf, layout, sumOf, tensorNames } from './common/layouts.ts';
import { LossRows, longestOf, lossObjection } from './common/loss-rows.ts';
import { addGradient, chunks, norm, WORK, zero } from './common/products.ts';
import { Tally } from './common/tally.ts';
import type { Headline, Metric, MetricOutcome, MetricProgress, MetricSetting, MetricTask } from './metric.ts';

const ID = 'fisher';
const [ONES, SQUARE] = ['ones', 'square'];
/** Diagonals above this are told by their sums alone. */
const MOST_STORED = 2 ** 22;

/** One item of one sum. */
interface Unit {
  readonly kind: FisherKind;
  readonly item: number;
  readonly draw: number;
}

/** True Fisher over all classes where that costs at most twice what the draws would; squared errors always. */
export function trueKind({ graph, sizes }: MetricSetting): 'exact' | 'sampled' {
  const { head } = graph;
  return head.kind === 'squared-error' || head.vocabulary <= 2 * sizes.fisherDraws ? 'exact' : 'sampled';
}

/** Of a squared error an item is one prediction: by token and by item are the same. */
function kindsOf(setting: MetricSetting): readonly FisherKind[] {
  return setting.graph.head.kind === 'squared-error' ? ['item', 'exact'] : ['token', 'item', trueKind(setting)];
}

function unitsOf(setting: MetricSetting): Unit[] {
  return kindsOf(setting).flatMap((kind) =>
    Array.from({ length: kind === 'sampled' ? setting.sizes.fisherDraws : 1 }, (_, draw) =>
      setting.items.map((_, item) => ({ kind, item, draw })),
    ).flat(),
  );
}

const nameOf = (kind: FisherKind) => (kind === 'exact' || kind === 'sampled' ? 'true' : kind);
const vectorsOf = (setting: MetricSetting) => kindsOf(setting).map(nameOf);

export const fisher: Metric = {
  id: ID,
  family: 'fisher',
  title: 'Fisher information',
  definition:
    'Diagonals and traces of: empirical per token (1/M) Σ g_m g_mᵀ, g_m the gradient of one prediction’s loss, observed labels; empirical per item (1/N) Σ g_i g_iᵀ, g_i = ∇ℓ_i of the mean over an item’s own tokens; true (1/M) Σ E_y[g_m g_mᵀ] with labels y from the model, over all classes or drawn (then ± spread of the draws), equal to the Gauss–Newton matrix of L (Martens 2020; Kunstner, Balles & Hennig 2019). Of a squared error the true one is (2/(N·o)) Σ JᵀJ.',
  chunk: 'analysis.fisherChunk',
  items: 'analysis.fisherItems',
  lighter:
    'Nothing statistical takes memory here but θ itself: a vector of its size for every diagonal. Fewer draws widen the error of the true Fisher as 1/√draws.',
  objection: (setting) => lossObjection(setting),
  machine: (setting) => ({
    graph: setting.graph,
    rows: Math.max(1, setting.rows),
    length: longestOf(setting),
    vectors: [ONES, SQUARE, ...vectorsOf(setting)],
    backward: true,
    parameterGradients: true,
    tangents: false,
    adjoints: [],
  }),
  layout: (setting) => {
    const tensor = ['tensor', setting.graph.parameters.length] as const;
    const names = vectorsOf(setting);
    return [
      ...names.flatMap((name) => [
        layout(ID, `trace_${name}_by_tensor`, [tensor]),
        layout(ID, `trace_${name}_by_tensor_error`, [tensor]),
      ]),
      ...(trueKind(setting) === 'sampled'
        ? [layout(ID, 'trace_true_by_draw', [['draw', setting.sizes.fisherDraws]])]
        : []),
      ...(setting.graph.size <= MOST_STORED
        ? names.map((name) => layout(ID, `diagonal_${name}`, [['parameter', setting.graph.size]]))
        : []),
    ];
  },
  work: (setting) => {
    const rows = new LossRows(setting.graph, setting.items);
    const own = unitsOf(setting).reduce((sum, unit) => sum + fisherRows(rows, unit.kind, unit.item).length, 0);
    return WORK.gradient * (own + (setting.origin ? rows.count : 0));
  },
  run,
};

interface State {
  readonly [key: string]: JsonValue | undefined;
  readonly units: number;
  readonly done: number;
  readonly traces: string;
  readonly vectors: JsonValue;
}

async function* run({ setting, machine, saved }: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome> {
  const { graph } = setting;
  const rows = new LossRows(graph, setting.items);
  const tally = new Tally();
  const units = unitsOf(setting);
  const tensors = graph.parameters.length;
  const traces = new Float64Array(units.length * tensors);
  const names = vectorsOf(setting);
  await machine.write(ONES, new Float32Array(graph.size).fill(1));
  let finished = 0;
  if (saved) {
    const state = saved as State;
    finished = state.units;
    tally.done = state.done;
    traces.set(numbersOf(state.traces));
    await restoreVectors(machine, state.vectors);
  }
  let done = tally.done;
  // What is kept changes only where an item of a sum is finished.
  const save = async (): Promise<JsonValue> => ({
    units: finished,
    done,
    traces: textOf(traces),
    vectors: await keepVectors(machine, names),
  });
  if (keepsVectors(machine, names)) tally.saved = save;
  for (; finished < units.length; finished++) {
    const unit = units[finished];
    const name = nameOf(unit.kind);
    yield* squares(setting, machine, rows, unit, tally);
    traces.set(await machine.dots(SQUARE, ONES), finished * tensors);
    await machine.combine(name, [
      [1, name],
      [scaleOf(setting, rows, unit.kind), SQUARE],
    ]);
    done = tally.done;
  }
  const gradient = setting.origin ? yield* squaredGradient(setting, machine, rows, tally) : 0;
  const diagonals: Record<string, ArrayLike<number>> = {};
  if (graph.size <= MOST_STORED)
    for (const name of names) diagonals[`diagonal_${name}`] = await machine.readVector(name);
  return outcome(setting, rows, traces, diagonals, gradient);
}

/** square ← Σ of the squared gradients of a unit's rows. */
async function* squares(
  { rows: chunk, seed }: MetricSetting,
  machine: Machine,
  rows: LossRows,
  { kind, item, draw }: Unit,
  tally: Tally,
): AsyncGenerator<MetricProgress, void> {
  const labels = kind === 'sampled' ? await drawLabels(machine, rows, item, draw, seed) : [];
  const own: FisherRow[] = fisherRows(rows, kind, item, labels);
  await zero(machine, SQUARE);
  for (const [from, to] of chunks(own.length, chunk)) {
    await addRows(machine, rows, kind, own.slice(from, to), SQUARE, true);
    yield tally.add((to - from) * WORK.gradient);
  }
}

async function* squaredGradient(
  { rows: chunk }: MetricSetting,
  machine: Machine,
  rows: LossRows,
  tally: Tally,
): AsyncGenerator<MetricProgress, number> {
  await zero(machine, SQUARE);
  yield* addGradient({ machine, rows, chunk, tally }, SQUARE);
  return (await norm(machine, SQUARE)) ** 2;
}

const scaleOf = ({ sizes }: MetricSetting, { total, count }: LossRows, kind: FisherKind) =>
  1 / (kind === 'item' ? count : kind === 'sampled' ? total * sizes.fisherDraws : total);

interface Traced {
  readonly mean: number;
  readonly error: number;
  readonly of: string;
}

/** Trace of a sum from what its units gave, with its error: over items, or over draws. */
function traced(setting: MetricSetting, rows: LossRows, kind: FisherKind, sums: (unit: number) => number): Traced {
  const { count, total, terms } = rows;
  if (kind === 'sampled') {
    const draws = byDraw(setting, rows, sums);
    const { mean, error } = meanWithError(draws);
    return { mean, error, of: `sd over ${draws.length} draws of labels / √${draws.length}` };
  }
  const each = Float64Array.from({ length: count }, (_, item) => sums(item));
  const weight = kind === 'item' ? terms.map(() => 1) : terms;
  const [whole, all] = [sumOf(each), kind === 'item' ? count : total];
  const error = count > 1 ? jackknife(each.map((own, item) => (whole - own) / (all - weight[item]))).error : Number.NaN;
  return { mean: whole / all, error, of: `jackknife over ${count} items` };
}

/** Trace from each draw of labels. */
function byDraw({ sizes }: MetricSetting, { count, total }: LossRows, sums: (unit: number) => number): Float64Array {
  return Float64Array.from({ length: sizes.fisherDraws }, (_, draw) => {
    let sum = 0;
    for (let item = 0; item < count; item++) sum += sums(draw * count + item);
    return sum / total;
  });
}

function outcome(
  setting: MetricSetting,
  rows: LossRows,
  traces: Float64Array,
  diagonals: Readonly<Record<string, ArrayLike<number>>>,
  gradient: number,
): MetricOutcome {
  const { graph } = setting;
  const tensors = graph.parameters.length;
  const units = unitsOf(setting);
  const values: Record<string, ArrayLike<number>> = { ...diagonals };
  const found = new Map<string, Traced>();
  for (const kind of kindsOf(setting)) {
    const first = units.findIndex((unit) => unit.kind === kind);
    const at = (unit: number) => traces.subarray((first + unit) * tensors, (first + unit + 1) * tensors);
    const parts = graph.parameters.map((_, b) => traced(setting, rows, kind, (unit) => at(unit)[b]));
    values[`trace_${nameOf(kind)}_by_tensor`] = parts.map(({ mean }) => mean);
    values[`trace_${nameOf(kind)}_by_tensor_error`] = parts.map(({ error }) => error);
    if (kind === 'sampled') values.trace_true_by_draw = byDraw(setting, rows, (unit) => sumOf(at(unit)));
    found.set(
      nameOf(kind),
      traced(setting, rows, kind, (unit) => sumOf(at(unit))),
    );
  }
  const truth = found.get('true')!;
  const empirical = found.get('token') ?? found.get('item')!;
  return {
    arrays: arraysOf(fisher.layout(setting), values),
    headlines: linesOf(found),
    beside: setting.origin
      ? [
          {
            name: 'trace of the empirical Fisher information per token',
            ours: empirical.mean,
            theirs: gradient,
            why: 'Theirs squares the summed gradient of a batch: the square of a mean, not the mean of squares. It is ‖∇L‖², shrinks as the batch grows, and is a Fisher diagonal at no batch size.',
          },
        ]
      : [],
    notes: [
      `${rows.total} predictions of ${rows.count} items. Per token every prediction counts alike; per item every item does, with the gradient of its mean loss: other numbers, and neither is the true one unless the model's probabilities are 0 and 1.`,
      trueKind(setting) === 'exact'
        ? `The true Fisher is summed over all ${graph.head.kind === 'squared-error' ? 'outputs' : 'classes'}: its error is that of the items alone.`
        : `The true Fisher is from ${setting.sizes.fisherDraws} labels drawn for each prediction (${truth.of}); all of its error but that of the items.`,
      ...(graph.size > MOST_STORED
        ? [`Diagonals of ${graph.size.toLocaleString('en-US')} parameters are told by their sums alone.`]
        : []),
    ],
    attributes: tensorNames(graph),
  };
}

function linesOf(found: ReadonlyMap<string, Traced>): Headline[] {
  const names = { token: 'empirical Fisher, per token', item: 'empirical Fisher, per item', true: 'true Fisher' };
  return [...found].map(([key, { mean, error, of }]) => {
    const held = key === 'true' ? (found.get('token') ?? found.get('item')!) : found.get('true')!;
    const name = key === 'true' ? 'the empirical one, equal only where p = y' : 'the true one, equal only where p = y';
    return {
      key: `trace_${key}`,
      name: `trace of the ${names[key as keyof typeof names]}`,
      value: mean,
      error: Number.isFinite(error) ? { value: error, of } : undefined,
      control: { name, value: held.mean },
    };
  });
}
