/** What each token adds to what is explained: integrated gradients, with its completeness, its controls and its deletion curve. */
import { deletionOrder } from '../../../stats/attribution/deletion.ts';
import { gaussLegendre, midpointRule } from '../../../stats/attribution/quadrature.ts';
import { CURVE_POINTS, type Curves, curveRows, deletionPhase } from './common/deletion.ts';
import { igOutcome } from './common/ig-outcome.ts';
import { longest, longestTargetRow, takesIds, targetObjection, targetOf } from './common/items.ts';
import { layout } from './common/outcome.ts';
import { addPositions, Baseline, gradientsAt, kept, type Path, type PathRule, pathPhase } from './common/paths.ts';
import { type Count, type Phase, State, walk, workOf } from './common/pieces.ts';
import { addressed, permutation, reinitialised } from './common/randoms.ts';
import { meanUnembedding, Readout, scoresOf } from './common/readout.ts';
import type { Metric, MetricSetting, MetricTask } from './metric.ts';

/** Vector of the model that has learnt nothing. */
const UNTAUGHT = 'reinitialised';

/** Nodes of the setting's rule on (0, 1). */
export function ruleOf({ rule, sizes }: MetricSetting): PathRule {
  return rule === 'gauss' ? gaussLegendre(sizes.pathSteps) : midpointRule(sizes.pathSteps);
}

/** Positions that are attributed to: of an observation its numbers. */
export const parts = (setting: MetricSetting): number =>
  takesIds(setting.graph) ? longest(setting) : setting.graph.widths[setting.graph.embedded];

type Part = 'ends' | 'path' | 'untaught' | 'shuffled' | 'deletion' | 'theirs';

function counts(setting: MetricSetting): Record<Part, Count> {
  const { items, sizes, graph } = setting;
  const path = { units: items.length * sizes.pathSteps, work: 3 };
  return {
    ends: { units: 2 * items.length, work: 3 },
    path,
    untaught: path,
    shuffled: { ...path, units: takesIds(graph) ? path.units : 0 },
    deletion: { units: items.length * curveRows(sizes.deletionOrders), work: 1 },
    theirs: { units: setting.origin && takesIds(graph) ? sizes.pathSteps : 0, work: 3 },
  };
}

export const integratedGradients: Metric = {
  id: 'integrated-gradients',
  family: 'integrated-gradients',
  title: 'Integrated gradients',
  definition:
    'a_s = Σ_d (e_sd − b_sd) Σ_k w_k ∂f/∂e_sd at b + α_k (e − b): the share of token s in f(e) − f(b), along the straight path of token embeddings from the baseline b to the text e, positions held (Sundararajan et al. 2017). f is one logit, or log-probability, at a shown position; signed, not normalised. The residual δ = Σ_s a_s − (f(e) − f(b)) is the error of the rule.',
  chunk: 'analysis.pathRows',
  items: 'analysis.pathItems',
  lighter:
    'lower the number of texts (errors over texts grow as one over its square root) or the steps of the path (δ, shown for each text, grows)',
  objection: targetObjection,
  machine: (setting) => ({
    graph: setting.graph,
    rows: setting.rows,
    length: longestTargetRow(setting),
    vectors: [UNTAUGHT],
    backward: true,
    parameterGradients: false,
    tangents: false,
    adjoints: [setting.graph.embedded],
  }),
  layout: (setting) => {
    const { items, sizes } = setting;
    const group = 'integrated_gradients';
    const item = { item: items.length };
    const map = { ...item, token: parts(setting) };
    const curves = { order: 1 + sizes.deletionOrders, point: CURVE_POINTS };
    return [
      layout(group, 'length', item),
      layout(group, 'position', item),
      layout(group, 'target', item),
      layout(group, 'f', { ...item, end: 2 }),
      layout(group, 'attribution', map),
      layout(group, 'residual', item),
      layout(group, 'gradient_norm', map),
      layout(group, 'gradient_times_input', map),
      layout(group, 'untaught', map),
      layout(group, 'shuffled', map),
      layout(group, 'deletion', { ...item, ...curves }),
      layout(group, 'by_distance', { distance: parts(setting) }),
      layout(group, 'by_distance_error', { distance: parts(setting) }),
    ];
  },
  work: (setting) => workOf(counts(setting)),
  run: measure,
};

