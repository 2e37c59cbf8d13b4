/**
 * Statistics of analyses against references in f64 (PyTorch, NumPy). They lie outside of the project: LOCKSTEP_SHARED names the folder that holds
 * data/analysis; without it there is nothing to compare with.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  detectionSums,
  duplicateTokenScore,
  inductionScore,
  tensorScopeInduction,
  tensorScopeInductionSums,
} from '../../src/stats/attention/induction.ts';
import { headMean } from '../../src/stats/attention/pattern.ts';
import { addPatternSums, NO_PATTERN, patternMeans, patternSums } from '../../src/stats/attention/pattern-statistics.ts';
import { rollout, tensorScopeRollout } from '../../src/stats/attention/rollout.ts';
import { completeness } from '../../src/stats/attribution/completeness.ts';
import { gramMatrix } from '../../src/stats/classification/products.ts';
import { concentration } from '../../src/stats/gradients/concentration.ts';
import { cosines, groupConflict, groupProducts } from '../../src/stats/gradients/conflict.ts';
import { noiseScale, noiseScaleOfGram } from '../../src/stats/gradients/noise-scale.ts';
import { lossDifference } from '../../src/stats/landscape/line.ts';
import { readLens } from '../../src/stats/logit-lens/lens.ts';
import { meanWithError } from '../../src/stats/paired.ts';
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
import { FirstBlock } from './first-block.ts';

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

  it('means and errors: zᵀHz, traces of sampled labels, traces by item', () => {
    const { hutchinson_zHz: samples, hutchinson_mean: mean, hutchinson_error: error } = told.hessian;
    expect(apart(Object.values(hutchinson(samples)), [mean, error, samples.length])).toBeLessThan(1e-13);
    const { trace_monte_carlo_by_draw: draws, trace_monte_carlo: trace, trace_monte_carlo_error: spread } = told.fisher;
    expect(apart(Object.values(hutchinson(draws)), [trace, spread, draws.length])).toBeLessThan(1e-13);
    // The trace by item is a mean of squared norms: its jackknife error is the standard error.
    const { mean: byItem, error: ofItems } = meanWithError(
      told.item_gradients.norms.map((norm: number) => norm * norm),
    );
    const fisher = [told.fisher.trace_empirical_item, told.fisher.jackknife_error_trace_empirical_item];
    expect(apart([byItem, ofItems], fisher)).toBeLessThan(1e-12);
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

describe.skipIf(!SHARED).each(['gpt2', 'llama'])('maps of %s', (model) => {
  const told = SHARED ? json(`${model}/values.json`) : {};
  const batch = SHARED ? json(`${model}/batch.json`) : {};

  it('rollout of item 0, ours and theirs', () => {
    const patterns = npy(`${model}/attention_item_0.npy`);
    const width = batch.ids[0].length;
    const layer = patterns.length / told.attention.entropy_nats.length;
    const layers = told.attention.entropy_nats.map((_: unknown, l: number) =>
      headMean(patterns.subarray(l * layer, (l + 1) * layer), width),
    );
    expect(apart(rollout(layers, width), told.attention.rollout_item_0.flat())).toBeLessThan(1e-13);
    const theirs = told.attention.tensorscope_double_softmax_rollout_item_0.flat();
    expect(apart(tensorScopeRollout(layers, width), theirs)).toBeLessThan(1e-13);
  });

  it('completeness of integrated gradients, and layer by layer', () => {
    const given = told.integrated_gradients_pad;
    given.gauss_50.forEach((tokens: number[], item: number) => {
      const { residual } = completeness(tokens, given.f_input[item], given.f_baseline[item]);
      expect(Math.abs(residual - given.gauss_50_residual[item])).toBeLessThan(1e-11);
      told.layer_attribution.layer_ig_gauss_50[item].forEach((row: number[], l: number) => {
        const found = completeness(row, given.f_input[item], given.f_baseline[item]);
        expect(Math.abs(found.residual - told.layer_attribution.layer_ig_residual[item][l])).toBeLessThan(1e-11);
      });
    });
  });

  it('a point of the landscape less its centre, from losses of items', () => {
    const { item_losses: items, loss_token_mean: losses } = told.landscape;
    const centre = items[2][2];
    const { difference, error } = lossDifference(items[0][4], centre, told.loss.valid_per_item);
    expect(Math.abs(difference / (losses[0][4] - losses[2][2]) - 1)).toBeLessThan(1e-10);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(difference);
  });
});

describe.skipIf(!SHARED)('the first block of gpt2', () => {
  const told = SHARED ? json('gpt2/values.json') : {};
  const batch = SHARED ? json('gpt2/batch.json') : {};
  const block = new FirstBlock(
    SHARED ? readDoubles(`${SHARED}/data/analysis/gpt2/model.safetensors`) : () => new Float64Array(),
  );
  const heads = [0, 1, 2, 3];

  it('patterns in numbers: entropy, distance, the token before', () => {
    const items = batch.ids.map((ids: number[], i: number) => block.patterns(ids.slice(0, batch.lengths[i])));
    for (const head of heads) {
      const sums = items.map((patterns: Float64Array[], i: number) =>
        patternSums(patterns[head], batch.lengths[i], batch.lengths[i]),
      );
      const means = patternMeans(sums.reduce(addPatternSums, NO_PATTERN));
      for (const [seen, values] of [
        [means.entropy, told.attention.entropy_nats],
        [means.entropyOverChoices, told.attention.entropy_over_log_choices],
        [means.distance, told.attention.mean_distance],
        [means.previousToken, told.attention.previous_token],
      ])
        expect(Math.abs(seen / values[0][head] - 1)).toBeLessThan(1e-10);
    }
  });

  it('copying heads: induction, duplicate token, both detectors', () => {
    const texts = batch.induction_ids as number[][];
    const width = texts[0].length;
    const patterns = texts.map((ids) => block.patterns(ids));
    for (const head of heads) {
      const mean = (score: (pattern: Float64Array, ids: number[]) => number) =>
        texts.reduce((sum, ids, i) => sum + score(patterns[i][head], ids) / texts.length, 0);
      const both = texts.map((ids, i) => tensorScopeInductionSums(patterns[i][head], width, ids));
      const theirs = both.reduce((a, b) => ({ copied: a.copied + b.copied, matched: a.matched + b.matched }));
      for (const [seen, values] of [
        [mean((of) => inductionScore(of, width, batch.induction_period)), told.attention.induction_score],
        [mean((of) => duplicateTokenScore(of, width, batch.induction_period)), told.attention.duplicate_token_score],
        [
          mean((of, ids) => {
            const { matched, all } = detectionSums(of, width, ids, 'induction');
            return matched / all;
          }),
          told.attention.transformerlens_induction_mul,
        ],
        [tensorScopeInduction(theirs), told.attention.tensorscope_induction_off_by_one],
      ])
        expect(Math.abs(seen / values[0][head] - 1)).toBeLessThan(1e-10);
    }
  });

  it('logit lens on the embeddings', () => {
    let [sum, count] = [0, 0];
    batch.ids.forEach((ids: number[], i: number) => {
      block.lensLogits(ids.slice(0, batch.lengths[i] - 1)).forEach((logits, t) => {
        const { rank, logProbability, entropy } = readLens(logits, ids[t + 1]);
        expect(rank).toBe(told.logit_lens.rank_of_next[0][i][t]);
        expect(Math.abs(logProbability / told.logit_lens.logprob_of_next[0][i][t] - 1)).toBeLessThan(1e-10);
        sum += entropy;
        count++;
      });
    });
    expect(Math.abs(sum / count / told.logit_lens.entropy[0] - 1)).toBeLessThan(1e-10);
  });
});
