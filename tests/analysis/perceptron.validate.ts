/** A perceptron read by its roles, against PyTorch's values: loss, gradient, curvature, attribution. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import { encodeNpy } from '../../src/bundle/npy.ts';
import { planned } from '../../src/workloads/analysis/configured.ts';
import type { LoadedAnalysis } from '../../src/workloads/analysis/load.ts';
import { readAnalysisParams } from '../../src/workloads/analysis/params.ts';
import { analysisFolder, type ReferenceValues } from './reference.ts';
import { loadedFrom } from './roles.ts';
import { headline, runMetric, valuesOf } from './run-metric.ts';

const EXACT = 1e-10;
/** Of eigenvalues by Lanczos. */
const RITZ = 1e-8;

let loaded: LoadedAnalysis;
let told: ReferenceValues;
const params = readAnalysisParams({ baseline: 'zero' });

beforeAll(async () => {
  const folder = analysisFolder('mlp');
  const { inputs, values } = JSON.parse(await readFile(resolve(folder, 'values.json'), 'utf8'));
  const data = Float64Array.from(inputs.x.flatMap((x: number[], i: number) => [...x, ...inputs.t[i]]));
  const network = new Uint8Array(await readFile(resolve(folder, 'model.safetensors')));
  const rows = encodeNpy(data, [inputs.x.length, data.length / inputs.x.length]);
  loaded = await loadedFrom({ network: ['model.safetensors', network], rows: ['rows.npy', rows] });
  told = values;
});

async function outcomeOf(id: string, changes: Partial<typeof defaultSizes> = {}) {
  const { metric, setting } = planned(id, params, loaded, { ...defaultSizes, ...changes }, 7);
  return runMetric(metric, setting);
}

const apart = (seen: ArrayLike<number>, expected: ArrayLike<number>) => {
  expect(seen.length).toBe(expected.length);
  const size = Math.max(...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (value, i) => Math.abs(value - seen[i]))) / size;
};

test('loss, gradient and noise', async () => {
  const found = await outcomeOf('gradients');
  expect(Math.abs(headline(found, 'loss') / told.loss - 1)).toBeLessThan(EXACT);
  expect(apart(valuesOf(found, 'item_loss'), told.item_losses)).toBeLessThan(EXACT);
  const byTensor = loaded.graph.parameters.map(({ at, shape }) => {
    const own: number[] = told.gradient.slice(at, at + shape.reduce((product, n) => product * n, 1));
    return Math.hypot(...own);
  });
  expect(apart(valuesOf(found, 'norm'), byTensor)).toBeLessThan(EXACT);
  expect(Math.abs(headline(found, 'gradientNorm') / Math.hypot(...told.gradient) - 1)).toBeLessThan(EXACT);
  expect(Math.abs(headline(found, 'traceCovariance') / told.noise_trace - 1)).toBeLessThan(EXACT);
});

test('the ends of the Hessian, its trace, and the Gauss–Newton matrix', async () => {
  const sizes = { 'analysis.lanczosSteps': 100, 'analysis.eigenvalues': 5, 'analysis.traceProbes': 32 };
  const curved = await outcomeOf('hessian', sizes);
  expect(apart(valuesOf(curved, 'top'), told.hessian_top_5)).toBeLessThan(RITZ);
  expect(apart(valuesOf(curved, 'bottom'), told.hessian_bottom_5)).toBeLessThan(RITZ);
  const flat = await outcomeOf('ggn', sizes);
  expect(apart(valuesOf(flat, 'top'), told.ggn_top_5)).toBeLessThan(RITZ);
  for (const [found, key, trace] of [
    [curved, 'traceHessian', told.hessian_trace],
    [flat, 'traceGgn', told.ggn_trace],
  ] as const) {
    const { value, error } = found.headlines.find((line) => line.key === key)!;
    expect(Math.abs(value - trace), key).toBeLessThan(4 * error!.value);
    expect(error!.value, key).toBeLessThan(0.15 * trace);
  }
});

test('integrated gradients of the first output against the zero vector', async () => {
  const found = await outcomeOf('integrated-gradients', { 'analysis.pathSteps': 50 });
  expect(apart(valuesOf(found, 'attribution'), told.ig_output_0_zero_baseline_gauss_50.flat())).toBeLessThan(EXACT);
  expect(valuesOf(found, 'residual').every((residual) => Math.abs(residual) < EXACT)).toBe(true);
});
