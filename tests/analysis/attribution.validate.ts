/**
 * Metrics of attention, attribution and cause against values of an independent program in f64, over both machines. LOCKSTEP_SHARED names the folder that holds data/analysis.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { deviceMachines } from '../../src/nn/graph/device/machine.ts';
import { HEAD_STATISTICS, type HeadStatistic } from '../../src/nn/graph/machine.ts';
import { twinMachines } from '../../src/nn/graph/twin/machine.ts';
import { ablation } from '../../src/workloads/analysis/metrics/ablation.ts';
import { attention } from '../../src/workloads/analysis/metrics/attention.ts';
import { causalTrace, trace } from '../../src/workloads/analysis/metrics/causal-trace.ts';
import { partNames } from '../../src/workloads/analysis/metrics/common/direct-logit.ts';
import { embeddingDeviation } from '../../src/workloads/analysis/metrics/common/trace-places.ts';
import { induction, measureTexts } from '../../src/workloads/analysis/metrics/induction.ts';
import { integratedGradients } from '../../src/workloads/analysis/metrics/integrated-gradients.ts';
import { jacobian } from '../../src/workloads/analysis/metrics/jacobian.ts';
import { layerAttribution } from '../../src/workloads/analysis/metrics/layer-attribution.ts';
import { logitLens } from '../../src/workloads/analysis/metrics/logit-lens.ts';
import type { Metric, MetricSetting } from '../../src/workloads/analysis/metrics/metric.ts';
import { patching } from '../../src/workloads/analysis/metrics/patching.ts';
import { rollout } from '../../src/workloads/analysis/metrics/rollout.ts';
import { testSizes } from './device-machines.ts';
import { type DecoderReference, readDecoder, readPerceptron } from './reference.ts';
import { arrayOf, countedRun, finish, type Given, settingFrom, textsOf } from './settings.ts';

/** Numbers of a tree, in order. */
const flat = (tree: unknown): number[] => (Array.isArray(tree) ? tree.flatMap(flat) : [tree as number]);

/** Largest difference over the largest told. */
function worst(seen: ArrayLike<number>, told: unknown): number {
  const numbers = flat(told);
  expect(seen.length).toBe(numbers.length);
  const size = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return numbers.reduce((most, value, i) => Math.max(most, Math.abs(seen[i] - value) / size), 0);
}

const known = (values: ArrayLike<number>) => Array.from(values).filter((value) => !Number.isNaN(value));

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const machinesOf = (arithmetic: 'f64' | 'f32') =>
  arithmetic === 'f64' ? twinMachines : deviceMachines(gpu, testSizes(gpu));

/** Relative to the largest told; `path`: of |f(e) − f(b)|. */
const LIMITS = {
  f64: { exact: 1e-10, loss: 1e-10, attribution: 1e-10, path: 1e-8, singular: 1e-8 },
  // A probability is good to 1e-5, a loss to 1e-6 of its size; gradients to 2e-5 of theirs.
  f32: { exact: 1e-5, loss: 2e-6, attribution: 2e-5, path: 1e-4, singular: 1e-4 },
};

