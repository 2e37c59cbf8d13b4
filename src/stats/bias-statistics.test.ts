import { expect, test } from 'vitest';
import { correctedBias, type LikelihoodPoint } from './corrected-bias.ts';
import { coverageOfDraws, coverageOfPulls } from './coverage.ts';
import { combineLikelihoods, likelihoodOf } from './likelihood.ts';
import { normalQuantile } from './normal.ts';
import { pairedResponse, ringMean } from './paired.ts';
import { fitBias } from './regression.ts';
import { threefry2x32, uniform01 } from './threefry.ts';

/** Independent unit normals by (stream, index). */
const normal = (stream: number, i: number): number => normalQuantile(uniform01(threefry2x32([7, stream], [i, 0])[0]));
const prior = { mean: [0.02, -0.01], sigma: [0.05, 0.05] };

/** Galaxy i: noisy estimate of its true shear under a correlated error of S/N `snr`, and its exact posterior under the prior. */
function galaxy(i: number, truth: readonly [number, number], snr: number, m = 0, c = 0) {
  // A width as of a galaxy barely larger than its PSF (shear/realizations.ts).
  const sigma = 2.06 / snr;
  const rho = 0.3;
  const [a, b] = [normal(1, i), normal(2, i)];
  const seen = [
    (1 + m) * truth[0] + c + sigma * a,
    (1 + m) * truth[1] + c + sigma * (rho * a + Math.sqrt(1 - rho ** 2) * b),
  ];
  const factor = 1 / (sigma ** 2 * (1 - rho ** 2));
  const data = [factor, -rho * factor, -rho * factor, factor];
  const weight = prior.sigma[0] ** -2;
  const precision = [data[0] + weight, data[1], data[2], data[3] + weight];
  const determinant = precision[0] * precision[3] - precision[1] * precision[2];
  const covariance = [
    precision[3] / determinant,
    -precision[1] / determinant,
    -precision[2] / determinant,
    precision[0] / determinant,
  ];
  const right = [0, 1].map((k) => data[2 * k] * seen[0] + data[2 * k + 1] * seen[1] + weight * prior.mean[k]);
  const mean = [0, 1].map((k) => covariance[2 * k] * right[0] + covariance[2 * k + 1] * right[1]);
  return { truth, seen, data, mean, covariance };
}

const pointOf = (i: number, item: ReturnType<typeof galaxy>, group = i): LikelihoodPoint => ({
  ...likelihoodOf(item, prior),
  truth: item.truth,
  group,
});

test('the likelihood of a Gaussian posterior is the data’s alone', () => {
  const item = galaxy(3, [0.04, 0.01], 40);
  const { precision, shift } = likelihoodOf(item, prior);
  item.data.forEach((value, k) => {
    expect(precision[k]).toBeCloseTo(value, 6);
  });
  const mean = combineLikelihoods([{ precision, shift }])!.mean;
  item.seen.forEach((value, k) => {
    expect(mean[k]).toBeCloseTo(value, 10);
  });
});

test('the prior shrinks posterior means (m = −0.15 at S/N 100, −0.51 at S/N 40) and not combined likelihoods', () => {
  for (const [snr, shrinkage] of [
    [100, -0.15],
    [40, -0.51],
  ]) {
    const items = Array.from({ length: 4000 }, (_, i) =>
      galaxy(i, [0.05 * normal(3, i) + 0.02, 0.05 * normal(4, i) - 0.01], snr),
    );
    const sd = items.map(({ covariance }) => Math.sqrt(covariance[0]));
    const naive = fitBias(
      items.map(({ truth }) => truth[0]),
      items.map(({ mean }) => mean[0]),
      sd,
    );
    // Correlated errors move the marginal shrinkage a little from σ²/(σ² + 0.05²).
    expect(naive.m).toBeCloseTo(shrinkage, 1);
    expect(Math.abs(naive.m)).toBeGreaterThan(5 * naive.mErr);
    for (const { m, mErr, c, cErr } of correctedBias(items.map((item, i) => pointOf(i, item)))!) {
      expect(Math.abs(m)).toBeLessThan(3 * mErr);
      expect(Math.abs(c)).toBeLessThan(3 * cErr);
    }
  }
});

test('a bias put in comes out within its errors, jackknife and formal errors agree within 10 %', () => {
  const items = Array.from({ length: 3000 }, (_, i) =>
    galaxy(i, [0.05 * normal(3, i), 0.05 * normal(4, i)], 50, 0.2, 0.01),
  );
  const fits = correctedBias(items.map((item, i) => pointOf(i, item)))!;
  expect(fits).toHaveLength(2);
  for (const { m, mErr, c, cErr, jackknife } of fits) {
    expect(Math.abs(m - 0.2)).toBeLessThan(3 * mErr);
    expect(Math.abs(c - 0.01)).toBeLessThan(3 * cErr);
    expect(Math.abs(jackknife.mErr / mErr - 1)).toBeLessThan(0.1);
    expect(Math.abs(jackknife.cErr / cErr - 1)).toBeLessThan(0.1);
  }
});

