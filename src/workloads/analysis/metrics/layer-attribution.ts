/** What each layer's stream adds to what is explained: layer integrated gradients, conductance, and the logit taken apart. */
import type { Machine, Reals } from '../../../nn/graph/machine.ts';
import { conductancePhase } from './common/conductance.ts';
import { directOperations, directParts, type Output, partNames } from './common/direct-logit.ts';
import { decoderObjection, idsUpTo, longest, longestTargetRow, targetObjection, targetOf } from './common/items.ts';
import { type LayerSums, layerOutcome } from './common/layer-outcome.ts';
import { layout } from './common/outcome.ts';
import { Baseline, kept, type Path, pathPhase } from './common/paths.ts';
import { type Count, type Phase, State, walk, workOf } from './common/pieces.ts';
import { meanUnembedding, Readout, scoresOf } from './common/readout.ts';
import { ruleOf } from './integrated-gradients.ts';
import type { Metric, MetricSetting, MetricTask } from './metric.ts';

function counts(setting: MetricSetting): Record<'direct' | 'ends' | 'layer' | 'conductance' | 'theirs', Count> {
  const { items, sizes, origin } = setting;
  const n = items.length;
  return {
    direct: { units: n, work: 1 },
    ends: { units: 2 * n, work: 1 },
    // A row that begins at layer l runs what is left of the network: half of it on average.
    layer: { units: n * sizes.pathSteps, work: 1.5 },
    conductance: { units: n * (sizes.conductanceSteps + 1), work: 3 },
    theirs: { units: origin ? sizes.pathSteps : 0, work: 1.5 },
  };
}

export const layerAttribution: Metric = {
  id: 'layer-attribution',
  family: 'layer-attribution',
  title: 'Attribution by layer',
  definition:
    'Three things of the residual stream h_l before block l (l = L: before the last norm). Layer IG: the straight path from h_l(b) to h_l(e); Σ_t a_lt = f(e) − f(b) for every l, and l = 0 is integrated gradients. Conductance: the path through the embeddings, Σ_k ½ (∂f/∂h_k + ∂f/∂h_{k+1})·(h_{k+1} − h_k), complete as steps grow (Dhamdhere et al. 2018). Direct logit attribution: the last stream as a sum of token, position, heads, biases and MLPs, the last norm frozen, projected on W_U[k]: sums to the logit exactly.',
  chunk: 'analysis.pathRows',
  items: 'analysis.layerItems',
  lighter:
    'lower the number of texts (errors over texts grow as one over its square root), the steps of the path or those of conductance (their residuals, shown for each text, grow)',
  objection: (setting) => decoderObjection(setting, 'residual streams') ?? targetObjection(setting),
  machine: (setting) => ({
    graph: setting.graph,
    rows: setting.rows,
    length: longestTargetRow(setting),
    vectors: [],
    backward: true,
    parameterGradients: false,
    tangents: false,
    adjoints: [...new Set([setting.graph.embedded, ...setting.graph.residuals])],
  }),
  layout: (setting) => {
    const { items, graph } = setting;
    const group = 'layer_attribution';
    const item = { item: items.length };
    const layers = { ...item, layer: graph.residuals.length };
    return [
      layout(group, 'length', item),
      layout(group, 'position', item),
      layout(group, 'target', item),
      layout(group, 'f', { ...item, end: 2 }),
      layout(group, 'layer_ig', { ...layers, token: longest(setting) }),
      layout(group, 'layer_ig_residual', layers),
      layout(group, 'conductance', { ...layers, token: longest(setting) }),
      layout(group, 'conductance_residual', layers),
      layout(group, 'direct', { ...item, part: partNames(graph).length }),
      layout(group, 'direct_mean_logit', { ...item, part: partNames(graph).length }),
      layout(group, 'logit', item),
    ];
  },
  work: (setting) => {
    const { layer, theirs, ...others } = counts(setting);
    return workOf(others) + setting.graph.residuals.length * workOf({ layer, theirs });
  },
  run: measure,
};