describe.each([
  ['gpt2', 'f64'],
  ['llama', 'f64'],
  ['gpt2', 'f32'],
  ['llama', 'f32'],
] as const)('%s in %s', (name, arithmetic) => {
  const { exact, loss, attribution, path, singular } = LIMITS[arithmetic];
  const read = (): Promise<DecoderReference> => readDecoder(name);
  const settingFor = ({ graph, theta, ids }: DecoderReference, more: Partial<Given> = {}) =>
    settingFrom({ graph, theta, items: textsOf(ids), rows: 7, ...more });
  const measured = async (metric: Metric, setting: MetricSetting) =>
    (await countedRun(metric, setting, { machines: machinesOf(arithmetic) })).outcome;
  const values = async (metric: Metric, setting: MetricSetting) => {
    const outcome = await measured(metric, setting);
    return (array: string) => arrayOf(outcome, array).values;
  };

  test('attention: entropies, distance, previous token', async () => {
    const told = await read();
    const of = await values(attention, settingFor(told));
    const column = (statistic: HeadStatistic) =>
      of('mean').filter((_, i) => i % HEAD_STATISTICS.length === HEAD_STATISTICS.indexOf(statistic));
    const { entropy_nats, entropy_over_log_choices, mean_distance, previous_token } = told.values.attention;
    expect(worst(column('entropy'), entropy_nats)).toBeLessThan(exact);
    expect(worst(column('relativeEntropy'), entropy_over_log_choices)).toBeLessThan(exact);
    expect(worst(column('distance'), mean_distance)).toBeLessThan(exact);
    expect(worst(column('previous'), previous_token)).toBeLessThan(exact);
  });

  test('rollout of the first text', async () => {
    const told = await read();
    const of = await values(rollout, settingFor(told, { items: textsOf(told.ids.slice(0, 1)) }));
    expect(worst(of('maps'), told.values.attention.rollout_item_0)).toBeLessThan(exact);
  });

  test('induction: true scores, duplicates, losses of both copies, and the other formula', async () => {
    const told = await read();
    const setting = settingFor(told, { sizes: { inductionTexts: 4 } });
    const machine = await machinesOf(arithmetic).open(induction.machine(setting), setting.theta);
    const texts = (at: number) => {
      const text = { ids: told.batch.induction_ids[at], start: 1, period: told.batch.induction_period };
      return { repeated: text, other: text };
    };
    const outcome = await finish(measureTexts({ setting, machine }, texts));
    const mean = arrayOf(outcome, 'mean').values;
    const scores = (score: number) => mean.slice(0, mean.length / 2).filter((_, i) => i % 3 === score);
    const { attention: expected } = told.values;
    expect(worst(scores(0), expected.induction_score)).toBeLessThan(exact);
    expect(worst(scores(2), expected.duplicate_token_score)).toBeLessThan(exact);
    expect(worst(arrayOf(outcome, 'theirs').values, expected.tensorscope_induction_off_by_one)).toBeLessThan(exact);
    const losses = arrayOf(outcome, 'losses').values;
    const copies = [0, 1].map((copy) => [0, 1, 2, 3].reduce((sum, text) => sum + losses[text * 4 + copy] / 4, 0));
    expect(worst(copies, [expected.induction_nll_first_copy, expected.induction_nll_second_copy])).toBeLessThan(loss);
  });

  test.each(['zero', 'pad'] as const)('integrated gradients from a %s baseline, rule by rule', async (baseline) => {
    const told = await read();
    const expected = told.values[`integrated_gradients_${baseline}`];
    for (const [rule, pathSteps] of [
      ['gauss', 8],
      ['gauss', 50],
      ['midpoint', 32],
    ] as const) {
      const sizes = { pathSteps, deletionOrders: 0 };
      const of = await values(
        integratedGradients,
        settingFor(told, { rule, baseline, sizes, rows: 32, origin: false }),
      );
      const key = `${rule}_${pathSteps}`;
      expect(worst(known(of('attribution')), expected[key])).toBeLessThan(attribution);
      const ends = expected.f_input.map((f: number, i: number) => [f, expected.f_baseline[i]]);
      expect(worst(of('f'), ends)).toBeLessThan(exact);
      for (const [i, residual] of of('residual').entries()) {
        const change = Math.abs(expected.f_input[i] - expected.f_baseline[i]);
        expect(Math.abs(residual - expected[`${key}_residual`][i]) / change).toBeLessThan(path);
      }
      if (key !== 'gauss_8') continue;
      expect(worst(known(of('gradient_norm')), told.values.saliency.gradient_l2)).toBeLessThan(attribution);
      expect(worst(known(of('gradient_times_input')), told.values.saliency.gradient_times_input)).toBeLessThan(
        attribution,
      );
    }
  });

  test('attribution by layer: layer IG, conductance, the logit taken apart', async () => {
    const told = await read();
    const setting = settingFor(told, { sizes: { pathSteps: 50, conductanceSteps: 400 }, rows: 32, origin: false });
    const of = await values(layerAttribution, setting);
    const expected = told.values.layer_attribution;
    expect(worst(known(of('layer_ig')), expected.layer_ig_gauss_50)).toBeLessThan(attribution);
    expect(worst(known(of('conductance')), expected.conductance_400)).toBeLessThan(attribution);
    const parts = expected.direct_logit.map((own: Record<string, number>) => partNames(told.graph).map((n) => own[n]));
    expect(worst(of('direct'), parts)).toBeLessThan(attribution);
    expect(
      worst(
        of('logit'),
        expected.direct_logit.map(({ logit }: { logit: number }) => logit),
      ),
    ).toBeLessThan(exact);
  });

  test('Jacobian: every cell of the first text, singular values, and the product with ones', async () => {
    const told = await read();
    const expected = told.values.jacobian;
    const items = textsOf([told.ids[0].slice(0, 11)]);
    const sizes = { jacobianProbes: 16, singularSteps: 16, eigenvalues: 5 };
    const of = await values(
      jacobian,
      settingFor(told, { items, sizes, target: { kind: 'logit', position: 10 }, rows: 16 }),
    );
    const cells = 11 * 11;
    expect(worst(of('frobenius').slice(0, cells), expected.frobenius_by_position_resid)).toBeLessThan(attribution);
    expect(worst(of('frobenius').slice(cells), expected.frobenius_by_position_final)).toBeLessThan(attribution);
    expect(worst(of('theirs').slice(0, cells), expected.tensorscope_ones_vjp_resid)).toBeLessThan(attribution);
    expect(worst(of('theirs').slice(cells), expected.tensorscope_ones_vjp_final)).toBeLessThan(attribution);
    // Lanczos' values are told to 1e-8.
    expect(worst(of('singular').slice(5), expected.singular_values)).toBeLessThan(singular);
    expect(worst([of('by_position')[11 + 10] ** 2], [expected.frobenius_squared])).toBeLessThan(attribution);
  });

  test('logit lens: ranks, log-probabilities, entropy, KL', async () => {
    const told = await read();
    const of = await values(logitLens, settingFor(told));
    const expected = told.values.logit_lens;
    // [layer][item][token] there, [item][layer][token] here.
    const layers = told.graph.residuals.length;
    const turned = (numbers: number[][][]) =>
      told.ids.map((ids, i) => Array.from({ length: layers }, (_, l) => numbers[l][i].slice(0, ids.length - 1)));
    expect(known(of('rank'))).toEqual(flat(turned(expected.rank_of_next)));
    expect(worst(known(of('log_probability')), turned(expected.logprob_of_next))).toBeLessThan(loss);
    const column = (s: number) => of('mean').filter((_, i) => i % 4 === s);
    expect(worst(column(2), expected.entropy)).toBeLessThan(loss);
    expect(worst(column(3), expected.kl_to_final)).toBeLessThan(loss);
  });

  test('causal trace of the first text with the noise of the data', async () => {
    const told = await read();
    const expected = told.values.causal_trace;
    const noise = await told.npy('trace_noise.npy');
    const setting = settingFor(told, {
      items: textsOf(told.ids.slice(0, 1)),
      corrupt: expected.corrupted_positions,
      sizes: { traceDraws: 4 },
    });
    expect(worst([3 * embeddingDeviation(told.graph, told.theta)], [expected.noise_sd])).toBeLessThan(exact);
    const machine = await machinesOf(arithmetic).open(causalTrace.machine(setting), setting.theta);
    const each = noise.length / 4;
    const outcome = await finish(
      trace({ setting, machine }, (_, draw) => noise.subarray(draw * each, (draw + 1) * each)),
    );
    const of = (array: string) => arrayOf(outcome, array).values;
    const sites = ['resid_pre', 'attn_out', 'mlp_out', 'resid_post'];
    expect(worst(of('clean'), [expected.p_clean])).toBeLessThan(exact);
    expect(worst(of('corrupted'), expected.p_corrupted)).toBeLessThan(exact);
    expect(
      worst(
        of('restored'),
        sites.map((site) => expected.restored_mean[site]),
      ),
    ).toBeLessThan(exact);
    expect(
      worst(
        of('restored_sd'),
        sites.map((site) => expected.restored_sd[site]),
      ),
    ).toBeLessThan(exact);
  });

  test('patching from a counterfactual, exact and by first order', async () => {
    const told = await read();
    const expected = told.values.patching;
    const [item] = textsOf(told.ids.slice(0, 1));
    const setting = settingFor(told, { items: [{ ...item, counterfactual: told.batch.counterfactual_of_item_0 }] });
    const of = await values(patching, setting);
    const cells = told.graph.layers * 11;
    expect(worst(of('difference'), [expected.clean, expected.corrupted])).toBeLessThan(exact);
    expect(worst(of('residual').slice(0, cells), expected.resid_pre)).toBeLessThan(exact);
    expect(worst(of('heads'), expected.heads)).toBeLessThan(exact);
    expect(worst(of('residual_estimate').slice(0, cells), expected.attribution_resid_pre)).toBeLessThan(attribution);
    expect(worst(of('heads_estimate'), expected.attribution_heads)).toBeLessThan(attribution);
    expect(of('counterfactual_target')[0]).toBe(expected.counterfactual_target);
  });

  test('ablation of heads by zero and by mean', async () => {
    const told = await read();
    const of = await values(ablation, settingFor(told));
    const parts = told.graph.heads + 1;
    const heads = of('loss_change').filter((_, i) => i % parts < told.graph.heads);
    const { loss_change_zero: zero, loss_change_mean: mean } = told.values.head_ablation;
    expect(worst(heads, [zero, mean])).toBeLessThan(loss);
  });
});

test.each(['f64', 'f32'] as const)(
  'perceptron: integrated gradients of the first output, Jacobian of both, in %s',
  async (arithmetic) => {
    const { graph, theta, values } = await readPerceptron();
    const { x, t } = values.inputs;
    const items = x.map((numbers: number[], i: number) => ({ name: `row ${i}`, numbers, targets: t[i] }));
    const sizes = { pathSteps: 50, deletionOrders: 1, jacobianProbes: 16 };
    const setting = settingFrom({ graph, theta, items, baseline: 'zero', sizes, target: { kind: 'logit', index: 0 } });
    const machines = machinesOf(arithmetic);
    const { attribution } = LIMITS[arithmetic];
    const { outcome } = await countedRun(integratedGradients, setting, { machines });
    const expected = values.values;
    const own = arrayOf(outcome, 'attribution').values;
    expect(worst(own, expected.ig_output_0_zero_baseline_gauss_50)).toBeLessThan(attribution);
    const { outcome: moved } = await countedRun(jacobian, setting, { machines });
    const norms = arrayOf(moved, 'by_position').values.filter((_, i) => i % 2 === 1);
    expect(worst(norms, expected.jacobian_frobenius)).toBeLessThan(attribution);
  },
);