test('the joint fit equals the regression of combined estimates on the truth, and one true value leaves an offset only', () => {
  const grid = [-0.05, 0.02, 0.05].map((g) =>
    Array.from({ length: 20 }, (_, i) => galaxy(1000 * g + i, [g, 0], 60, 0.1)),
  );
  const [g1, g2] = correctedBias(grid.flat().map((item, i) => pointOf(i, item)))!;
  // One component at a time: a regression on the first only knows its own weights, so the second is made independent.
  const single = (item: ReturnType<typeof galaxy>) => ({
    mean: [item.mean[0]],
    covariance: [item.covariance[0]],
  });
  const one = { mean: [0.02], sigma: [0.05] };
  const likelihoods = grid.map((items) => items.map((item) => likelihoodOf(single(item), one)));
  const combined = likelihoods.map((each) => combineLikelihoods(each)!);
  const regression = fitBias(
    grid.map(([item]) => item.truth[0]),
    combined.map(({ mean }) => mean[0]),
    combined.map(({ covariance }) => Math.sqrt(covariance[0])),
  );
  const [alone] = correctedBias(
    likelihoods.flatMap((each, k) =>
      each.map((likelihood, i) => ({ ...likelihood, truth: [grid[k][0].truth[0]], group: 100 * k + i })),
    ),
  )!;
  expect(alone.m).toBeCloseTo(regression.m, 10);
  expect(alone.mErr).toBeCloseTo(regression.mErr, 10);
  expect(alone.c).toBeCloseTo(regression.c, 10);
  expect(alone.cErr).toBeCloseTo(regression.cErr, 10);
  expect(Math.abs(g1.m - 0.1)).toBeLessThan(3 * g1.mErr);
  expect(g2.m).toBeNaN();
  expect(Math.abs(g2.c)).toBeLessThan(3 * g2.cErr);
});

test('a covariance from few draws keeps its bias unless the number of draws is told', () => {
  const draws = 12;
  const likelihoods = (effectiveSize?: number) =>
    Array.from({ length: 20_000 }, (_, i) => {
      const values = Array.from({ length: draws }, (_, k) => 0.02 * normal(10 + k, i));
      const mean = values.reduce((a, b) => a + b) / draws;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (draws - 1);
      return likelihoodOf({ mean: [mean], covariance: [variance], effectiveSize }, { mean: [0], sigma: [1] });
    });
  const mean = (list: ReturnType<typeof likelihoods>) =>
    list.reduce((sum, each) => sum + each.precision[0], 0) / list.length;
  expect((mean(likelihoods(draws)) + 1) * 0.02 ** 2).toBeCloseTo(1, 1);
  expect((mean(likelihoods()) + 1) * 0.02 ** 2).toBeCloseTo((draws - 1) / (draws - 3), 1);
});

test('noise that a pair shares leaves the response', () => {
  const n = 200;
  const g = 0.02;
  const estimate = (sign: number) =>
    Array.from({ length: n }, (_, i) => 1.01 * sign * g + 0.002 * normal(20, i) + 1e-5 * sign * normal(21, i));
  const response = pairedResponse(estimate(1), estimate(-1), new Float64Array(n).fill(g));
  expect(Math.abs(response.mean - 1.01)).toBeLessThan(3 * response.error);
  // Without pairing σ/(g √2n) = 0.005.
  expect(response.error).toBeCloseTo(1e-5 / g / Math.sqrt(n), 4);
  expect(() => pairedResponse([1], [0], [0])).toThrow('truth[0] is 0');
});

test('intrinsic shapes cancel in a ring', () => {
  const shapes = Array.from({ length: 500 }, (_, i) => 0.2 * normal(30, i));
  const noise = (i: number) => 0.01 * normal(31, i);
  const ring = ringMean(
    shapes.map((e, i) => e + noise(2 * i)),
    shapes.map((e, i) => -e + noise(2 * i + 1)),
  );
  expect(Math.abs(ring.mean)).toBeLessThan(3 * ring.error);
  expect(ring.error).toBeCloseTo(0.01 / Math.sqrt(1000), 4);
  expect(ring.varianceRatio).toBeLessThan(0.01);
});

test('coverage counts central intervals, with the binomial error', () => {
  const uniform = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
  expect(coverageOfDraws(uniform, 0.68)).toMatchObject({ inside: 680, n: 1000, observed: 0.68 });
  expect(coverageOfDraws(uniform, 0.95).inside).toBe(950);
  expect(coverageOfDraws(uniform, 0.95).error).toBeCloseTo(Math.sqrt((0.95 * 0.05) / 1000), 12);
  expect(coverageOfPulls([0, 0.99, -0.99, 1, 2.5], 0.68).inside).toBe(3);
  expect(coverageOfDraws([Number.NaN, 0.5], 0.68).inside).toBe(1);
});
