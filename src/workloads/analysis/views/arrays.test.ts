import { expect, test } from 'vitest';
import { Arrays, cropped, croppedSquares, every, extended, largestAt } from './arrays.ts';

const array = (name: string, dims: string[], shape: number[]) => ({
  ...{ group: 'g', name, dims, shape },
  values: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});

test('reads what lies below leading indices, and lengths by the name of a dimension', () => {
  const arrays = new Arrays([array('map', ['item', 'layer', 'token'], [2, 3, 4])]);
  expect(arrays.size('map', 'layer')).toBe(3);
  expect(arrays.size('map', 'head')).toBe(0);
  expect(arrays.size('other', 'layer')).toBe(0);
  expect(Array.from(arrays.of('map', 1, 2))).toEqual([20, 21, 22, 23]);
  expect(arrays.of('map', 1)).toHaveLength(12);
  expect(arrays.number('map', 1, 0, 3)).toBe(15);
  expect(() => arrays.of('other')).toThrow('no array other');
});

test('cuts rows and squares to what a text has', () => {
  expect(Array.from(cropped([0, 1, 2, 3, 4, 5], 3, 2))).toEqual([0, 1, 3, 4]);
  const squares = Array.from({ length: 18 }, (_, i) => i);
  expect(Array.from(croppedSquares(squares, 3, 2))).toEqual([0, 1, 3, 4, 9, 10, 12, 13]);
  expect(Array.from(every([0, 1, 2, 3, 4, 5], 3, 1))).toEqual([1, 4]);
  expect(Array.from(extended([1], 3))).toEqual([1, Number.NaN, Number.NaN]);
});

test('finds the largest number among those that are none', () => {
  expect(largestAt([Number.NaN, -2, -1, Number.NaN])).toBe(2);
  expect(largestAt([Number.NaN])).toBe(-1);
});
