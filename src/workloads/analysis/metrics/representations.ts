/** How alike the representations of layers are, of one model or of two, and over how many directions each is spread. */
import type { JsonValue } from '../../../bundle/json.ts';
import type { Machine, Reals } from '../../../nn/graph/machine.ts';
import { CrossSums } from './common/cross-representations.ts';
import { numbersOf, textOf } from './common/kept-numbers.ts';
import { lengthOf, longestOf, rowsOf } from './common/loss-rows.ts';
import {
  addTo,
  debiased,
  less,
  packMoments,
  pairNumbers,
  pairOf,
  pairsOf,
  participationOf,
} from './common/pair-tables.ts';
import { chunks } from './common/products.ts';
import { representationLayouts, representationOutcome, type Tables } from './common/representation-outcome.ts';
import { comparesOf, setsOf } from './common/representation-sets.ts';
import { Tally } from './common/tally.ts';
import type { Metric, MetricOutcome, MetricProgress, MetricSetting, MetricTask } from './metric.ts';

const ID = 'representations';
const OTHER = 'other';
/** Sums above this are not kept between pieces: computing them again is cheaper than a file of their size. */
const MOST_NUMBERS = 2 ** 22;

export const representations: Metric = {
  id: ID,
  family: 'representations',
  title: 'Representations',
  definition:
    'Linear CKA of residual streams, HSIC(X,Y)/√(HSIC(X,X)·HSIC(Y,Y)) (Kornblith, Norouzi, Lee & Hinton 2019) with the debiased HSIC₁ (Song et al. 2012; Nguyen, Raghu & Kornblith 2021), rows = real tokens, the same on both sides: exact from sums over rows. Effective ranks of the centred rows: participation ratio (Σλ)²/Σλ², exp of the entropy of σ/Σσ (Roy & Vetterli 2007) and of λ/Σλ, stable rank Σλ/λ₁.',
  chunk: 'analysis.representationChunk',
  items: 'analysis.representationItems',
  lighter:
    'Sums of all pairs of streams take width² each, whatever the number of items; fewer items widen the errors as 1/√N.',
  objection: ({ graph, items, path, other }) => {
    const rows = items.reduce((sum, item) => sum + lengthOf(graph, item), 0);
    if (rows < 4) return `Debiased CKA takes four rows or more; these items have ${rows}.`;
    if (graph.input.kind === 'numbers' && items.some(({ numbers }) => !numbers)) return 'An item has no numbers.';
    if (path.length < 2 && other && other.theta.length !== graph.size)
      return 'The other model has other parameters than this one: representations are compared between models of one layout.';
    return undefined;
  },
  machine: (setting) => ({
    graph: setting.graph,
    rows: Math.max(1, Math.min(setting.rows, setting.items.length)),
    length: longestOf(setting),
    vectors: comparesOf(setting) ? [OTHER] : [],
    backward: false,
    parameterGradients: false,
    tangents: false,
    adjoints: [],
  }),
  layout: (setting) => representationLayouts(ID, setting),
  work: (setting) => setting.items.length * (comparesOf(setting) ? 8 : 3),
  run,
};

/** One pass over all items. */
interface Phase {
  /** Forward passes an item. */
  readonly cost: number;
  /** Items at once: sums of single items take one row in flight. */
  readonly chunk: number;
  run(from: number, to: number): Promise<void>;
}

interface State {
  readonly [key: string]: JsonValue | undefined;
  readonly phase: number;
  readonly item: number;
  readonly done: number;
  readonly tables: { readonly [name: string]: string };
}