async function* measure({ setting, machine, saved }: MetricTask) {
  const { graph, theta, items } = setting;
  const { residuals } = graph;
  const count = counts(setting);
  const state = new State();
  const readout = new Readout(graph, theta);
  const baseline = new Baseline(setting);
  const rule = ruleOf(setting);
  const tokens = longest(setting);
  const pathOf = kept((item: number) => baseline.path(items[item], targetOf(setting, items[item])), setting.rows + 1);
  const maps = items.length * residuals.length * tokens;
  const sums: LayerSums = {
    ends: state.of('ends', 2 * items.length),
    layerIg: state.of('layerIg', maps),
    conductance: state.of('conductance', maps),
    direct: state.of('direct', items.length * partNames(graph).length),
    directMean: state.of('directMean', items.length * partNames(graph).length),
    logits: state.of('logits', items.length),
    theirs: state.of('theirs', residuals.length * tokens),
  };
  const others = meanUnembedding(graph, theta);
  const streams = (l: number) => new StreamPaths(machine, residuals[l], pathOf);
  const along = (l: number) => ({
    machine,
    rule,
    value: residuals[l],
    width: graph.widths[residuals[l]],
    stride: tokens,
  });
  const phases: readonly Phase[] = [
    directPhase(count.direct, setting, machine, readout, others, sums),
    {
      ...count.ends,
      async piece(from, most) {
        const rows = Array.from({ length: most }, (_, r) => pathOf((from + r) >> 1));
        const numbers = rows.map((path, r) => ((from + r) % 2 === 0 ? path.to : path.from));
        await machine.forward({ ids: rows.map(({ ids }) => ids), start: { value: graph.embedded, numbers } });
        const targets = rows.map(({ target }) => target);
        sums.ends.set(await scoresOf(machine, readout, targets), from);
        return most;
      },
    },
    ...residuals.map((_, l) => {
      const own = streams(l);
      const into = sums.layerIg.subarray(l * items.length * tokens, (l + 1) * items.length * tokens);
      return pathPhase({ ...along(l), count: count.layer, ...own.asPaths(), into });
    }),
    conductancePhase({
      count: count.conductance,
      machine,
      steps: setting.sizes.conductanceSteps,
      path: pathOf,
      into: sums.conductance,
      stride: tokens,
    }),
    ...residuals.map((_, l) => {
      const into = sums.theirs.subarray(l * tokens, (l + 1) * tokens);
      return pathPhase({ ...along(l), count: count.theirs, ...streams(l).asPaths(true), into });
    }),
  ];
  yield* walk(phases, state, setting.rows, saved);
  return layerOutcome(setting, layerAttribution.layout(setting), sums);
}

/** Paths in a stream: from what the baseline gives there to what the item gives. */
class StreamPaths {
  readonly #machine: Machine;
  readonly #value: string;
  readonly #embedded: (item: number) => Path;
  #own = new Map<number, Path>();

  constructor(machine: Machine, value: string, embedded: (item: number) => Path) {
    this.#machine = machine;
    this.#value = value;
    this.#embedded = embedded;
  }

  /** @param fromZero the stream itself begins with zeros */
  asPaths(fromZero = false) {
    return {
      path: (item: number) => {
        const path = this.#own.get(item)!;
        return fromZero ? { ...path, from: new Float64Array(path.to.length) } : path;
      },
      prepare: async (items: readonly number[]) => {
        const lacking = items.filter((item) => !this.#own.has(item));
        const paths = lacking.map(this.#embedded);
        const [to, from] =
          lacking.length === 0 ? [[], []] : [await this.#read(paths, 'to'), await this.#read(paths, 'from')];
        this.#own = new Map([
          ...[...this.#own].filter(([item]) => items.includes(item)),
          ...lacking.map((item, i): [number, Path] => [item, { ...paths[i], to: to[i], from: from[i] }]),
        ]);
      },
    };
  }

  async #read(paths: readonly Path[], end: 'from' | 'to'): Promise<Float64Array[]> {
    const { graph } = this.#machine;
    await this.#machine.forward({
      ids: paths.map(({ ids }) => ids),
      start: { value: graph.embedded, numbers: paths.map((path) => path[end]) },
    });
    return (await this.#machine.read('value', this.#value)).map((row) => Float64Array.from(row));
  }
}

/** Takes logits apart, that of the target and the mean of all. */
function directPhase(
  count: Count,
  setting: MetricSetting,
  machine: Machine,
  readout: Readout,
  mean: Float64Array,
  sums: LayerSums,
): Phase {
  const { graph, theta, items } = setting;
  const operations = directOperations(graph);
  const parts = partNames(graph).length;
  return {
    ...count,
    async piece(from, most) {
      const rows = items.slice(from, from + most);
      const targets = rows.map((item) => targetOf(setting, item));
      await machine.forward({ ids: rows.map((item, r) => idsUpTo(item, targets[r])) });
      const read = (value: string) => machine.read('value', value);
      const [embedded, first, last] = [
        await read(graph.embedded),
        await read(graph.residuals[0]),
        await read(graph.residuals[graph.layers]),
      ];
      const final = await read(graph.final);
      const [heads, mlp]: [(readonly Reals[])[], (readonly Reals[])[]] = [[], []];
      for (const block of graph.blocks) {
        heads.push(await read(block.heads));
        mlp.push(await read(block.mlp));
      }
      for (const [r, { position, index }] of targets.entries()) {
        const values = {
          embedded: embedded[r],
          first: first[r],
          last: last[r],
          heads: heads.map((own) => own[r]),
          mlp: mlp.map((own) => own[r]),
        };
        const output = { unembedding: readout.weights(index), bias: readout.bias(index) };
        const apart = (of: Output) => directParts(graph, theta, of, operations, values, position);
        sums.direct.set(apart(output), (from + r) * parts);
        sums.directMean.set(apart({ unembedding: mean, bias: 0 }), (from + r) * parts);
        sums.logits[from + r] = readout.logit(final[r], position, index);
      }
      return rows.length;
    },
  };
}
