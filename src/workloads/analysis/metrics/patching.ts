/** What of a text carries its answer: activations of the text put into a counterfactual one. */
import type { Machine, Patch } from '../../../nn/graph/machine.ts';
import { decoderObjection } from './common/items.ts';
import { layout } from './common/outcome.ts';
import { type Pair, pairsOf, patchingOutcome, strongestHead } from './common/patching-outcome.ts';
import { type Count, type Phase, State, walk, workOf } from './common/pieces.ts';
import { addressed, permutation } from './common/randoms.ts';
import { Readout } from './common/readout.ts';
import { KeptValues, patchesFrom } from './common/streams.ts';
import type { Metric, MetricSetting, MetricTask } from './metric.ts';

type Part = 'estimates' | 'residual' | 'heads' | 'whole' | 'shuffled';

function counts(setting: MetricSetting): Record<Part, Count> {
  const { graph } = setting;
  const pairs = pairsOf(setting);
  const cells = pairs.reduce((sum, { position }) => sum + position + 1, 0);
  return {
    estimates: { units: pairs.length, work: 4 },
    residual: { units: cells * graph.residuals.length, work: 0.5 },
    heads: { units: pairs.length * graph.layers * graph.heads, work: 0.5 },
    whole: { units: 2 * pairs.length, work: 0.5 },
    shuffled: { units: pairs.length, work: 0.5 },
  };
}

const lengthOfRows = (setting: MetricSetting) => Math.max(1, ...pairsOf(setting).map(({ position }) => position + 1));

export const patching: Metric = {
  id: 'patching',
  family: 'causal',
  title: 'Activation patching',
  definition:
    '(m_patched − m_corrupted)/(m_clean − m_corrupted), m = logit of the text’s next token − that of the counterfactual’s: the counterfactual runs, and one activation is put to what the text gives there: a residual stream at one position, or one head at all positions (Wang et al. 2023). Attribution patching is its first order, (clean − corrupted)·∂m at the counterfactual (Nanda 2023).',
  chunk: 'analysis.interventionRows',
  items: 'analysis.causalItems',
  lighter: 'lower the number of texts; the error grows as one over the square root of it',
  objection: (setting) => {
    const objection = decoderObjection(setting, 'residual streams and heads');
    if (objection) return objection;
    return pairsOf(setting).length > 0
      ? undefined
      : 'No text has a counterfactual: give beside it a text of equal length whose next token at the explained position is another.';
  },
  machine: (setting) => ({
    graph: setting.graph,
    rows: setting.rows,
    length: lengthOfRows(setting),
    vectors: [],
    backward: true,
    parameterGradients: false,
    tangents: false,
    adjoints: [...setting.graph.residuals, ...setting.graph.blocks.map(({ heads }) => heads)],
  }),
  layout: (setting) => {
    const { graph } = setting;
    const pair = { pair: pairsOf(setting).length };
    const residual = { ...pair, layer: graph.residuals.length, token: lengthOfRows(setting) };
    const heads = { ...pair, block: graph.layers, head: graph.heads };
    return [
      layout('patching', 'item', pair),
      layout('patching', 'position', pair),
      layout('patching', 'target', pair),
      layout('patching', 'counterfactual_target', pair),
      layout('patching', 'difference', { ...pair, end: 2 }),
      layout('patching', 'residual', residual),
      layout('patching', 'heads', heads),
      layout('patching', 'residual_estimate', residual),
      layout('patching', 'heads_estimate', heads),
      layout('patching', 'whole', { ...pair, amount: 2 }),
      layout('patching', 'shuffled', pair),
    ];
  },
  work: (setting) => workOf(counts(setting)),
  run: measure,
};

