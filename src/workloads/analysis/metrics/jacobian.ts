/** How much each position's last stream moves with each token's embedding. */
import type { Machine } from '../../../nn/graph/machine.ts';
import { lengthOf, longest, takesIds, targetOf } from './common/items.ts';
import { jacobianOutcome } from './common/jacobian-outcome.ts';
import { type JacobianRow, JacobianRows, probesOf, type StageSums, squaresByPosition } from './common/jacobian-rows.ts';
import { layout } from './common/outcome.ts';
import { embeddingsOf, kept } from './common/paths.ts';
import { type Count, type Phase, State, startsOf, walk, workOf } from './common/pieces.ts';
import { addressed, reinitialised } from './common/randoms.ts';
import { shownOf } from './common/shown.ts';
import { LanczosWalk } from './common/singular.ts';
import type { Metric, MetricSetting, MetricTask } from './metric.ts';

const UNTAUGHT = 'reinitialised';
/** Maps of an item: two stages, each with its error. */
const MAPS = 4;

/** Where J ends: before and after the last norm; of a perceptron its last hidden layer and its output. */
export function stagesOf({ graph }: MetricSetting): readonly [string, string] {
  const last = graph.residuals[graph.residuals.length - 1];
  return [last, takesIds(graph) ? graph.final : graph.output];
}

type Part = 'before' | 'after' | 'singular' | 'untaught' | 'theirs';

function counts(setting: MetricSetting): Record<Part, Count> {
  const { graph, items, sizes, origin } = setting;
  const positions = items.reduce((sum, item) => sum + lengthOf(item), 0);
  const probes = stagesOf(setting).map((value) => probesOf(graph.widths[value], sizes.jacobianProbes).count);
  return {
    before: { units: positions * probes[0], work: 3 },
    after: { units: positions * probes[1], work: 3 },
    singular: { units: 2 * items.length, work: 1 + 5 * sizes.singularSteps },
    untaught: { units: items.length * probes[1], work: 3 },
    theirs: { units: origin && items.length > 0 ? 2 * lengthOf(items[0]) : 0, work: 3 },
  };
}

export const jacobian: Metric = {
  id: 'jacobian',
  family: 'jacobian',
  title: 'Jacobian of positions',
  definition:
    'S_ts = ‖J_ts‖_F, J[(t, c), (s, d)] = ∂h[t, c]/∂e[s, d]: how far unit vectors at the embedding of token s move position t, before and after the last norm. Exact from one product a unit where the width is at most the number of probes; else S² = E ‖vᵀJ_t·‖² over Rademacher vectors v, unbiased, with the error of their spread. Singular values of J at the explained position by Lanczos on J Jᵀ.',
  chunk: 'analysis.jacobianRows',
  items: 'analysis.jacobianItems',
  lighter:
    'lower the number of texts (errors over texts grow as one over its square root), the probes (the error of every cell does so too) or the steps for singular values (their bounds, shown, grow)',
  objection: ({ items }) => (items.length === 0 ? 'There are no items.' : undefined),
  machine: (setting) => ({
    graph: setting.graph,
    rows: setting.rows,
    length: longest(setting),
    vectors: [UNTAUGHT],
    backward: true,
    parameterGradients: false,
    tangents: true,
    adjoints: [setting.graph.embedded],
  }),
  layout: (setting) => {
    const { items, sizes } = setting;
    const shown = shownOf(setting, MAPS);
    const map = { shown: shown.items, stage: 2, position: shown.side, source: shown.side };
    const positions = { item: items.length, stage: 2, token: longest(setting) };
    const singular = { item: items.length, stage: 2, value: sizes.eigenvalues };
    return [
      layout('jacobian', 'length', { item: items.length }),
      layout('jacobian', 'target_position', { item: items.length }),
      layout('jacobian', 'frobenius', map),
      layout('jacobian', 'frobenius_error', map),
      layout('jacobian', 'by_position', positions),
      layout('jacobian', 'by_position_error', positions),
      layout('jacobian', 'singular', singular),
      layout('jacobian', 'singular_bound', singular),
      layout('jacobian', 'untaught', { item: items.length }),
      layout('jacobian', 'theirs', { stage: 2, position: shown.side, source: shown.side }),
    ];
  },
  work: (setting) => workOf(counts(setting)),
  run: measure,
};

