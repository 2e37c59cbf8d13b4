/**
 * Statistics of analyses against references in f64 (PyTorch, NumPy). They lie outside of the project: LOCKSTEP_SHARED names the folder that holds
 * data/analysis; without it there is nothing to compare with.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gramMatrix } from '../../src/stats/classification/products.ts';
import { concentration } from '../../src/stats/gradients/concentration.ts';
import { cosines, groupConflict, groupProducts } from '../../src/stats/gradients/conflict.ts';
import { noiseScale, noiseScaleOfGram } from '../../src/stats/gradients/noise-scale.ts';
import {
  covarianceOfSums,
  effectiveRanksOfCovariance,
  effectiveRanksOfRows,
} from '../../src/stats/similarity/effective-rank.ts';
import { kernelHsic0, kernelHsic1 } from '../../src/stats/similarity/hsic-kernel.ts';
import { cka, hsic0, hsic1, pairSums } from '../../src/stats/similarity/hsic-sums.ts';
import { densityGrid, densityWidth, gaussianDensity } from '../../src/stats/spectrum/density.ts';
import { ritzValues } from '../../src/stats/spectrum/ritz.ts';
import { hutchinson } from '../../src/stats/spectrum/trace.ts';
import { tridiagonalEigen } from '../../src/stats/spectrum/tridiagonal.ts';
import { readDoubles } from '../activations/doubles.ts';

const SHARED = process.env.LOCKSTEP_SHARED;

const read = (path: string) => readFileSync(`${SHARED}/data/analysis/${path}`);
const json = (path: string) => JSON.parse(read(path).toString('utf8'));

/** A .npy file of float64, little-endian, row by row. */
function npy(path: string): Float64Array<ArrayBuffer> {
  const bytes = new Uint8Array(read(path));
  const view = new DataView(bytes.buffer);
  const start = 10 + view.getUint16(8, true);
  return Float64Array.from({ length: (bytes.length - start) / 8 }, (_, i) => view.getFloat64(start + 8 * i, true));
}

/** Largest difference, over the largest value told. */
function apart(seen: ArrayLike<number>, told: ArrayLike<number>): number {
  expect(seen.length).toBe(told.length);
  const size = Array.from(told).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return Array.from(seen).reduce((most, v, k) => Math.max(most, Math.abs(v - told[k]) / size), 0);
}

