import { describe, expect, it } from 'vitest';
import { gramMatrix } from '../classification/products.ts';
import { normals } from '../fixtures/draws.ts';
import { barrier, lossDifference } from './line.ts';
import { pathPlane, planeThrough } from './path-plane.ts';
import { centreDifferences, roughness } from './surface.ts';

const axis = Array.from({ length: 9 }, (_, i) => (i - 4) / 8);
const grid = (f: (a: number, b: number) => number) => axis.flatMap((a) => axis.map((b) => f(a, b)));

describe('surface', () => {
  it('differences at the centre are exact for a quadratic', () => {
    const found = centreDifferences(
      grid((a, b) => 5 + 2 * a - b + 3 * a * a - 4 * b * b + 0.5 * a * b),
      axis,
    );
    for (const [seen, told] of [
      [found.slope[0], 2],
      [found.slope[1], -1],
      [found.curvature[0], 6],
      [found.curvature[1], -8],
      [found.mixed, 0.5],
    ])
      expect(seen).toBeCloseTo(told, 11);
    expect(found.step).toBe(1 / 8);
    expect(() => centreDifferences([1, 2, 3, 4], [0, 1])).toThrow('an axis of 2 points has no 0 in its middle');
    expect(() => centreDifferences([1, 2], [0, 1, 2])).toThrow('2 losses do not fill a grid of 3 × 3');
  });

  it('a bowl is smooth and convex, a saddle half concave, ripples are rough', () => {
    const bowl = roughness(
      grid((a, b) => 1 + a + 2 * a * a + b * b),
      axis,
    );
    expect(bowl.residual).toBeLessThan(1e-7);
    expect(bowl.concave).toBe(0);
    expect(
      roughness(
        grid((a, b) => a * a - b * b),
        axis,
      ),
    ).toMatchObject({ concave: 0.5 });
    const rippled = (height: number) =>
      roughness(
        grid((a, b) => a * a + b * b + height * Math.cos(20 * a) * Math.cos(20 * b)),
        axis,
      ).residual;
    expect(rippled(0.02)).toBeGreaterThan(0.05);
    expect(rippled(0.1)).toBeGreaterThan(rippled(0.02));
    expect(rippled(10)).toBeGreaterThan(0.9);
    expect(
      roughness(
        grid(() => 2),
        axis,
      ).residual,
    ).toBeNaN();
    const broken = grid((a, b) => (a === -0.5 && b === -0.5 ? Number.POSITIVE_INFINITY : a * a + b));
    expect(roughness(broken, axis).residual).toBeLessThan(1e-7);
  });
});

describe('line', () => {
  it('a barrier stands above the chord', () => {
    expect(barrier([1, 4, 2])).toEqual({ height: 2.5, position: 0.5, index: 1 });
    expect(barrier([0, 1, 4, 9])).toEqual({ height: 0, position: 0, index: 0 });
    expect(barrier([0, 2, 0], [1, 2, 5]).position).toBe(0.25);
    expect(barrier([0, Number.NaN, 5, 0])).toMatchObject({ height: Number.POSITIVE_INFINITY, index: 1 });
    expect(() => barrier([1])).toThrow('a line has two ends');
  });

  it('differences of the same items are surer than either loss', () => {
    const items = normals(3, 30).map((v) => 5 + 3 * v);
    const moved = items.map((loss, i) => loss + 0.1 + 0.01 * Math.sin(i));
    const equal = new Float64Array(30).fill(1);
    const found = lossDifference(moved, items, equal);
    expect(found.difference).toBeCloseTo(0.1, 2);
    expect(found.error).toBeLessThan(0.002);
    // The jackknife of a plain mean is its standard error.
    const gaps = moved.map((loss, i) => loss - items[i]);
    const mean = gaps.reduce((sum, v) => sum + v / 30, 0);
    const error = Math.sqrt(gaps.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 29 / 30);
    expect(found.error / error).toBeCloseTo(1, 10);
    expect(lossDifference([3, 1], [1, 1], [3, 1]).difference).toBe(1.5);
  });
});

describe('planes through networks', () => {
  const [n, d] = [12, 40];
  const directions = [normals(1, d), normals(2, d), normals(3, d)];
  /** A path that curves in a plane, and a little out of it. */
  const path = Float64Array.from({ length: n * d }, (_, at) => {
    const [i, k] = [Math.floor(at / d), at % d];
    return 3 * i * directions[0][k] + i * i * 0.2 * directions[1][k] + Math.sin(i) * 0.05 * directions[2][k] + 7;
  });
  const less = (origin: number) => path.map((v, at) => v - path[origin * d + (at % d)]);
  const along = (weights: Float64Array, k: number) =>
    Float64Array.from({ length: d }, (_, c) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += weights[k * n + i] * path[i * d + c];
      return sum;
    });
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, i) => sum + v * b[i], 0);

  it('directions are orthonormal, and coordinates are projections on them', () => {
    const { weights, coordinates, shares } = pathPlane(gramMatrix(less(n - 1), n), n, n - 1);
    const [u, v] = [along(weights, 0), along(weights, 1)];
    expect(dot(u, u)).toBeCloseTo(1, 10);
    expect(dot(v, v)).toBeCloseTo(1, 10);
    expect(dot(u, v)).toBeCloseTo(0, 10);
    for (let i = 0; i < n; i++) {
      const step = less(n - 1).subarray(i * d, (i + 1) * d);
      expect(coordinates[i * 2]).toBeCloseTo(dot(step, u), 8);
      expect(coordinates[i * 2 + 1]).toBeCloseTo(dot(step, v), 8);
    }
    expect(shares[0] + shares[1]).toBeGreaterThan(0.999);
    expect(shares[0] + shares[1]).toBeLessThan(1);
    expect(shares[0]).toBeGreaterThan(shares[1]);
  });

  it('does not depend on the vector taken off, up to rounding', () => {
    const [a, b] = [3, n - 1].map((origin) => pathPlane(gramMatrix(less(origin), n), n, 0));
    for (let at = 0; at < 2 * n; at++) expect(a.coordinates[at]).toBeCloseTo(b.coordinates[at], 8);
  });

  it('a straight path has one direction', () => {
    const line = Float64Array.from({ length: 4 * 3 }, (_, at) => Math.floor(at / 3) * [1, 2, 2][at % 3]);
    const { shares, weights, coordinates } = pathPlane(gramMatrix(line, 4), 4, 0);
    expect(shares[0]).toBeCloseTo(1, 12);
    expect(Array.from(weights.subarray(4))).toEqual([0, 0, 0, 0]);
    expect(Math.abs(coordinates[6])).toBeCloseTo(9, 10);
    expect(() => pathPlane(gramMatrix(line, 4), 4, 4)).toThrow('the origin is 4; there are 4 networks');
    expect(() => pathPlane(Float64Array.of(1), 1, 0)).toThrow('1 networks span fewer than 2 directions');
  });

  it('three networks lie in their plane', () => {
    // (0, 0), (2, 0), (1, 3) moved by (5, 5).
    const { coordinates, weights } = planeThrough(gramMatrix(Float64Array.of(5, 5, 7, 5, 6, 8), 3));
    [0, 0, 2, 0, 1, 3].forEach((told, at) => {
      expect(coordinates[at]).toBeCloseTo(told, 10);
    });
    expect(weights.subarray(0, 3).reduce((sum, w) => sum + w, 0)).toBeCloseTo(0, 12);
    expect(() => planeThrough(gramMatrix(Float64Array.of(0, 0, 1, 0, 2, 0), 3))).toThrow('lie on one line');
  });
});
