import { describe, expect, it } from 'vitest';
import { normals, uniforms } from './fixtures/draws.ts';
import reference from './fixtures/reference.json';
import { kolmogorovSurvival, ksSurvival } from './kolmogorov.ts';
import { ksTwoSample, ksUniform } from './ks.ts';
import { betaQuantile, logGamma } from './special.ts';

/** Fails unless actual / expected is within `tolerance` of 1. */
function expectRatio(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThan(tolerance);
}

describe('one-sample test', () => {
  it.each(reference.ks.one)('agrees with SciPy exactly: n = $n, u^$power', ({ seed, n, power, statistic, pValue }) => {
    const result = ksUniform(uniforms(seed, n).map((u) => u ** power));
    expectRatio(result.statistic, statistic, 1e-12);
    expectRatio(result.pValue, pValue, 1e-6);
  });

  it.each(reference.ks.large)('follows SciPy for n = $n, d = $d', ({ n, d, pValue }) => {
    expectRatio(ksSurvival(n, d), pValue, 1e-3);
  });

  it('knows a perfect grid, a point mass and NaN', () => {
    expect(ksUniform([0.125, 0.375, 0.625, 0.875])).toEqual({ statistic: 0.125, pValue: 1 });
    expect(ksUniform(new Float64Array(50)).pValue).toBe(0);
    expect(ksUniform([0.5, Number.NaN]).pValue).toBeNaN();
    expect(() => ksUniform([])).toThrow('at least one value');
  });
});

describe('two-sample test', () => {
  it.each(reference.ks.two)(
    'agrees with SciPy exactly: $n and $m, shift $shift',
    ({ n, m, shift, statistic, pValue }) => {
      const result = ksTwoSample(
        normals(41, n),
        normals(42, m).map((v) => v + shift),
      );
      expectRatio(result.statistic, statistic, 1e-12);
      expectRatio(result.pValue, pValue, 1e-6);
    },
  );

  it('finds nothing between a sample and itself', () => {
    expect(ksTwoSample(normals(7, 30), normals(7, 30))).toEqual({ statistic: 0, pValue: 1 });
  });

  it('goes over to the limit for large samples without a step', () => {
    const [a, b] = [normals(51, 2100), normals(52, 2000).map((v) => v + 0.03)];
    const large = ksTwoSample(a, b);
    expectRatio(large.pValue, kolmogorovSurvival(Math.sqrt((2100 * 2000) / 4100) * large.statistic), 1e-12);
    expectRatio(ksTwoSample(a.subarray(0, 1999), b).pValue, large.pValue, 0.2);
  });
});

describe('special functions', () => {
  it.each(reference.functions.betaQuantile)('beta quantile p = $p of Beta($a, $b)', ({ p, a, b, x }) => {
    expectRatio(betaQuantile(p, a, b), x, 1e-10);
  });
  it.each(reference.functions.logGamma)('log Γ($x)', ({ x, y }) => {
    expectRatio(logGamma(x), y, 1e-12);
  });
  it.each(reference.functions.kolmogorov)('Kolmogorov survival at $x', ({ x, y }) => {
    expectRatio(kolmogorovSurvival(x), y, 1e-10);
  });
});