async function* measure({ setting, machine, saved }: MetricTask) {
  const { graph, theta, items, seed, sizes } = setting;
  const count = counts(setting);
  const state = new State();
  const shown = shownOf(setting, MAPS);
  const tokens = longest(setting);
  const stages = stagesOf(setting);
  const beginning = kept((item: number) => {
    const { ids = [], numbers = [] } = items[item];
    return { ids, numbers: takesIds(graph) ? embeddingsOf(graph, theta, ids) : Float64Array.from(numbers) };
  }, setting.rows + 1);
  const rows = new JacobianRows(machine, beginning);
  const positionOf = (item: number) => targetOf(setting, items[item]).position;
  const sums = stages.map((_, i): StageSums => {
    const of = (name: string, length: number) => state.of(`${name}.${i}`, length);
    const map = shown.items * shown.side ** 2;
    return {
      squares: of('squares', map),
      fourths: of('fourths', map),
      totals: of('totals', items.length * tokens),
      totalsSquared: of('totalsSquared', items.length * tokens),
      own: of('own', items.length),
    };
  });
  const singular = state.of('singular', items.length * 2 * sizes.eigenvalues);
  const bounds = state.of('bounds', singular.length);
  const untaught = state.of('untaught', items.length);
  const theirs = state.of('theirs', 2 * shown.side ** 2);

  const vectorOf = (stage: number, item: number, position: number, j: number) => {
    const width = graph.widths[stages[stage]];
    const vector = new Float64Array(width);
    if (probesOf(width, sizes.jacobianProbes).exact) {
      vector[j] = 1;
      return vector;
    }
    const words = addressed(seed, 'probes', item, stage, position, j);
    return vector.map(() => (words.word() < 2 ** 31 ? -1 : 1));
  };
  const starts = startsOf(items.map(lengthOf));

  const mapPhase = (stage: number, own: Count): Phase => {
    const probes = probesOf(graph.widths[stages[stage]], sizes.jacobianProbes).count;
    return {
      ...own,
      async piece(from, most) {
        const asked = Array.from({ length: most }, (_, r): JacobianRow => {
          const [place, j] = [Math.floor((from + r) / probes), (from + r) % probes];
          const item = starts.findLastIndex((start) => start <= place);
          const position = place - starts[item];
          return { item, position, vector: vectorOf(stage, item, position, j) };
        });
        const products = await rows.products(stages[stage], asked);
        for (const [r, row] of asked.entries())
          addProduct(sums[stage], row, products[r], graph.widths[graph.embedded], tokens, shown, positionOf(row.item));
        return most;
      },
    };
  };
  const probesAfter = probesOf(graph.widths[stages[1]], sizes.jacobianProbes).count;
  const phases: readonly Phase[] = [
    mapPhase(0, count.before),
    mapPhase(1, count.after),
    singularPhase(count.singular, setting, rows, stages, positionOf, singular, bounds),
    {
      ...count.untaught,
      async piece(from, most) {
        const asked = Array.from({ length: most }, (_, r): JacobianRow => {
          const [item, j] = [Math.floor((from + r) / probesAfter), (from + r) % probesAfter];
          return { item, position: positionOf(item), vector: vectorOf(1, item, positionOf(item), j) };
        });
        const products = await rows.products(stages[1], asked, UNTAUGHT);
        for (const [r, { item }] of asked.entries())
          untaught[item] += squaresByPosition(products[r], products[r].length)[0];
        return most;
      },
    },
    onesPhase(count.theirs, machine, rows, stages, lengthOf(items[0]), shown.side, theirs),
  ];
  await machine.write(UNTAUGHT, reinitialised(graph, theta, seed));
  yield* walk(phases, state, setting.rows, saved);
  return jacobianOutcome(setting, jacobian.layout(setting), {
    stages,
    sums,
    singular,
    bounds,
    untaught,
    theirs,
    shown,
  });
}

function addProduct(
  sums: StageSums,
  { item, position }: JacobianRow,
  product: ArrayLike<number>,
  width: number,
  tokens: number,
  { items, side }: { readonly items: number; readonly side: number },
  target: number,
): void {
  const squares = squaresByPosition(product, width);
  const total = squares.reduce((sum, square) => sum + square, 0);
  sums.totals[item * tokens + position] += total;
  sums.totalsSquared[item * tokens + position] += total * total;
  if (position === target) sums.own[item] += squares[position];
  if (item >= items || position >= side) return;
  for (let s = 0; s < Math.min(side, squares.length); s++) {
    sums.squares[(item * side + position) * side + s] += squares[s];
    sums.fourths[(item * side + position) * side + s] += squares[s] ** 2;
  }
}

/** Lanczos' walks of several items side by side, each by itself. */
function singularPhase(
  count: Count,
  { graph, items, seed, sizes }: MetricSetting,
  rows: JacobianRows,
  stages: readonly string[],
  positionOf: (item: number) => number,
  into: Float64Array,
  bounds: Float64Array,
): Phase {
  return {
    ...count,
    async piece(from, most) {
      // Stage after stage: rows of one pass back begin at one value.
      const stage = Math.floor(from / items.length);
      const atOnce = Math.min(most, (stage + 1) * items.length - from);
      const own = Array.from({ length: atOnce }, (_, r) => (from + r) % items.length);
      const value = stages[stage];
      const walks = own.map((item) => new LanczosWalk(graph.widths[value], addressed(seed, 'lanczos', item, stage)));
      const positions = own.map(positionOf);
      for (let step = 0; step < sizes.singularSteps && walks.some(({ done }) => !done); step++) {
        const asked = own.map((item, r) => ({ item, position: positions[r], vector: walks[r].vector }));
        const back = await rows.products(value, asked);
        const forth = await rows.along(value, back, positions);
        for (const [r, walkOf] of walks.entries()) walkOf.step(forth[r]);
      }
      for (const [r, item] of own.entries()) {
        const found = walks[r].singular(sizes.eigenvalues);
        const at = (item * 2 + stage) * sizes.eigenvalues;
        into.set(found.values, at);
        bounds.set(found.bounds, at);
      }
      return atOnce;
    },
  };
}

/** TensorScope's: one product with 1/√width at every position of the first item. */
function onesPhase(
  count: Count,
  { graph }: Machine,
  rows: JacobianRows,
  stages: readonly string[],
  length: number,
  side: number,
  into: Float64Array,
): Phase {
  return {
    ...count,
    async piece(from, most) {
      const stage = Math.floor(from / length);
      const atOnce = Math.min(most, (stage + 1) * length - from);
      const width = graph.widths[stages[stage]];
      const ones = new Float64Array(width).fill(1 / Math.sqrt(width));
      const asked = Array.from({ length: atOnce }, (_, r) => ({
        item: 0,
        position: (from + r) % length,
        vector: ones,
      }));
      const products = await rows.products(stages[stage], asked);
      for (const [r, { position }] of asked.entries()) {
        if (position >= side) continue;
        const squares = squaresByPosition(products[r], graph.widths[graph.embedded]);
        for (let s = 0; s < Math.min(side, squares.length); s++)
          into[(stage * side + position) * side + s] = Math.sqrt(squares[s]);
      }
      return atOnce;
    },
  };
}
