import { expect, test } from 'vitest';
import { Neighbours } from './neighbours.ts';
import { keyOfSeed, threefry2x32, uniform01 } from './threefry.ts';

/** Points in the unit cube, outside a ball of radius 0.2 about its middle. */
function withHole(n: number, dim: number, seed: number): Float64Array {
  const kept: number[] = [];
  for (let i = 0; kept.length < n * dim; i++) {
    const point = Array.from({ length: dim }, (_, axis) => uniform01(threefry2x32(keyOfSeed(seed), [i, axis])[0]));
    if (Math.hypot(...point.map((value) => value - 0.5)) > 0.2) kept.push(...point);
  }
  return Float64Array.from(kept);
}

test.each([1, 2, 5])('finds what comparing with every point finds, in %i dimensions', (dim) => {
  const [values, others] = [withHole(300, dim, 1), withHole(40, dim, 2)];
  const k = 4;
  const nearest = (point: ArrayLike<number>, skip: number) =>
    Array.from({ length: 300 }, (_, i) => ({
      i,
      distance: Math.hypot(...Array.from({ length: dim }, (_, axis) => point[axis] - values[i * dim + axis])),
    }))
      .filter(({ i }) => i !== skip)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, k);
  const plain = (point: ArrayLike<number>) => {
    const found = nearest(point, -1);
    const spacings = found.map(({ i }) => nearest(values.subarray(i * dim, (i + 1) * dim), i)[k - 1].distance);
    return (found[k - 1].distance * k) / spacings.reduce((sum, value) => sum + value, 0);
  };
  const neighbours = new Neighbours({ values, dim }, k);
  for (let i = 0; i < 40; i++) {
    const point = others.subarray(i * dim, (i + 1) * dim);
    expect(neighbours.isolation(point)).toBeCloseTo(plain(point), 10);
  }
});

test('is about 1 among the points, whatever their density, and large in a hole and outside', () => {
  const values = withHole(3000, 2, 3);
  const dense = new Neighbours({ values, dim: 2 }, 6);
  const sparse = new Neighbours({ values: values.map((value) => 1000 * value), dim: 2 }, 6);
  const others = withHole(400, 2, 4);
  const found = Array.from({ length: 400 }, (_, i) => dense.isolation(others.subarray(2 * i, 2 * i + 2)));
  expect(Math.abs(found.reduce((sum, value) => sum + value, 0) / 400 - 1)).toBeLessThan(0.1);
  for (const point of [
    [0.5, 0.5],
    [1.3, 0.5],
  ]) {
    expect(dense.isolation(point)).toBeGreaterThan(Math.max(...found));
    expect(sparse.isolation(point.map((value) => 1000 * value))).toBeCloseTo(dense.isolation(point), 6);
  }
  expect(dense.isolation([Number.NaN, 0])).toBeNaN();
  expect(dense.isolation([0, Number.NaN])).not.toBeLessThan(Number.POSITIVE_INFINITY);
});