async function* run({ setting, machine, saved }: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome> {
  const tables = emptyTables(setting);
  const named = tablesByName(tables);
  const compared = comparesOf(setting);
  if (compared) await machine.write(OTHER, compared.theta);
  const phases = phasesOf(machine, setting, tables);
  const tally = new Tally();
  const state = saved as State | undefined;
  if (state) for (const [name, table] of named) table.set(numbersOf(state.tables[name]));
  tally.done = state?.done ?? 0;
  let place = { phase: state?.phase ?? 0, item: state?.item ?? 0 };
  const keeps = named.reduce((sum, [, table]) => sum + table.length, 0) <= MOST_NUMBERS;
  const save = async (): Promise<JsonValue> => ({
    ...place,
    done: tally.done,
    tables: Object.fromEntries(named.map(([name, table]) => [name, textOf(table)])),
  });
  if (keeps) tally.saved = save;
  for (let p = place.phase; p < phases.length; p++) {
    const { chunk, cost, run } = phases[p];
    const first = p === place.phase ? place.item : 0;
    for (const [from, to] of chunks(setting.items.length - first, chunk)) {
      await run(first + from, first + to);
      place = { phase: p, item: first + to };
      yield tally.add((to - from) * cost);
    }
    place = { phase: p + 1, item: 0 };
  }
  return representationOutcome(representations.layout(setting), setting, tables, machine.arithmetic);
}

function emptyTables(setting: MetricSetting): Tables {
  const { graph, items } = setting;
  const sets = setsOf(graph);
  const whole = sets.reduce((sum, { value }) => sum + graph.widths[value], 0);
  const starts = [0];
  const pairs = pairsOf(sets.length);
  for (const [x, y] of pairs)
    starts.push(starts[starts.length - 1] + pairNumbers(graph.widths[sets[x].value], graph.widths[sets[y].value]));
  return {
    starts,
    means: new Float64Array(whole),
    pooled: new Float64Array(items.length * whole),
    sums: new Float64Array(starts[starts.length - 1]),
    leftOut: new Float64Array(items.length * pairs.length),
    itemHsic: new Float64Array(items.length * pairs.length),
    ratioLeftOut: new Float64Array(items.length * sets.length),
    otherMeans: new Float64Array(comparesOf(setting) ? whole : 0),
    cross: comparesOf(setting) && new CrossSums(setting),
  };
}

/** Every table by its name, for saved states. */
const tablesByName = ({ cross, starts: _, ...own }: Tables): [string, Float64Array][] => [
  ...Object.entries(own),
  ...(cross
    ? ([
        ['cross', cross.sums],
        ['crossLeftOut', cross.leftOut],
      ] as [string, Float64Array][])
    : []),
];

function phasesOf(machine: Machine, setting: MetricSetting, tables: Tables): Phase[] {
  const { graph, items } = setting;
  const sets = setsOf(graph);
  const pairs = pairsOf(sets.length);
  const rowsInAll = items.reduce((sum, item) => sum + lengthOf(graph, item), 0);
  const width = (set: number) => graph.widths[sets[set].value];
  const first = (set: number) => sets.slice(0, set).reduce((sum, { value }) => sum + graph.widths[value], 0);
  const meansOf = (means: Float64Array, set: number) => means.subarray(first(set), first(set) + width(set));

  /** [set][item][row × width] */
  const valuesOf = async (from: number, to: number, parameters?: string): Promise<(readonly Reals[])[]> => {
    await machine.forward({ ...rowsOf(graph, items.slice(from, to)), parameters });
    const values: (readonly Reals[])[] = [];
    for (const { value } of sets) values.push(await machine.read('value', value));
    return values;
  };

  const means = (into: Float64Array, pooled: Float64Array | undefined, parameters?: string): Phase => ({
    cost: 1,
    chunk: machine.options.rows,
    async run(from, to) {
      const values = await valuesOf(from, to, parameters);
      for (let item = from; item < to; item++)
        for (const [set, rows] of values.entries()) {
          const own = pooled?.subarray(item * into.length + first(set));
          addMeans(rows[item - from], meansOf(into, set), rowsInAll, own);
        }
    },
  });

  const sumsOf = (pair: number) => tables.sums.subarray(tables.starts[pair], tables.starts[pair + 1]);
  /** A phase over the sums of single items, pair after pair. */
  const itemPhase = (each: (item: number, pair: number, packed: Float64Array) => void): Phase => ({
    cost: 1,
    chunk: 1,
    async run(item) {
      await machine.forward(rowsOf(graph, [items[item]]));
      for (const [pair, [x, y]] of pairs.entries()) {
        const [xMean, yMean] = [meansOf(tables.means, x), meansOf(tables.means, y)];
        await machine.addMoments({ name: 'pair', x: sets[x].value, y: sets[y].value, xMean, yMean });
        each(item, pair, packMoments(await machine.takeMoments('pair')));
      }
    },
  });
  const sums = itemPhase((item, pair, packed) => {
    const [x, y] = pairs[pair];
    addTo(sumsOf(pair), packed);
    tables.itemHsic[item * pairs.length + pair] = debiased(pairOf(packed, width(x), width(y)));
  });
  const leftOut = itemPhase((item, pair, packed) => {
    const [x, y] = pairs[pair];
    const rest = pairOf(less(sumsOf(pair), packed), width(x), width(y));
    tables.leftOut[item * pairs.length + pair] = debiased(rest);
    if (x === y) tables.ratioLeftOut[item * sets.length + x] = participationOf(rest);
  });
  const { cross } = tables;
  if (!cross) return [means(tables.means, tables.pooled), sums, leftOut];

  /** A phase over an item's rows in both models, less their means. */
  const crossPhase = (
    each: (item: number, own: Float64Array[], other: Float64Array[], rows: number) => void,
  ): Phase => ({
    cost: 2,
    chunk: 1,
    async run(item) {
      const centred = async (of: Float64Array, parameters?: string) =>
        (await valuesOf(item, item + 1, parameters)).map(([rows], set) => {
          const mean = meansOf(of, set);
          return Float64Array.from(rows, (value, at) => value - mean[at % mean.length]);
        });
      const own = await centred(tables.means);
      each(item, own, await centred(tables.otherMeans, OTHER), lengthOf(graph, items[item]));
    },
  });
  return [
    means(tables.means, tables.pooled),
    sums,
    leftOut,
    means(tables.otherMeans, undefined, OTHER),
    crossPhase((_, own, other, rows) => cross.add(own, other, rows)),
    crossPhase((item, own, other, rows) => cross.leave(item, own, other, rows)),
  ];
}

/** Adds an item's rows to the means of all, and their own mean to what is pooled. */
function addMeans(rows: Reals, into: Float64Array, rowsInAll: number, pooled: Float64Array | undefined): void {
  const width = into.length;
  const count = rows.length / width;
  for (let d = 0; d < width; d++) {
    let sum = 0;
    for (let t = 0; t < count; t++) sum += rows[t * width + d];
    into[d] += sum / rowsInAll;
    if (pooled) pooled[d] = sum / count;
  }
}
