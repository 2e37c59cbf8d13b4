import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from './normal.ts';

// Quantiles to 16 digits: Wichura's check values (AS 241), and R's qnorm.
const QUANTILES: readonly (readonly [number, number])[] = [
  [0.25, -0.6744897501960817],
  [0.001, -3.090232306167814],
  [1e-20, -9.262340089798409],
  [0.975, 1.959963984540054],
  [0.5, 0],
];
// Φ(x) to 16 digits (mpmath, 40 digits).
const PROBABILITIES: readonly (readonly [number, number])[] = [
  [-1, 0.15865525393145705],
  [-2, 0.02275013194817921],
  [-3, 0.0013498980316300946],
  [-6, 9.865876450376981e-10],
  [-20, 2.753624118606234e-89],
  [1.5, 0.9331927987311419],
];

describe('normalQuantile', () => {
  it('gives published quantiles to 15 digits', () => {
    for (const [p, x] of QUANTILES) expect(Math.abs(normalQuantile(p) - x)).toBeLessThanOrEqual(4e-15 * Math.abs(x));
  });

  it('gives infinities at 0 and 1 and NaN outside', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([normalQuantile(-0.1), normalQuantile(1.1), normalQuantile(Number.NaN)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});

describe('normalCdf', () => {
  it('gives published probabilities to 13 digits, lower tail included', () => {
    for (const [x, p] of PROBABILITIES) expect(Math.abs(normalCdf(x) / p - 1)).toBeLessThan(1e-13);
  });

  it('undoes the quantile over 300 decades', () => {
    for (const p of [1e-300, 1e-100, 1e-20, 1e-9, 1e-4, 0.02, 0.0228, 0.3, 0.5, 0.7]) {
      expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-12);
    }
  });

  it('is 0 and 1 where f64 has no more tail', () => {
    expect([normalCdf(-60), normalCdf(60), normalCdf(0)]).toEqual([0, 1, 0.5]);
  });
});
