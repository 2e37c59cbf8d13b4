/** Gradients, curvature, landscapes and representations in f64 against values of PyTorch: metric by metric. */
import { describe, expect, test } from 'vitest';
import { dot } from '../../src/nn/graph/machine.ts';
import { twinMachines } from '../../src/nn/graph/twin/machine.ts';
import { slqDensity } from '../../src/stats/spectrum/density.ts';
import { ritzValues } from '../../src/stats/spectrum/ritz.ts';
import { addRows, fisherRows } from '../../src/workloads/analysis/metrics/common/fisher-rows.ts';
import { landscapePoints, placePoint } from '../../src/workloads/analysis/metrics/common/landscape-points.ts';
import { LossRows } from '../../src/workloads/analysis/metrics/common/loss-rows.ts';
import { layPlane } from '../../src/workloads/analysis/metrics/common/plane.ts';
import { lossSums, product } from '../../src/workloads/analysis/metrics/common/products.ts';
import { probeRun, ritzOf } from '../../src/workloads/analysis/metrics/common/spectrum.ts';
import { Tally } from '../../src/workloads/analysis/metrics/common/tally.ts';
import { conflict } from '../../src/workloads/analysis/metrics/conflict.ts';
import { fisher } from '../../src/workloads/analysis/metrics/fisher.ts';
import { fisherEigenvalues } from '../../src/workloads/analysis/metrics/fisher-eigenvalues.ts';
import { ggn } from '../../src/workloads/analysis/metrics/ggn.ts';
import { gradients } from '../../src/workloads/analysis/metrics/gradients.ts';
import { hessian } from '../../src/workloads/analysis/metrics/hessian.ts';
import { hessianBlocks } from '../../src/workloads/analysis/metrics/hessian-blocks.ts';
import { lanczos } from '../../src/workloads/analysis/metrics/lanczos.ts';
import { exactShape, landscape } from '../../src/workloads/analysis/metrics/landscape.ts';
import type { AnalysedItem, MetricSetting } from '../../src/workloads/analysis/metrics/metric.ts';
import { representations } from '../../src/workloads/analysis/metrics/representations.ts';
import { sharpness } from '../../src/workloads/analysis/metrics/sharpness.ts';
import { readDecoder, readPerceptron } from './reference.ts';
import { finish, headline, runMetric, SIZES, settingOf, valuesOf } from './run-metric.ts';

const EXACT = 1e-10;
/** Of eigenvalues by Lanczos. */
const RITZ = 1e-8;

/** Relative to the largest of what is expected. */
function worst(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [most, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs(actual[i] - expected[i]));
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return most / scale;
}

const near = (actual: number, expected: number, tolerance = EXACT) =>
  expect(Math.abs(actual / expected - 1)).toBeLessThan(tolerance);

async function decoder(name: 'gpt2' | 'llama', changes: Partial<MetricSetting> = {}) {
  const { graph, theta, ids, values, npy, batch } = await readDecoder(name);
  const items = ids.map(
    (own, i): AnalysedItem => ({ name: `item ${i}`, ids: own, group: i < 3 ? 'copies' : 'Markov' }),
  );
  return { setting: settingOf(graph, theta, items, changes), values, npy, batch };
}

