/** What must hold of metrics of attention, attribution and cause, on tiny decoders with weights from a formula, in f64. */
import { describe, expect, test } from 'vitest';
import { twinMachines } from '../../src/nn/graph/twin/machine.ts';
import { ablation } from '../../src/workloads/analysis/metrics/ablation.ts';
import { causalTrace } from '../../src/workloads/analysis/metrics/causal-trace.ts';
import { targetOf } from '../../src/workloads/analysis/metrics/common/items.ts';
import { Baseline, pathPhase } from '../../src/workloads/analysis/metrics/common/paths.ts';
import { State, walk } from '../../src/workloads/analysis/metrics/common/pieces.ts';
import { copyTexts } from '../../src/workloads/analysis/metrics/induction.ts';
import { integratedGradients, ruleOf } from '../../src/workloads/analysis/metrics/integrated-gradients.ts';
import { jacobian } from '../../src/workloads/analysis/metrics/jacobian.ts';
import { layerAttribution } from '../../src/workloads/analysis/metrics/layer-attribution.ts';
import { metricsA } from '../../src/workloads/analysis/metrics/list-a.ts';
import { logitLens } from '../../src/workloads/analysis/metrics/logit-lens.ts';
import type { Metric, MetricSetting } from '../../src/workloads/analysis/metrics/metric.ts';
import { patching } from '../../src/workloads/analysis/metrics/patching.ts';
import { arrayOf, countedRun, finish, type Given, settingFrom } from './settings.ts';
import { smallGraph } from './small-graphs.ts';

/** Three texts of other lengths, the first with a counterfactual; or observations. */
function settingFor(name: string, more: Partial<Given> = {}): MetricSetting {
  const { graph, theta, batch } = smallGraph(name);
  if (!batch.ids) {
    const numbers = batch.numbers!.slice(0, 3);
    const items = numbers.map((own, i) => ({ name: `row ${i}`, numbers: Array.from(own), targets: [0, 0, 0] }));
    return settingFrom({ graph, theta, items, baseline: 'mean', ...more });
  }
  const items = [Array.from(batch.ids[0]).slice(0, 6), batch.ids[1], batch.ids[5]].map((own, i) => {
    const ids = Array.from(own);
    const counterfactual = ids.map((id) => (id + 3) % 12);
    return { name: `text ${i}`, ids, ...(i < 2 && { counterfactual }) };
  });
  return settingFrom({ graph, theta, items, ...more });
}

const measured = async (metric: Metric, setting: MetricSetting) => {
  const { outcome } = await countedRun(metric, setting);
  return (name: string) => arrayOf(outcome, name).values;
};
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((all, value) => all + value, 0);
const known = (values: ArrayLike<number>) => Array.from(values).filter((value) => !Number.isNaN(value));
const decoders = ['gpt2', 'llama'] as const;

describe.each(metricsA.map((metric) => [metric.id, metric] as const))('%s', (_, metric) => {
  test.each(decoders)('gives equal bits for any rows in flight, and from what was saved: %s', async (name) => {
    const setting = settingFor(name);
    const whole = await countedRun(metric, setting);
    expect(whole.outcome.arrays.map(({ name: own, shape }) => [own, shape])).toEqual(
      metric.layout(setting).map(({ name: own, shape }) => [own, shape]),
    );
    expect(whole.outcome.arrays.some(({ values }) => known(values).some((value) => value !== 0))).toBe(true);
    for (const rows of [1, 2, 5, 50]) {
      const { outcome } = await countedRun(metric, { ...setting, rows });
      expect(outcome, `${rows} rows`).toEqual(whole.outcome);
    }
    for (const stopAfter of [1, Math.ceil(whole.pieces / 2)]) {
      const { outcome, done } = await countedRun(metric, setting, { stopAfter });
      expect(outcome, `after ${stopAfter} of ${whole.pieces} pieces`).toEqual(whole.outcome);
      if (stopAfter < whole.pieces) expect(done).toBeCloseTo(whole.done, 9);
    }
    expect(whole.done).toBeCloseTo(metric.work(setting), 9);
    for (const { value, error } of whole.outcome.headlines) {
      expect(Number.isFinite(value)).toBe(true);
      if (error) expect(error.value).toBeGreaterThanOrEqual(0);
    }
  });

  test('says in a sentence what it lacks, or runs, on a network of numbers', async () => {
    const setting = settingFor('perceptron');
    const objection = metric.objection(setting);
    if (metric === integratedGradients || metric === jacobian) {
      expect(objection).toBeUndefined();
      expect((await countedRun(metric, setting)).done).toBeCloseTo(metric.work(setting), 9);
    } else expect(objection).toMatch(/^[A-Z].*\.$/);
  });
});

