/**
 * Metrics of attention, attribution and cause against values of an independent program in f64. LOCKSTEP_SHARED names the folder that holds data/analysis.
 */
import { describe, expect, test } from 'vitest';
import { HEAD_STATISTICS } from '../../src/nn/graph/machine.ts';
import { attention } from '../../src/workloads/analysis/metrics/attention.ts';
import { integratedGradients } from '../../src/workloads/analysis/metrics/integrated-gradients.ts';
import { induction, measureTexts } from '../../src/workloads/analysis/metrics/induction.ts';
import { layerAttribution } from '../../src/workloads/analysis/metrics/layer-attribution.ts';
import { rollout } from '../../src/workloads/analysis/metrics/rollout.ts';
import { partNames } from '../../src/workloads/analysis/metrics/common/direct-logit.ts';
import { readDecoder, readPerceptron } from './reference.ts';
import { arrayOf, runMetric, settingOf, textsOf } from './settings.ts';

/** Largest difference over the largest told. */
function worst(seen: ArrayLike<number>, told: ArrayLike<number>): number {
  expect(seen.length).toBe(told.length);
  let [most, size] = [0, 0];
  for (let i = 0; i < told.length; i++) {
    most = Math.max(most, Math.abs(seen[i] - told[i]));
    size = Math.max(size, Math.abs(told[i]));
  }
  return most / size;
}

const LIMIT = 1e-10;
const flat = (tree: unknown): number[] => (Array.isArray(tree) ? tree.flatMap(flat) : [tree as number]);

describe.each(['gpt2', 'llama'] as const)('%s', (name) => {
  const open = async (sizes: object = {}, rest: object = {}) => {
    const { graph, theta, ids, values, batch, npy } = await readDecoder(name);
    const setting = settingOf({ graph, theta, items: textsOf(ids), rows: 7, sizes: sizes as never, ...rest });
    return { graph, theta, ids, values, batch, npy, setting };
  };

  test('attention', async () => {
    const { setting, values, graph } = await open();
    const { outcome } = await runMetric(attention, setting);
    const mean = arrayOf(outcome, 'mean').values;
    const each = HEAD_STATISTICS.length;
    const of = (statistic: string) =>
      Array.from({ length: graph.layers * graph.heads }, (_, h) => mean[h * each + HEAD_STATISTICS.indexOf(statistic as never)]);
    console.log(name, 'entropy', worst(of('entropy'), flat(values.attention.entropy_nats)));
    console.log(name, worst(of('relativeEntropy'), flat(values.attention.entropy_over_log_choices)));
    console.log(name, worst(of('distance'), flat(values.attention.mean_distance)));
    console.log(name, worst(of('previous'), flat(values.attention.previous_token)));
  });

  test('rollout', async () => {
    const { setting, values } = await open();
    const { outcome } = await runMetric(rollout, setting);
    const maps = arrayOf(outcome, 'maps').values.slice(0, 144);
    console.log(name, 'rollout', worst(maps, flat(values.attention.rollout_item_0)), outcome.beside);
  });

  test('induction', async () => {
    const { setting, values, batch, graph } = await open({ inductionTexts: 4 });
    const machine = await (await import('../../src/nn/graph/twin/machine.ts')).twinMachines.open(induction.machine(setting), setting.theta);
    const run = measureTexts({ setting, machine }, (at) => {
      const text = { ids: batch.induction_ids[at], start: 1, period: 5 };
      return { repeated: text, other: text };
    });
    let step = await run.next();
    while (!step.done) step = await run.next();
    const outcome = step.value;
    const mean = arrayOf(outcome, 'mean').values;
    const of = (s: number) => Array.from({ length: graph.layers * graph.heads }, (_, h) => mean[h * 3 + s]);
    console.log(name, 'induction', worst(of(0), flat(values.attention.induction_score)), worst(of(2), flat(values.attention.duplicate_token_score)));
    console.log(worst(arrayOf(outcome, 'theirs').values, flat(values.attention.tensorscope_induction_off_by_one)));
    const l = arrayOf(outcome, 'losses').values; let a=0,b=0; for (let i=0;i<4;i++){a+=l[i*4]/4;b+=l[i*4+1]/4}
    console.log(a, values.attention.induction_nll_first_copy, b, values.attention.induction_nll_second_copy);
  });

  test('integrated gradients', async () => {
    for (const [rule, steps] of [['gauss', 8], ['gauss', 50], ['midpoint', 32], ['gauss', 300]] as const)
    for (const baseline of ['zero', 'pad'] as const) {
      const { setting, values } = await open({ pathSteps: steps, deletionOrders: 1 }, { rule, baseline });
      const { outcome } = await runMetric(integratedGradients, setting);
      const told = values[`integrated_gradients_${baseline}`];
      const a = arrayOf(outcome, 'attribution').values;
      const own = told.gauss_8.flatMap((row: number[], i: number) => [...a.slice(i * 12, i * 12 + row.length)]);
      console.log(name, 'ig', rule, steps, baseline, worst(own, flat(told[`${rule}_${steps}`])), worst(arrayOf(outcome, 'f').values, told.f_input.flatMap((f: number, i: number) => [f, told.f_baseline[i]])),
      Math.max(...[...arrayOf(outcome, 'residual').values].map((r, i) => Math.abs(r - told[`${rule}_${steps}_residual`][i]))));
      if (steps === 8) {
        const s = arrayOf(outcome, 'gradient_norm').values, g = arrayOf(outcome, 'gradient_times_input').values;
        const cut = (x: ArrayLike<number>) => told.gauss_8.flatMap((row: number[], i: number) => Array.from(x).slice(i * 12, i * 12 + row.length));
        console.log('saliency', worst(cut(s), flat(values.saliency.gradient_l2)), worst(cut(g), flat(values.saliency.gradient_times_input)));
        console.log(outcome.headlines, outcome.beside, outcome.notes);
      }
    }
  }, 1e6);

  test('layers', async () => {
    const { setting, values, graph } = await open({ pathSteps: 50, conductanceSteps: 400 });
    const { outcome } = await runMetric(layerAttribution, setting);
    const told = values.layer_attribution;
    const cut = (x: ArrayLike<number>) => told.layer_ig_gauss_50.flatMap((map: number[][], i: number) => map.flatMap((row, l) => Array.from(x).slice((i * 3 + l) * 12, (i * 3 + l) * 12 + row.length)));
    console.log(name, 'layer ig', worst(cut(arrayOf(outcome, 'layer_ig').values), flat(told.layer_ig_gauss_50)));
    console.log(name, 'conductance', worst(cut(arrayOf(outcome, 'conductance').values), flat(told.conductance_400)));
    const d = arrayOf(outcome, 'direct').values;
    const names = partNames(graph);
    console.log(name, 'direct', worst(d, told.direct_logit.flatMap((of: Record<string, number>) => names.map((n) => of[n]))));
    console.log(outcome.headlines, outcome.beside, outcome.notes);
  }, 1e6);
});
test('mlp', async () => {
  const { graph, theta, values } = await readPerceptron();
  const items = values.inputs.x.map((numbers: number[], i: number) => ({ name: `row ${i}`, numbers, targets: values.inputs.t[i] }));
  const setting = settingOf({ graph, theta, items, baseline: 'zero', sizes: { pathSteps: 50 } as never });
  const { outcome } = await runMetric(integratedGradients, setting);
  console.log('mlp', worst(arrayOf(outcome, 'attribution').values, flat(values.values.ig_output_0_zero_baseline_gauss_50)), outcome.headlines, outcome.beside, outcome.notes);
});