async function* measure({ setting, machine, saved }: MetricTask) {
  const { graph, theta, seed } = setting;
  const { layers, heads, residuals } = graph;
  const count = counts(setting);
  const state = new State();
  const readout = new Readout(graph, theta);
  const pairs = pairsOf(setting);
  const tokens = lengthOfRows(setting);
  const width = graph.widths[graph.final];
  const headsWidth = graph.widths[graph.blocks[0].heads];
  const each = headsWidth / heads;
  const sums = {
    ends: state.of('ends', 2 * pairs.length),
    residual: state.of('residual', pairs.length * residuals.length * tokens),
    heads: state.of('heads', pairs.length * layers * heads),
    residualEstimate: state.of('residualEstimate', pairs.length * residuals.length * tokens),
    headsEstimate: state.of('headsEstimate', pairs.length * layers * heads),
    whole: state.of('whole', 2 * pairs.length),
    shuffled: state.of('shuffled', pairs.length),
  };
  const kept = (side: 'clean' | 'corrupted', value: string) =>
    new KeptValues(machine, value, (rows) => ({ ids: rows.map((row) => pairs[row][side]) }));
  const corrupted = residuals.map((value) => kept('corrupted', value));
  const clean = residuals.map((value) => kept('clean', value));
  const cleanHeads = graph.blocks.map((block) => kept('clean', block.heads));

  /** m of the rows in flight. */
  const differences = async (rows: readonly number[]) => {
    const final = await machine.read('value', graph.final);
    return rows.map((row, r) => {
      const { position, target, other } = pairs[row];
      return readout.logit(final[r], position, target) - readout.logit(final[r], position, other);
    });
  };
  /** Counterfactuals from a stream on, patched. */
  const patched = async (layer: number, rows: readonly number[], patches: (row: number, r: number) => Patch[]) => {
    const numbers = await corrupted[layer].of(rows);
    await machine.forward({
      ids: rows.map((row) => pairs[row].corrupted),
      start: { value: residuals[layer], numbers },
      patches: rows.flatMap(patches),
    });
    return differences(rows);
  };
  const places = pairs.flatMap(({ position }, pair) => Array.from({ length: position + 1 }, (_, t) => ({ pair, t })));

  const phases: readonly Phase[] = [
    estimatePhase(count.estimates, machine, pairs, tokens, { width, each, heads }, sums, differences),
    {
      ...count.residual,
      async piece(from, most) {
        const layer = Math.floor(from / places.length);
        const first = from % places.length;
        const own = places.slice(first, first + most);
        const rows = own.map(({ pair }) => pair);
        const donors = await clean[layer].of(rows);
        const found = await patched(layer, rows, (_, r) =>
          patchesFrom(r, residuals[layer], donors[r], width, { positions: [own[r].t] }),
        );
        for (const [r, { pair, t }] of own.entries())
          sums.residual[(pair * residuals.length + layer) * tokens + t] = found[r];
        return own.length;
      },
    },
    {
      ...count.heads,
      async piece(from, most) {
        const perLayer = pairs.length * heads;
        const layer = Math.floor(from / perLayer);
        const units = Array.from(
          { length: Math.min(most, (layer + 1) * perLayer - from) },
          (_, r) => (from + r) % perLayer,
        );
        const rows = units.map((unit) => Math.floor(unit / heads));
        const donors = await cleanHeads[layer].of(rows);
        const found = await patched(layer, rows, (_, r) =>
          patchesFrom(r, graph.blocks[layer].heads, donors[r], headsWidth, {
            from: (units[r] % heads) * each,
            length: each,
          }),
        );
        for (const [r, pair] of rows.entries())
          sums.heads[(pair * layers + layer) * heads + (units[r] % heads)] = found[r];
        return units.length;
      },
    },
    {
      // All positions of a stream, and none: 1 and 0 by construction, half way up.
      ...count.whole,
      async piece(from, most) {
        const layer = Math.ceil(layers / 2);
        const units = Array.from({ length: most }, (_, r) => from + r);
        const rows = units.map((unit) => unit >> 1);
        const donors = await clean[layer].of(rows);
        const found = await patched(layer, rows, (_, r) =>
          units[r] % 2 === 0 ? patchesFrom(r, residuals[layer], donors[r], width) : [],
        );
        sums.whole.set(found, from);
        return most;
      },
    },
    {
      // The strongest head, with what it says at other positions.
      ...count.shuffled,
      async piece(from, most) {
        const head = strongestHead(sums.heads, sums.ends, layers * heads);
        const layer = Math.floor(head / heads);
        const rows = Array.from({ length: most }, (_, r) => from + r);
        const donors = (await cleanHeads[layer].of(rows)).map((numbers, r) => {
          const order = permutation(numbers.length / headsWidth, addressed(seed, 'donor', rows[r]));
          return numbers.map((__, i) => numbers[order[Math.floor(i / headsWidth)] * headsWidth + (i % headsWidth)]);
        });
        const found = await patched(layer, rows, (_, r) =>
          patchesFrom(r, graph.blocks[layer].heads, donors[r], headsWidth, {
            from: (head % heads) * each,
            length: each,
          }),
        );
        sums.shuffled.set(found, from);
        return most;
      },
    },
  ];
  yield* walk(phases, state, setting.rows, saved);
  return patchingOutcome(setting, patching.layout(setting), pairs, tokens, sums);
}

/** m of both ends, and (clean − corrupted)·∂m at the counterfactual for every cell. */
function estimatePhase(
  count: Count,
  machine: Machine,
  pairs: readonly Pair[],
  tokens: number,
  { width, each, heads }: { readonly width: number; readonly each: number; readonly heads: number },
  sums: { readonly ends: Float64Array; readonly residualEstimate: Float64Array; readonly headsEstimate: Float64Array },
  differences: (rows: readonly number[]) => Promise<number[]>,
): Phase {
  const { residuals, blocks } = machine.graph;
  const values = [...residuals, ...blocks.map((block) => block.heads)];
  const readAll = async (what: 'value' | 'adjoint') => {
    const all = [];
    for (const value of values) all.push(await machine.read(what, value));
    return all;
  };
  return {
    ...count,
    async piece(from, most) {
      const rows = Array.from({ length: most }, (_, r) => from + r);
      await machine.forward({ ids: rows.map((row) => pairs[row].clean) });
      const cleanEnds = await differences(rows);
      const clean = await readAll('value');
      await machine.forward({ ids: rows.map((row) => pairs[row].corrupted) });
      const corruptedEnds = await differences(rows);
      const corrupted = await readAll('value');
      const picks = rows.flatMap((pair, row) => {
        const { position, target, other } = pairs[pair];
        return [
          { row, position, index: target, weight: 1 },
          { row, position, index: other, weight: -1 },
        ];
      });
      await machine.backward({ seed: { kind: 'outputs', picks } });
      const adjoints = await readAll('adjoint');
      for (const [r, pair] of rows.entries()) {
        sums.ends.set([cleanEnds[r], corruptedEnds[r]], 2 * pair);
        for (const l of values.keys()) {
          const stream = l < residuals.length;
          const own = stream ? width : each * heads;
          for (let i = 0; i < clean[l][r].length; i++) {
            const part = (clean[l][r][i] - corrupted[l][r][i]) * adjoints[l][r][i];
            if (stream) sums.residualEstimate[(pair * residuals.length + l) * tokens + Math.floor(i / own)] += part;
            else
              sums.headsEstimate[
                (pair * blocks.length + l - residuals.length) * heads + Math.floor((i % own) / each)
              ] += part;
          }
        }
      }
      return most;
    },
  };
}
