import { expect, test } from 'vitest';
import { chiSquareQuantile, chiSquareTail, chiSquareTest } from './chi-square.ts';

test('the tail agrees with closed forms: exp(−x/2) at two degrees, (1 + x/2) exp(−x/2) at four', () => {
  for (const x of [0.01, 0.5, 2, 7, 25, 90]) {
    expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 11);
    expect(chiSquareTail(x, 4) / ((1 + x / 2) * Math.exp(-x / 2))).toBeCloseTo(1, 11);
  }
  expect(chiSquareTail(0, 3)).toBe(1);
});

test('the 95 % points of tables (Abramowitz and Stegun 26.8) have a tail of 5 %', () => {
  for (const [degrees, x] of [
    [1, 3.84146],
    [10, 18.307],
    [100, 124.342],
  ]) {
    expect(chiSquareTail(x, degrees)).toBeCloseTo(0.05, 5);
    expect(chiSquareQuantile(0.05, degrees)).toBeCloseTo(x, 3);
  }
});

test('small expectations are pooled, and a state that cannot occur fails the test alone', () => {
  const law = [0.5, 0.4, 0.06, 0.04, 0];
  const fits = chiSquareTest([50, 40, 6, 4, 0], law);
  // The fourth is expected 4 times, too rarely for χ²: P(X ≥ 4) for a Poisson mean of 4.
  expect(fits).toMatchObject({ statistic: 0, degrees: 2, forbidden: 0 });
  expect(fits.p).toBeCloseTo(0.56653, 5);
  expect(chiSquareTest([50, 40, 6, 3, 1], law)).toMatchObject({ p: 0, forbidden: 1 });
  expect(chiSquareTest([90, 10, 0, 0, 0], law).p).toBeLessThan(1e-10);
  // 30 where 4 are expected, in the pool.
  expect(chiSquareTest([450, 400, 60, 90, 0], law).p).toBeLessThan(1e-6);
  expect(() => chiSquareTest([1], law)).toThrow(/5/);
});