describe.each(decoders)('%s', (name) => {
  test('integrated gradients add up, end at the explained position, and turn their sign with the path', async () => {
    const sizes = { pathSteps: 120, deletionOrders: 0 };
    const setting = settingFor(name, { sizes, rows: 40, origin: false });
    const of = await measured(integratedGradients, setting);
    const f = of('f');
    for (const [i, residual] of of('residual').entries())
      expect(Math.abs(residual / (f[2 * i] - f[2 * i + 1]))).toBeLessThan(1e-3);

    // The path the other way, node by node.
    const short = settingFor(name);
    const forth = await measured(integratedGradients, short);
    const machine = await twinMachines.open(integratedGradients.machine(short), short.theta);
    const back = new Float64Array(12);
    const baseline = new Baseline(short);
    const item = short.items[0];
    const count = { units: short.sizes.pathSteps, work: 3 };
    const phase = pathPhase({
      count,
      machine,
      rule: ruleOf(short),
      value: short.graph.embedded,
      path: () => {
        const { from, to, ...rest } = baseline.path(item, targetOf(short, item));
        return { ...rest, from: to, to: from };
      },
      into: back,
      stride: back.length,
      width: short.graph.widths[short.graph.embedded],
    });
    await finish(walk([phase], new State(), 4, undefined));
    const own = known(forth('attribution').slice(0, 6));
    for (const [s, a] of own.entries()) expect(back[s]).toBeCloseTo(-a, 12);
  });

  test('layer IG is complete in every layer and begins as integrated gradients; direct parts sum to the logit', async () => {
    const setting = settingFor(name, { sizes: { pathSteps: 60, conductanceSteps: 60 }, rows: 40, origin: false });
    const of = await measured(layerAttribution, setting);
    const ig = await measured(integratedGradients, setting);
    const layers = setting.graph.residuals.length;
    const each = of('layer_ig').length / 3 / layers;
    for (let i = 0; i < 3; i++) {
      const first = known(of('layer_ig').slice(i * layers * each, (i * layers + 1) * each));
      for (const [s, a] of known(ig('attribution').slice(i * each, (i + 1) * each)).entries())
        expect(first[s]).toBeCloseTo(a, 11);
      const parts = of('direct').length / 3;
      expect(sum(of('direct').slice(i * parts, (i + 1) * parts))).toBeCloseTo(of('logit')[i], 11);
      const change = of('f')[2 * i] - of('f')[2 * i + 1];
      for (let l = 1; l < layers; l++) {
        expect(Math.abs(of('layer_ig_residual')[i * layers + l] / change)).toBeLessThan(0.02);
        expect(Math.abs(of('conductance_residual')[i * layers + l] / change)).toBeLessThan(0.05);
      }
    }
  });

  test('log-probabilities are attributed to their own change', async () => {
    const setting = settingFor(name, {
      sizes: { pathSteps: 120, deletionOrders: 0 },
      rows: 40,
      target: { kind: 'log-probability' },
      origin: false,
    });
    const of = await measured(integratedGradients, setting);
    const machine = await twinMachines.open(integratedGradients.machine(setting), setting.theta);
    await machine.forward({ ids: [setting.items[0].ids!] });
    const [losses] = await machine.losses();
    expect(of('f')[0]).toBeCloseTo(-losses[setting.items[0].ids!.length - 2], 12);
    expect(Math.abs(of('residual')[0] / (of('f')[0] - of('f')[1]))).toBeLessThan(1e-3);
  });

  test('probes of the Jacobian come to the exact norms, within their error', async () => {
    const { graph, theta, items: whole } = settingFor(name);
    const width = graph.widths[graph.final];
    const items = whole.slice(1, 2);
    const one = { graph, theta, items, rows: 64, origin: false };
    const exact = await measured(
      jacobian,
      settingFrom({ ...one, sizes: { jacobianProbes: width, singularSteps: width, eigenvalues: width } }),
    );
    const probed = await measured(
      jacobian,
      settingFrom({ ...one, sizes: { jacobianProbes: width - 1, singularSteps: 4 } }),
    );
    const [norms, seen, errors] = [exact('frobenius'), probed('frobenius'), probed('frobenius_error')];
    let [off, cells] = [0, 0];
    for (let i = 0; i < norms.length; i++) {
      if (norms[i] === 0) expect(seen[i]).toBe(0);
      else {
        off += ((seen[i] - norms[i]) / errors[i]) ** 2;
        cells++;
      }
    }
    // Mean square of deviations in units of their errors: 1 but for the spread of the errors themselves.
    expect(off / cells).toBeGreaterThan(0.2);
    expect(off / cells).toBeLessThan(4);
    // All singular values there are: their squares sum to the norm at the explained position.
    const squares = sum(known(exact('singular').slice(width)).map((value) => value ** 2));
    const position = items[0].ids!.length - 2;
    const norm = exact('by_position')[items[0].ids!.length + position];
    expect(squares / norm ** 2).toBeCloseTo(1, 9);
  });

  test('patching a whole stream gives the text back, patching nothing gives nothing', async () => {
    const of = await measured(patching, settingFor(name));
    for (const [i, effect] of of('whole').entries()) expect(effect).toBe(i % 2 === 0 ? 1 : 0);
    // The last stream at the explained position is all that is read.
    const { graph } = smallGraph(name);
    const tokens = of('residual').length / 2 / graph.residuals.length;
    const last = known(of('residual').slice(graph.layers * tokens, (graph.layers + 1) * tokens));
    expect(last[last.length - 1]).toBe(1);
    expect(last.slice(0, -1).every((effect) => effect === 0)).toBe(true);
  });

  test('restoring the last stream at the explained position restores all; what cannot reach it restores nothing', async () => {
    const setting = settingFor(name);
    const of = await measured(causalTrace, setting);
    const { layers } = setting.graph;
    const tokens = of('effect').length / 3 / 4 / layers;
    const [ids] = [setting.items[0].ids!];
    const last = ((0 * 4 + 3) * layers + layers - 1) * tokens;
    expect(of('effect')[last + ids.length - 2]).toBeCloseTo(1, 12);
    expect(of('effect')[last + ids.length - 3]).toBe(0);
  });

  test('every part that is set to 0 moves the model; the lens of the last stream is the model', async () => {
    const setting = settingFor(name);
    for (const value of (await measured(ablation, setting))('divergence')) expect(value).toBeGreaterThan(0);
    const [, , , divergence] = (await measured(logitLens, setting))('mean').slice(-4);
    expect(divergence).toBeCloseTo(0, 12);
  });
});

// Without learned positions a token that is repeated is attended to alike everywhere: every part equals its mean.
test('setting a part to the mean it has everywhere changes nothing', async () => {
  const { graph, theta } = smallGraph('llama');
  const of = await measured(ablation, settingFrom({ graph, theta, items: [{ name: 'repeated', ids: [5, 5, 5, 5] }] }));
  const half = of('loss_change').length / 2;
  for (let at = 0; at < half; at++) {
    expect(of('loss_change')[half + at]).toBeCloseTo(0, 12);
    expect(of('divergence')[half + at]).toBeCloseTo(0, 12);
    expect(Math.abs(of('loss_change')[at])).toBeGreaterThan(1e-4);
  }
});

test('made texts repeat themselves, without BOS, pad or a token twice', () => {
  const setting = settingFor('gpt2');
  const { repeated, other } = copyTexts(setting, 4);
  const { ids, start, period } = repeated;
  expect(ids[0]).toBe(setting.bosId);
  expect(ids.slice(start, start + period)).toEqual(ids.slice(start + period));
  expect(new Set(other.ids).size).toBe(1 + 2 * period);
  expect(other.ids).not.toContain(setting.padId);
  expect(copyTexts(setting, 5).repeated.ids).not.toEqual(ids);
});