async function* measure({ setting, machine, saved }: MetricTask) {
  const { graph, theta, items, rows, sizes, seed } = setting;
  const count = counts(setting);
  const state = new State();
  const readout = new Readout(graph, theta);
  const baseline = new Baseline(setting);
  const rule = ruleOf(setting);
  const most = parts(setting);
  const value = graph.embedded;
  // Of an observation each number is a part, of a text each token: gradients are summed over what makes a part.
  const width = takesIds(graph) ? graph.widths[value] : 1;
  const pathOf = (item: number): Path => baseline.path(items[item], targetOf(setting, items[item]));
  const shuffledPath = (item: number): Path => {
    const target = targetOf(setting, items[item]);
    const ids = items[item].ids!;
    const order = permutation(target.position + 1, addressed(seed, 'shuffle', item));
    return baseline.path(
      items[item],
      target,
      Array.from(order, (from) => ids[from]),
    );
  };
  const map = (name: string) => state.of(name, items.length * most);
  const ends = state.of('ends', 2 * items.length);
  const attribution = map('attribution');
  const [norms, products] = [map('gradientNorm'), map('gradientTimesInput')];
  const deletion = state.of('deletion', count.deletion.units);
  const theirs = state.of('theirs', most);
  const along = { machine, rule, value, stride: most, width };

  const endsPhase: Phase = {
    ...count.ends,
    async piece(from, atOnce) {
      const ends_ = Array.from({ length: atOnce }, (_, r) => {
        const [item, end] = [(from + r) >> 1, (from + r) & 1];
        const path = pathOf(item);
        return { item, end, path, numbers: end === 0 ? path.to : path.from };
      });
      const gradients = await gradientsAt(machine, value, ends_);
      const scores = await scoresOf(
        machine,
        readout,
        ends_.map(({ path }) => path.target),
      );
      ends.set(scores, from);
      for (const [r, { item, end, path }] of ends_.entries()) {
        if (end === 1) continue;
        for (let s = 0; s < Math.min(most, path.to.length / width); s++) {
          let squares = 0;
          for (let i = s * width; i < (s + 1) * width; i++) squares += gradients[r][i] ** 2;
          norms[item * most + s] = Math.sqrt(squares);
        }
        addPositions(
          { ...path, from: new Float64Array(path.to.length) },
          gradients[r],
          1,
          width,
          products,
          item * most,
          most,
        );
      }
      return atOnce;
    },
  };

  const curves = (item: number): Curves => {
    const path = pathOf(item);
    const length = takesIds(graph) ? path.target.position + 1 : most;
    const own = attribution.subarray(item * most, item * most + length);
    const random = Array.from({ length: sizes.deletionOrders }, (_, o) =>
      permutation(length, addressed(seed, 'deletion', item, o)),
    );
    return { path, orders: [deletionOrder(own), ...random], width };
  };

  const phases: readonly Phase[] = [
    endsPhase,
    pathPhase({ ...along, count: count.path, path: pathOf, into: attribution }),
    pathPhase({ ...along, count: count.untaught, path: pathOf, into: map('untaught'), parameters: UNTAUGHT }),
    pathPhase({ ...along, count: count.shuffled, path: shuffledPath, into: map('shuffled') }),
    deletionPhase({ count: count.deletion, machine, readout, orders: sizes.deletionOrders, curves, into: deletion }),
    meanLogitPhase(count.theirs, setting, machine, kept(pathOf, 1), rule, theirs),
  ];
  await machine.write(UNTAUGHT, reinitialised(graph, theta, seed));
  yield* walk(phases, state, rows, saved);
  return igOutcome(setting, integratedGradients.layout(setting), {
    lengths: items.map((item) => (takesIds(graph) ? targetOf(setting, item).position + 1 : most)),
    parts: most,
    ends,
    attribution,
    norms,
    products,
    untaught: map('untaught'),
    shuffled: map('shuffled'),
    deletion,
    theirs,
  });
}

/** TensorScope's f for the first text: the mean of all logits at position 0. */
function meanLogitPhase(
  count: Count,
  { graph, theta }: MetricSetting,
  machine: MetricTask['machine'],
  pathOf: (item: number) => Path,
  rule: PathRule,
  into: Float64Array,
): Phase {
  const width = graph.widths[graph.embedded];
  return {
    ...count,
    async piece(from, most) {
      const path = pathOf(0);
      const seed = new Float64Array(path.ids.length * graph.widths[graph.final]);
      seed.set(meanUnembedding(graph, theta));
      const nodes = Array.from({ length: most }, (_, r) => from + r);
      await machine.forward({
        ids: nodes.map(() => path.ids),
        start: {
          value: graph.embedded,
          numbers: nodes.map((k) => path.from.map((b, i) => b + rule.nodes[k] * (path.to[i] - b))),
        },
      });
      await machine.backward({
        seed: { kind: 'value', value: graph.final, numbers: nodes.map(() => seed) },
        until: graph.embedded,
      });
      const gradients = await machine.read('adjoint', graph.embedded);
      for (const [r, k] of nodes.entries())
        addPositions(path, gradients[r], rule.weights[k], width, into, 0, into.length);
      return most;
    },
  };
}
