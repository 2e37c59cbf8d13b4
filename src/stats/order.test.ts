import { describe, expect, it } from 'vitest';
import { normals } from './fixtures/draws.ts';
import { orderOf, orderOfDistance } from './order.ts';

// `+ 0` turns −0 into 0: a sort of numbers tells them apart, a comparison does not.
const samples: readonly (readonly [string, Float64Array])[] = [
  ['a normal sample', normals(1, 1280)],
  ['ties', normals(2, 1280).map((v) => Math.round(2 * v) + 0)],
  ['positions that differ in the last digits', normals(3, 1280).map((v) => 24.3 + 2.5e-5 * v)],
  ['an outlier that crowds the rest', normals(4, 1280).fill(1e12, 7, 8)],
  ['equal values', new Float64Array(40).fill(3)],
  ['a range that overflows', Float64Array.of(1.7e308, -1.7e308, 0, 1)],
  ['one value', Float64Array.of(5)],
];

describe.each(samples)('%s', (_, values) => {
  it('comes in ascending order, with the place each value came from', () => {
    const { order, sorted } = orderOf(values);
    expect(sorted).toEqual(values.toSorted());
    expect(Float64Array.from(order, (at) => values[at])).toEqual(sorted);
    expect(new Set(order).size).toBe(values.length);
  });

  it('is ordered by distance as if the distances were sorted', () => {
    const centre = values[0] / 2;
    const distances = values.map((v) => Math.abs(v - centre));
    const { order, sorted } = orderOfDistance(orderOf(values), centre);
    expect(sorted).toEqual(distances.toSorted());
    expect(Float64Array.from(order, (at) => distances[at])).toEqual(sorted);
    expect(new Set(order).size).toBe(values.length);
  });
});