describe.skipIf(!SHARED).each(['gpt2', 'llama'])('statistics of %s', (model) => {
  const told = SHARED ? json(`${model}/values.json`) : {};

  it('Ritz values, weights and bounds of 24 steps', () => {
    const { alpha, beta, ritz, ritz_weights: weights, ritz_residuals: residuals } = told.lanczos;
    // The last β is not among the values: the largest residual tells it.
    const { last } = tridiagonalEigen(alpha, beta);
    const at = residuals.indexOf(Math.max(...residuals));
    const seen = ritzValues({ alpha, beta: [...beta, residuals[at] / Math.abs(last[at])] });
    expect(apart(seen.values, ritz)).toBeLessThan(1e-13);
    for (let j = 0; j < ritz.length; j++) expect(Math.abs(seen.weights[j] / weights[j] - 1)).toBeLessThan(1e-10);
    expect(apart(seen.bounds, residuals)).toBeLessThan(1e-13);
  });

  it('smoothed density of the whole spectrum, its width and its grid', () => {
    const values = npy(`${model}/hessian_eigenvalues.npy`);
    const { sigma, grid, exact } = told.density;
    expect(Math.abs(densityWidth([{ values }]) / sigma - 1)).toBeLessThan(1e-13);
    expect(apart(densityGrid([{ values }], sigma, grid.length), grid)).toBeLessThan(1e-13);
    const seen = gaussianDensity(values, grid, sigma);
    for (let at = 0; at < grid.length; at++) expect(Math.abs(seen[at] / exact[at] - 1)).toBeLessThan(1e-10);
  });

  it("Hutchinson's mean and error, of the Hessian and of sampled labels", () => {
    const { hutchinson_zHz: samples, hutchinson_mean: mean, hutchinson_error: error } = told.hessian;
    expect(apart(Object.values(hutchinson(samples)), [mean, error, samples.length])).toBeLessThan(1e-13);
    const { trace_monte_carlo_by_draw: draws, trace_monte_carlo: trace, trace_monte_carlo_error: spread } = told.fisher;
    expect(apart(Object.values(hutchinson(draws)), [trace, spread, draws.length])).toBeLessThan(1e-13);
  });

  it('cosines, noise scale with its error, and conflict of two groups from the Gram matrix', () => {
    const given = told.item_gradients;
    const n = given.norms.length;
    const gram = given.gram.flat();
    expect(apart(cosines(gram, n), given.cosine.flat())).toBeLessThan(1e-12);
    const noise = noiseScaleOfGram(gram, n);
    for (const [seen, value] of [
      [noise.traceCovariance, given.trace_covariance],
      [noise.squaredNorm, given.squared_norm_unbiased],
      [noise.plainSquaredNorm, given.squared_norm_plain],
      [noise.logError, given.jackknife_error_of_log_noise_scale],
      ...(noise.resolved
        ? [
            [noise.noiseScale, given.noise_scale],
            [noise.snr, given.snr_of_batch_gradient],
          ]
        : []),
    ])
      expect(Math.abs(seen / value - 1)).toBeLessThan(1e-10);
    const { dot, cosine, projectedNorms } = groupConflict(groupProducts(gram, [0, 0, 0, 1, 1, 1], 2), 0, 1);
    expect(Math.abs(dot / given.A_dot_B - 1)).toBeLessThan(1e-10);
    expect(Math.abs(cosine / given.A_cos_B - 1)).toBeLessThan(1e-10);
    expect(apart(projectedNorms, [given.pcgrad_A_norm, given.pcgrad_B_norm])).toBeLessThan(1e-12);
  });

  it('entropy and Gini coefficient of the norms of tensors, from pairs', () => {
    const norms = Object.values(told.gradient.norm_by_tensor) as number[];
    const whole = norms.reduce((sum, v) => sum + v, 0);
    const { entropy, gini, lastOverFirst } = concentration(norms);
    let pairs = 0;
    for (const a of norms) for (const b of norms) pairs += Math.abs(a - b);
    expect(Math.abs(gini / (pairs / (2 * norms.length * whole)) - 1)).toBeLessThan(1e-12);
    expect(Math.abs(entropy + norms.reduce((sum, v) => sum + (v / whole) * Math.log(v / whole), 0))).toBeLessThan(
      1e-12,
    );
    expect(lastOverFirst).toBe(norms[norms.length - 1] / norms[0]);
  });

  it('CKA is the ratio of the HSIC values told', () => {
    const { hsic0_token: biased, hsic1_token: debiased, biased_token: byBiased, unbiased_token: byDebiased } = told.cka;
    for (const [hsic, values] of [
      [biased, byBiased],
      [debiased, byDebiased],
    ]) {
      const seen = hsic.flatMap((row: number[], i: number) =>
        row.map((xy, j) => cka({ xy, xx: hsic[i][i], yy: hsic[j][j] })),
      );
      expect(apart(seen, values.flat())).toBeLessThan(1e-12);
    }
  });

  it('HSIC and effective ranks of the embeddings, from sums, kernels and covariance', () => {
    const { ids, lengths } = json(`${model}/batch.json`);
    const array = readDoubles(`${SHARED}/data/analysis/${model}/model.safetensors`);
    const d = 16;
    const tokens = array(model === 'gpt2' ? 'transformer.wte.weight' : 'model.embed_tokens.weight');
    const positions = model === 'gpt2' ? array('transformer.wpe.weight') : new Float64Array(12 * d);
    const x = Float64Array.from(
      lengths.flatMap((length: number, item: number) =>
        Array.from({ length: length * d }, (_, at) => {
          const [t, k] = [Math.floor(at / d), at % d];
          return tokens[ids[item][t] * d + k] + positions[t * d + k];
        }),
      ),
    );
    const n = x.length / d;
    expect(n).toBe(told.cka.rows_token);
    const [sums, gram] = [pairSums(x, x, n), gramMatrix(x, n)];
    const [biased, debiased] = [told.cka.hsic0_token[0][0], told.cka.hsic1_token[0][0]];
    for (const seen of [hsic0(sums), kernelHsic0(gram, gram, n)])
      expect(Math.abs(seen / biased - 1)).toBeLessThan(1e-10);
    for (const seen of [hsic1(sums), kernelHsic1(gram, gram, n)])
      expect(Math.abs(seen / debiased - 1)).toBeLessThan(1e-10);
    const ranks = told.effective_rank.token_rows[0];
    for (const seen of [
      effectiveRanksOfRows(x, n),
      effectiveRanksOfCovariance(covarianceOfSums(sums.c, sums.sx, n), { n, d }),
    ]) {
      expect(Math.abs(seen.participationRatio / ranks.participation_ratio - 1)).toBeLessThan(1e-10);
      expect(Math.abs(seen.entropyOfSingularValues / ranks.erank_roy_vetterli - 1)).toBeLessThan(1e-10);
      expect(Math.abs(seen.entropyOfVariances / ranks.erank_of_variance - 1)).toBeLessThan(1e-10);
      expect(Math.abs(seen.stableRank / ranks.stable_rank - 1)).toBeLessThan(1e-10);
      expect(Math.abs(seen.squaredSumOverSum / ranks.tensorscope_sum_sq_over_sq_sum - 1)).toBeLessThan(1e-10);
    }
  });
});

it.skipIf(!SHARED)("the perceptron's noise from the mean of squared norms and the gradient of the batch", () => {
  const { values, meta } = json('mlp/values.json');
  const n = meta.rows;
  const squaredSum = n * n * values.gradient.reduce((sum: number, v: number) => sum + v * v, 0);
  const squaredNorms = new Float64Array(n).fill(values.empirical_fisher_trace);
  const { traceCovariance, squaredNorm } = noiseScale({ squaredNorms, squaredSum });
  expect(Math.abs(traceCovariance / values.noise_trace - 1)).toBeLessThan(1e-10);
  expect(Math.abs(squaredNorm / values.squared_norm_unbiased - 1)).toBeLessThan(1e-10);
});
