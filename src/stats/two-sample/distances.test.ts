import { describe, expect, it } from 'vitest';
import { pairOf, points } from './fixtures/points.ts';
import reference from './fixtures/reference.json';
import { medianDistance, mmd, mmdSteps } from './mmd.ts';
import { slicedWasserstein, squaredW2 } from './sliced-wasserstein.ts';

/** E k(x, y) for x ~ N(0, v) and y ~ N(δ, w) in one dimension, k(x, y) = exp(−(x − y)²/(2 ℓ²)). */
function expectedKernel(variance: number, shift: number, bandwidth: number): number {
  const total = bandwidth ** 2 + variance;
  return Math.sqrt(bandwidth ** 2 / total) * Math.exp((-shift * shift) / (2 * total));
}

describe('MMD', () => {
  it.each(reference.mmd)('agrees with NumPy: $n points in $dim dimensions', (given) => {
    const [a, b] = pairOf(given);
    const { mmd2, bandwidth } = mmd(a, b);
    expect(Math.abs(bandwidth / given.bandwidth - 1)).toBeLessThan(1e-12);
    expect(Math.abs(mmd2 - given.mmd2)).toBeLessThan(1e-12);
  });

  it('converges to the closed form for Gaussians', () => {
    const [shift, sd, bandwidth] = [0.8, 1.5, 1.2];
    const k = (variance: number, d: number) => expectedKernel(variance, d, bandwidth);
    const exact = k(2, 0) ** 2 + k(2 * sd * sd, 0) ** 2 - 2 * k(1 + sd * sd, shift) * k(1 + sd * sd, 0);
    const { mmd2 } = mmd(points(71, 2000, 2), points(72, 2000, 2, sd, shift), bandwidth);
    // The estimate scatters by about 2 √(Var h1)/√n < 0.006 here; the value is 0.07.
    expect(Math.abs(mmd2 - exact)).toBeLessThan(0.012);
    expect(exact).toBeGreaterThan(0.05);
  });

  it('is near 0 on both sides for equal distributions', () => {
    const values = [1, 2, 3, 4, 5, 6].map((seed) => mmd(points(80 + seed, 300, 2), points(90 + seed, 300, 2)).mmd2);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(0.006);
    expect(values.some((value) => value < 0) && values.some((value) => value > 0)).toBe(true);
  });

  it('reports rows and needs distinct points', () => {
    const steps = mmdSteps(points(1, 200, 2), points(2, 200, 2));
    expect(steps.next().value).toEqual({ rows: 256, ofRows: 600 });
    expect(() => medianDistance({ values: [1, 1, 1], dim: 1 }, { values: [1, 1, 2], dim: 1 })).toThrow('bandwidth');
    expect(() => mmd(points(1, 5, 2), points(2, 5, 2), 0)).toThrow('positive');
  });
});

describe('sliced Wasserstein distance', () => {
  it.each(reference.sliced)('agrees with NumPy over 100,000 directions: $n points in $dim dimensions', (given) => {
    const [a, b] = pairOf(given);
    const tolerance = (4 * given.relativeSpread) / (2 * Math.sqrt(1000));
    expect(Math.abs(slicedWasserstein(a, b, 1) / given.w2 - 1)).toBeLessThan(tolerance);
  });

  it('is √(|δ|²/d + (s − 1)²) between Gaussians δ apart with deviations 1 and s', () => {
    const value = slicedWasserstein(points(73, 20_000, 3), points(74, 20_000, 3, 1.5, 1.2), 2, 300);
    expect(Math.abs(value - Math.sqrt(1.2 ** 2 / 3 + 0.5 ** 2))).toBeLessThan(0.06);
  });

  it('is 0 for a sample and itself and |δ| |u·e| for a moved one, and repeats', () => {
    const a = points(75, 100, 1);
    expect(slicedWasserstein(a, a, 3, 10)).toBe(0);
    const moved = { ...a, values: Array.from(a.values, (v) => v + 2) };
    expect(slicedWasserstein(a, moved, 3, 10)).toBeCloseTo(2, 12);
    const b = points(76, 50, 3);
    expect(slicedWasserstein(b, points(77, 70, 3), 3, 10)).toBe(slicedWasserstein(b, points(77, 70, 3), 3, 10));
  });

  it('couples unequal numbers of points by their quantile functions', () => {
    // F⁻¹ = 0, 3 on halves; G⁻¹ = 0, 1, 5 on thirds: (0² /3 + 1²/6 + 2²/6 + 2²/3)
    expect(squaredW2(Float64Array.of(0, 3), Float64Array.of(0, 1, 5))).toBeCloseTo(1 / 6 + 4 / 6 + 4 / 3, 14);
  });
});