describe.each(['gpt2', 'llama'] as const)('%s', (name) => {
  test('gradient by tensor, noise scale and its error, TensorScope’s ratio', async () => {
    const { setting, values } = await decoder(name);
    const found = await runMetric(gradients, setting);
    const told = values.item_gradients;
    near(headline(found, 'loss'), values.loss.L_token_mean);
    near(headline(found, 'gradientNorm'), values.gradient.norm);
    expect(worst(valuesOf(found, 'norm'), Object.values(values.gradient.norm_by_tensor))).toBeLessThan(EXACT);
    expect(worst(valuesOf(found, 'item_norm'), told.norms)).toBeLessThan(EXACT);
    expect(worst(valuesOf(found, 'item_loss'), values.loss.item_mean)).toBeLessThan(EXACT);
    near(headline(found, 'traceCovariance'), told.trace_covariance);
    near(headline(found, 'signal'), told.squared_norm_unbiased);
    near(headline(found, 'noiseScale'), told.noise_scale);
    near(headline(found, 'snr'), told.snr_of_batch_gradient);
    const { error } = found.headlines.find(({ key }) => key === 'noiseScale')!;
    near(error!.value / told.noise_scale, told.jackknife_error_of_log_noise_scale);
    // A spread from sums of squares: parameters that never vary carry its rounding.
    expect(worst(valuesOf(found, 'snr_tensorscope'), Object.values(told.tensorscope_snr_by_tensor))).toBeLessThan(1e-8);
  });

  test('conflict of items and groups', async () => {
    const { setting, values } = await decoder(name);
    const found = await runMetric(conflict, setting);
    const told = values.item_gradients;
    expect(worst(valuesOf(found, 'gram'), told.gram.flat())).toBeLessThan(EXACT);
    expect(worst(valuesOf(found, 'cosine'), told.cosine.flat())).toBeLessThan(EXACT);
    near(headline(found, 'groupCosine'), told.A_cos_B);
    near(headline(found, 'pcgradA'), told.pcgrad_A_norm);
    near(headline(found, 'pcgradB'), told.pcgrad_B_norm);
  });

  test('empirical and true Fisher information', async () => {
    const { setting, values, npy } = await decoder(name, { rows: 6, sizes: { ...SIZES, fisherDraws: 16 } });
    const found = await runMetric(fisher, setting);
    const told = values.fisher;
    near(headline(found, 'trace_token'), told.trace_empirical_token);
    near(headline(found, 'trace_item'), told.trace_empirical_item);
    near(headline(found, 'trace_true'), told.trace_true);
    for (const kind of ['token', 'item', 'true'] as const) {
      const expected = Object.values<number>(told[`trace_by_tensor_${kind === 'true' ? kind : `empirical_${kind}`}`]);
      expect(worst(valuesOf(found, `trace_${kind}_by_tensor`), expected)).toBeLessThan(EXACT);
    }
    expect(worst(valuesOf(found, 'diagonal_true'), await npy('fisher_diagonal_true.npy'))).toBeLessThan(EXACT);
    expect(worst(valuesOf(found, 'diagonal_token'), await npy('fisher_diagonal_empirical_token.npy'))).toBeLessThan(
      EXACT,
    );
    near(found.beside[0].theirs, told.squared_batch_gradient);
    const { error } = found.headlines.find(({ key }) => key === 'trace_item')!;
    near(error!.value, told.jackknife_error_trace_empirical_item);
  });

  test('true Fisher information from labels drawn beforehand', async () => {
    const { setting, values } = await decoder(name);
    const told = values.fisher;
    const rows = new LossRows(setting.graph, setting.items);
    const machine = await twinMachines.open({ ...fisher.machine(setting), rows: 12 }, setting.theta);
    await machine.write('ones', new Float64Array(setting.graph.size).fill(1));
    let at = 0;
    const traces = told.trace_monte_carlo_by_draw.map(() => 0);
    for (let item = 0; item < rows.count; item++) {
      for (const [draw, labels] of told.sampled_labels.entries()) {
        const own = fisherRows(rows, 'sampled', item, labels.slice(at, at + rows.terms[item]));
        await machine.combine('square', []);
        await addRows(machine, rows, 'sampled', own, 'square', true);
        traces[draw] += (await dot(machine, 'square', 'ones')) / rows.total;
      }
      at += rows.terms[item];
    }
    expect(worst(traces, told.trace_monte_carlo_by_draw)).toBeLessThan(EXACT);
  });

  test('eigenvalues of the empirical Fisher information, by inner products and by Lanczos', async () => {
    const { setting, values } = await decoder(name, {
      rows: 49,
      sizes: { ...SIZES, eigenvalues: 5, lanczosSteps: 20 },
    });
    const found = await runMetric(fisherEigenvalues, setting);
    const token = values.fisher.eigenvalues_empirical_token.slice(0, 5);
    expect(worst(valuesOf(found, 'top_token'), token)).toBeLessThan(EXACT);
    expect(worst(valuesOf(found, 'top_item'), values.fisher.eigenvalues_empirical_item.slice(0, 5))).toBeLessThan(
      EXACT,
    );
    const machine = await twinMachines.open(
      { ...ggn.machine({ ...setting, sizes: { ...SIZES, lanczosSteps: 60 } }), rows: 6 },
      setting.theta,
    );
    const rows = new LossRows(setting.graph, setting.items);
    const { kept } = await finish(
      probeRun({ machine, rows, chunk: 6, tally: new Tally() }, 'empirical-fisher', setting, 0, 60),
    );
    expect(kept.alpha.length).toBeLessThan(60);
    expect(worst(ritzOf(kept).values.subarray(0, 5), token)).toBeLessThan(RITZ);
  });

  test('24 steps of Lanczos from a given vector', async () => {
    const { setting, values, npy } = await decoder(name, { sizes: { ...SIZES, lanczosSteps: 24 } });
    const machine = await twinMachines.open({ ...hessian.machine(setting), rows: 6 }, setting.theta);
    const pass = { machine, rows: new LossRows(setting.graph, setting.items), chunk: 6, tally: new Tally() };
    const vector = await npy('vector.npy');
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    await machine.write(
      'q.0',
      vector.map((value) => value / length),
    );
    const run = await finish(lanczos(machine, (from, into) => product(pass, 'hessian', from, into), 24));
    const { alpha, beta, ritz, ritz_weights, ritz_residuals } = values.lanczos;
    expect(worst(run.alpha, alpha)).toBeLessThan(RITZ);
    expect(worst(run.beta.slice(0, beta.length), beta)).toBeLessThan(RITZ);
    const found = ritzValues(run);
    expect(worst(found.values, ritz)).toBeLessThan(RITZ);
    expect(worst(found.weights, ritz_weights)).toBeLessThan(RITZ);
    expect(worst(found.bounds, ritz_residuals)).toBeLessThan(RITZ);
  });

  test('trace and density from given vectors of signs', async () => {
    const { setting, values, npy } = await decoder(name, { sizes: { ...SIZES, lanczosSteps: 24 } });
    const machine = await twinMachines.open({ ...hessian.machine(setting), rows: 6 }, setting.theta);
    const pass = { machine, rows: new LossRows(setting.graph, setting.items), chunk: 6, tally: new Tally() };
    const bytes = await npy('probes_bits.npy');
    const { size } = setting.graph;
    const runs = [];
    for (let probe = 0; probe < 8; probe++) {
      const at = (probe * bytes.length) / 8;
      const signs = Float32Array.from({ length: size }, (_, i) =>
        (bytes[at + (i >> 3)] >> (7 - (i & 7))) & 1 ? 1 : -1,
      );
      runs.push((await finish(probeRun(pass, 'hessian', setting, probe, 24, signs))).kept);
    }
    const samples = runs.map(({ trace }) => trace.reduce((sum, part) => sum + part, 0));
    expect(worst(samples, values.hessian.hutchinson_zHz)).toBeLessThan(EXACT);
    const { sigma, grid, slq_mean, slq_sd } = values.density;
    const density = slqDensity(runs.map(ritzOf), grid, sigma);
    expect(worst(density.mean, slq_mean)).toBeLessThan(RITZ);
    expect(worst(density.sd, slq_sd)).toBeLessThan(RITZ);
  });

  test('sharpness', async () => {
    const { setting, values } = await decoder(name, { rho: 0.05 });
    const found = await runMetric(sharpness, setting);
    expect(values.sharpness.rho).toBe(setting.rho);
    near(headline(found, 'sharpness'), values.sharpness.sam, 1e-9);
  });

  test('landscape along given directions', async () => {
    const { setting, values, npy } = await decoder(name, { rows: 6, sizes: { ...SIZES, landscapeGrid: 5 } });
    const raw = await npy('landscape_raw.npy');
    const { size } = setting.graph;
    const told = values.landscape;
    const machine = await twinMachines.open(landscape.machine(setting), setting.theta);
    const pass = { machine, rows: new LossRows(setting.graph, setting.items), chunk: 6, tally: new Tally() };
    await finish(layPlane(pass, setting, [raw.subarray(0, size), raw.subarray(size)]));
    expect(Math.sqrt(await dot(machine, 'direction.0', 'direction.0')) / told.norm_1).toBeCloseTo(1, 12);
    const norms = (await machine.dots('direction.0', 'direction.0')).map(Math.sqrt);
    expect(worst(norms, Object.values(told.norm_1_by_tensor))).toBeLessThan(EXACT);
    const grid = landscapePoints(setting, 'f64').slice(0, 25);
    const [losses, items]: number[][] = [[], []];
    for (const point of grid) {
      await placePoint(machine, setting, point);
      const sums = await finish(lossSums(pass, 'point'));
      losses.push(pass.rows.mean(sums));
      items.push(...pass.rows.itemMeans(sums));
    }
    expect(worst(losses, told.loss_token_mean.flat())).toBeLessThan(EXACT);
    expect(worst(items, told.item_losses.flat(2))).toBeLessThan(EXACT);
    expect(losses[12]).toBe(headline(await runMetric(landscape, { ...setting, sizes: SIZES }), 'centre'));
    const { slopes, curvatures } = await finish(exactShape(pass, { ...setting, origin: false }));
    near(slopes[0], told.slope_along_1);
    near(curvatures[0], told.curvature_along_1);
  });

  test('CKA of tokens and pooled items, effective ranks', async () => {
    const { setting, values } = await decoder(name);
    const found = await runMetric(representations, setting);
    const told = values.cka;
    expect(worst(valuesOf(found, 'cka'), told.unbiased_token.flat())).toBeLessThan(EXACT);
    expect(worst(valuesOf(found, 'hsic'), told.hsic1_token.flat())).toBeLessThan(EXACT);
    expect(worst(valuesOf(found, 'cka_biased'), told.biased_token.flat())).toBeLessThan(EXACT);
    expect(worst(valuesOf(found, 'cka_pooled'), told.unbiased_pooled.flat())).toBeLessThan(EXACT);
    const ranks = values.effective_rank.token_rows;
    const of = (key: string) => ranks.map((own: Record<string, number>) => own[key]);
    expect(worst(valuesOf(found, 'participation_ratio'), of('participation_ratio'))).toBeLessThan(EXACT);
    expect(worst(valuesOf(found, 'rank_of_variances'), of('erank_of_variance'))).toBeLessThan(EXACT);
    // From a covariance, whose small directions carry the rounding of the large ones.
    expect(worst(valuesOf(found, 'rank_of_singular_values'), of('erank_roy_vetterli'))).toBeLessThan(1e-7);
    expect(worst(valuesOf(found, 'stable_rank'), of('stable_rank'))).toBeLessThan(EXACT);
  });

  test('largest eigenvalue of every tensor’s own block', async () => {
    const { setting, values } = await decoder(name, { rows: 6, sizes: { ...SIZES, lanczosSteps: 30 } });
    const found = await runMetric(hessianBlocks, setting);
    expect(worst(valuesOf(found, 'top'), Object.values(values.hessian.top_by_tensor_block))).toBeLessThan(RITZ);
  });

  test('eigenvalues of the Hessian at both ends', async () => {
    const { setting, values } = await decoder(name, {
      rows: 6,
      sizes: { ...SIZES, eigenvalues: 5, lanczosSteps: 60, blockSteps: 60, traceProbes: 1 },
    });
    const found = await runMetric(hessian, setting);
    expect(worst(valuesOf(found, 'top'), values.hessian.top_5)).toBeLessThan(RITZ);
    expect(worst(valuesOf(found, 'bottom'), values.hessian.bottom_5)).toBeLessThan(RITZ);
    expect(headline(found, 'differenceError')).toBeLessThan(1e-6);
  });

  test('eigenvalues of the Gauss-Newton matrix', async () => {
    const { setting, values } = await decoder(name, {
      rows: 6,
      sizes: { ...SIZES, eigenvalues: 5, lanczosSteps: 60, blockSteps: 60, traceProbes: 1 },
    });
    const found = await runMetric(ggn, setting);
    expect(worst(valuesOf(found, 'top'), values.hessian.ggn_top_5)).toBeLessThan(RITZ);
    near(found.beside[0].theirs, values.fisher.squared_batch_gradient);
  });
});

test('perceptron', async () => {
  const { graph, theta, values } = await readPerceptron();
  const items = values.inputs.x.map((numbers: number[], i: number) => ({
    name: `${i}`,
    numbers,
    targets: values.inputs.t[i],
  }));
  const setting = settingOf(graph, theta, items, {
    sizes: { ...SIZES, eigenvalues: 5, lanczosSteps: 100, blockSteps: 100, traceProbes: 2 },
  });
  const told = values.values;
  const found = await runMetric(gradients, setting);
  near(headline(found, 'loss'), told.loss);
  near(headline(found, 'traceCovariance'), told.noise_trace);
  near(headline(found, 'signal'), told.squared_norm_unbiased);
  const curved = await runMetric(hessian, setting);
  expect(worst(valuesOf(curved, 'top'), told.hessian_top_5)).toBeLessThan(RITZ);
  expect(worst(valuesOf(curved, 'bottom'), told.hessian_bottom_5)).toBeLessThan(RITZ);
  expect(worst(valuesOf(await runMetric(ggn, setting), 'top'), told.ggn_top_5)).toBeLessThan(RITZ);
});
