/**
 * Metrics of attention, attribution and cause against values of an independent program in f64. LOCKSTEP_SHARED names the folder that holds data/analysis.
 */
import { describe, expect, test } from 'vitest';
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
import { type DecoderReference, readDecoder, readPerceptron } from './reference.ts';
import { arrayOf, finish, runMetric, settingOf, textsOf } from './settings.ts';

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

/** Of the twin, relative; residuals of paths are held to 1e-8 of f(e) − f(b). */
const EXACT = 1e-10;

describe.each(['gpt2', 'llama'] as const)('%s', (name) => {
  const read = (): Promise<DecoderReference> => readDecoder(name);
  const settingFor = ({ graph, theta, ids }: DecoderReference, more: Partial<Parameters<typeof settingOf>[0]> = {}) =>
    settingOf({ graph, theta, items: textsOf(ids), rows: 7, ...more });
  const measured = async (metric: Metric, setting: MetricSetting) => (await runMetric(metric, setting)).outcome;
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
    expect(worst(column('entropy'), entropy_nats)).toBeLessThan(EXACT);
    expect(worst(column('relativeEntropy'), entropy_over_log_choices)).toBeLessThan(EXACT);
    expect(worst(column('distance'), mean_distance)).toBeLessThan(EXACT);
    expect(worst(column('previous'), previous_token)).toBeLessThan(EXACT);
  });

  test('rollout of the first text', async () => {
    const told = await read();
    const of = await values(rollout, settingFor(told, { items: textsOf(told.ids.slice(0, 1)) }));
    expect(worst(of('maps'), told.values.attention.rollout_item_0)).toBeLessThan(EXACT);
  });

  test('induction: true scores, duplicates, losses of both copies, and the other formula', async () => {
    const told = await read();
    const setting = settingFor(told, { sizes: { inductionTexts: 4 } });
    const machine = await twinMachines.open(induction.machine(setting), setting.theta);
    const texts = (at: number) => {
      const text = { ids: told.batch.induction_ids[at], start: 1, period: told.batch.induction_period };
      return { repeated: text, other: text };
    };
    const outcome = await finish(measureTexts({ setting, machine }, texts));
    const mean = arrayOf(outcome, 'mean').values;
    const scores = (score: number) => mean.slice(0, mean.length / 2).filter((_, i) => i % 3 === score);
    const { attention: expected } = told.values;
    expect(worst(scores(0), expected.induction_score)).toBeLessThan(EXACT);
    expect(worst(scores(2), expected.duplicate_token_score)).toBeLessThan(EXACT);
    expect(worst(arrayOf(outcome, 'theirs').values, expected.tensorscope_induction_off_by_one)).toBeLessThan(EXACT);
    const losses = arrayOf(outcome, 'losses').values;
    for (const [copy, key] of ['first', 'second'].entries()) {
      const own = [0, 1, 2, 3].reduce((sum, text) => sum + losses[text * 4 + copy] / 4, 0);
      expect(worst([own], [expected[`induction_nll_${key}_copy`]])).toBeLessThan(EXACT);
    }
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
      expect(worst(known(of('attribution')), expected[key])).toBeLessThan(EXACT);
      const ends = expected.f_input.map((f: number, i: number) => [f, expected.f_baseline[i]]);
      expect(worst(of('f'), ends)).toBeLessThan(EXACT);
      for (const [i, residual] of of('residual').entries()) {
        const change = Math.abs(expected.f_input[i] - expected.f_baseline[i]);
        expect(Math.abs(residual - expected[`${key}_residual`][i]) / change).toBeLessThan(1e-8);
      }
      if (key !== 'gauss_8') continue;
      expect(worst(known(of('gradient_norm')), told.values.saliency.gradient_l2)).toBeLessThan(EXACT);
      expect(worst(known(of('gradient_times_input')), told.values.saliency.gradient_times_input)).toBeLessThan(EXACT);
    }
  });

  test('attribution by layer: layer IG, conductance, the logit taken apart', async () => {
    const told = await read();
    const setting = settingFor(told, { sizes: { pathSteps: 50, conductanceSteps: 400 }, rows: 32, origin: false });
    const of = await values(layerAttribution, setting);
    const expected = told.values.layer_attribution;
    expect(worst(known(of('layer_ig')), expected.layer_ig_gauss_50)).toBeLessThan(EXACT);
    expect(worst(known(of('conductance')), expected.conductance_400)).toBeLessThan(EXACT);
    const parts = expected.direct_logit.map((own: Record<string, number>) => partNames(told.graph).map((n) => own[n]));
    expect(worst(of('direct'), parts)).toBeLessThan(EXACT);
    expect(
      worst(
        of('logit'),
        expected.direct_logit.map(({ logit }: { logit: number }) => logit),
      ),
    ).toBeLessThan(EXACT);
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
    expect(worst(of('frobenius').slice(0, cells), expected.frobenius_by_position_resid)).toBeLessThan(EXACT);
    expect(worst(of('frobenius').slice(cells), expected.frobenius_by_position_final)).toBeLessThan(EXACT);
    expect(worst(of('theirs').slice(0, cells), expected.tensorscope_ones_vjp_resid)).toBeLessThan(EXACT);
    expect(worst(of('theirs').slice(cells), expected.tensorscope_ones_vjp_final)).toBeLessThan(EXACT);
    // Lanczos' values are told to 1e-8.
    expect(worst(of('singular').slice(5), expected.singular_values)).toBeLessThan(1e-8);
    expect(worst([of('by_position')[11 + 10] ** 2], [expected.frobenius_squared])).toBeLessThan(EXACT);
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
    expect(worst(known(of('log_probability')), turned(expected.logprob_of_next))).toBeLessThan(EXACT);
    const column = (s: number) => of('mean').filter((_, i) => i % 4 === s);
    expect(worst(column(2), expected.entropy)).toBeLessThan(EXACT);
    expect(worst(column(3), expected.kl_to_final)).toBeLessThan(EXACT);
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
    expect(worst([3 * embeddingDeviation(told.graph, told.theta)], [expected.noise_sd])).toBeLessThan(EXACT);
    const machine = await twinMachines.open(causalTrace.machine(setting), setting.theta);
    const each = noise.length / 4;
    const outcome = await finish(
      trace({ setting, machine }, (_, draw) => noise.subarray(draw * each, (draw + 1) * each)),
    );
    const of = (array: string) => arrayOf(outcome, array).values;
    const sites = ['resid_pre', 'attn_out', 'mlp_out', 'resid_post'];
    expect(worst(of('clean'), [expected.p_clean])).toBeLessThan(EXACT);
    expect(worst(of('corrupted'), expected.p_corrupted)).toBeLessThan(EXACT);
    expect(
      worst(
        of('restored'),
        sites.map((site) => expected.restored_mean[site]),
      ),
    ).toBeLessThan(EXACT);
    expect(
      worst(
        of('restored_sd'),
        sites.map((site) => expected.restored_sd[site]),
      ),
    ).toBeLessThan(EXACT);
  });

  test('patching from a counterfactual, exact and by first order', async () => {
    const told = await read();
    const expected = told.values.patching;
    const [item] = textsOf(told.ids.slice(0, 1));
    const setting = settingFor(told, { items: [{ ...item, counterfactual: told.batch.counterfactual_of_item_0 }] });
    const of = await values(patching, setting);
    const cells = told.graph.layers * 11;
    expect(worst(of('difference'), [expected.clean, expected.corrupted])).toBeLessThan(EXACT);
    expect(worst(of('residual').slice(0, cells), expected.resid_pre)).toBeLessThan(EXACT);
    expect(worst(of('heads'), expected.heads)).toBeLessThan(EXACT);
    expect(worst(of('residual_estimate').slice(0, cells), expected.attribution_resid_pre)).toBeLessThan(EXACT);
    expect(worst(of('heads_estimate'), expected.attribution_heads)).toBeLessThan(EXACT);
    expect(of('counterfactual_target')[0]).toBe(expected.counterfactual_target);
  });

  test('ablation of heads by zero and by mean', async () => {
    const told = await read();
    const of = await values(ablation, settingFor(told));
    const parts = told.graph.heads + 1;
    const heads = of('loss_change').filter((_, i) => i % parts < told.graph.heads);
    const { loss_change_zero: zero, loss_change_mean: mean } = told.values.head_ablation;
    expect(worst(heads, [zero, mean])).toBeLessThan(EXACT);
  });
});

test('perceptron: integrated gradients of the first output, Jacobian of both', async () => {
  const { graph, theta, values } = await readPerceptron();
  const { x, t } = values.inputs;
  const items = x.map((numbers: number[], i: number) => ({ name: `row ${i}`, numbers, targets: t[i] }));
  const sizes = { pathSteps: 50, deletionOrders: 1, jacobianProbes: 16 };
  const setting = settingOf({ graph, theta, items, baseline: 'zero', sizes, target: { kind: 'logit', index: 0 } });
  const { outcome } = await runMetric(integratedGradients, setting);
  const expected = values.values;
  expect(worst(arrayOf(outcome, 'attribution').values, expected.ig_output_0_zero_baseline_gauss_50)).toBeLessThan(
    EXACT,
  );
  const { outcome: moved } = await runMetric(jacobian, setting);
  const norms = arrayOf(moved, 'by_position').values.filter((_, i) => i % 2 === 1);
  expect(worst(norms, expected.jacobian_frobenius)).toBeLessThan(EXACT);
});
