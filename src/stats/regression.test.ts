import { describe, expect, it } from 'vitest';
import { normals, uniforms } from './fixtures/draws.ts';
import reference from './fixtures/reference.json';
import { fitBias, jackknifeBias } from './regression.ts';

const expected = reference.regression;
const truth = Float64Array.from({ length: expected.n }, (_, i) => [-0.05, -0.01, 0.01, 0.02, 0.03, 0.05][i >> 2]);
const sigma = uniforms(21, expected.n).map((u) => 0.002 * (1 + u));
const noise = normals(22, expected.n);
const estimate = truth.map((g, i) => 1.003 * g - 2e-4 + sigma[i] * noise[i]);

describe('fitBias', () => {
  it('agrees with a dense least-squares solve', () => {
    const fit = fitBias(truth, estimate, sigma);
    expect(fit.m).toBeCloseTo(expected.m, 10);
    expect(fit.c).toBeCloseTo(expected.c, 12);
    expect(fit.mErr / expected.mErr).toBeCloseTo(1, 9);
    expect(fit.cErr / expected.cErr).toBeCloseTo(1, 9);
    expect(fit.chi2PerDof / expected.chi2PerDof).toBeCloseTo(1, 9);
  });

  it('recovers an exact line', () => {
    const fit = fitBias([0.01, 0.02, 0.05], [0.0111, 0.0212, 0.0515], [1e-3, 2e-3, 5e-4]);
    expect(fit.m).toBeCloseTo(0.01, 12);
    expect(fit.c).toBeCloseTo(0.001, 14);
    expect(fit.chi2PerDof).toBeLessThan(1e-20);
  });

  it('has no slope where the truth takes one value, rounding included', () => {
    const fit = fitBias([0.02, 0.02, 0.02], [0.019, 0.021, 0.02], [1e-3, 1e-3, 1e-3]);
    expect([fit.m, fit.c, fit.mErr, fit.cErr]).toEqual([NaN, NaN, NaN, NaN]);
  });

  it('refuses errors that are not positive and unequal lengths, by name', () => {
    expect(() => fitBias([0, 1], [0, 1], [1, 0])).toThrow('sigma[1] is 0; errors must be positive');
    expect(() => fitBias([0, 1], [0], [1, 1])).toThrow('truth and estimate must have the same length, got 2 and 1');
  });
});

describe('jackknifeBias', () => {
  it('agrees with refitting without each point', () => {
    const { mErr, cErr, groups } = jackknifeBias(truth, estimate, sigma);
    expect(mErr / expected.jackknife.mErr).toBeCloseTo(1, 8);
    expect(cErr / expected.jackknife.cErr).toBeCloseTo(1, 8);
    expect(groups).toBe(expected.n);
  });

  it('agrees with refitting without each group', () => {
    const labels = Array.from({ length: expected.n }, (_, i) => i % 8);
    const { mErr, cErr, groups } = jackknifeBias(truth, estimate, sigma, labels);
    expect(mErr / expected.grouped.mErr).toBeCloseTo(1, 8);
    expect(cErr / expected.grouped.cErr).toBeCloseTo(1, 8);
    expect(groups).toBe(8);
  });

  it('has no error where leaving a group out leaves no slope', () => {
    expect(jackknifeBias([0.01, 0.02, 0.02], [0.01, 0.02, 0.02], [1, 1, 1]).mErr).toBeNaN();
  });
});
