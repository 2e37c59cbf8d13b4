import { expect, test } from 'vitest';
import { at, stackOf } from './layers.ts';

const buffers = [
  { name: 'a', role: 'storage', bytes: [1, 2, 4] },
  { name: 'staging', role: 'readback', bytes: [100, 100, 100] },
  { name: 'b', role: 'storage', bytes: [10, 20, 40] },
  { name: 'c', role: 'uniform', bytes: [3, 3, 3] },
  { name: 'd', role: 'storage', bytes: [5, 5, 5] },
  { name: 'e', role: 'storage', bytes: [2, 2, 2] },
];
const stack = stackOf({ chunks: [1, 2, 4], buffers }, 4);

test('the four largest are named, the rest is one layer, and together they are the total', () => {
  expect(stack.layers.map(({ name }) => name)).toEqual(['staging', 'b', 'd', 'a', '2 others']);
  expect(stack.total).toEqual([121, 132, 154]);
  const sums = stack.chunks.map((_, i) => stack.layers.reduce((sum, { bytes }) => sum + bytes[i], 0));
  expect(sums).toEqual(stack.total);
});

test('what is largest is decided where the picture ends', () => {
  const growing = { name: 'f', role: 'storage', bytes: [1, 1, 1000] };
  const near = stackOf({ chunks: [1, 2, 4], buffers: [...buffers, growing] }, 3);
  expect(near.layers.map(({ name }) => name)).toEqual(['staging', 'b', 'd', 'c', '3 others']);
});

test('the largest binding is the largest storage buffer: nothing binds staging', () => {
  expect(stack.largestBinding).toEqual([10, 20, 40]);
});

test('between two sizes bytes grow in a straight line; beyond the last they stay', () => {
  expect(at(stack, stack.total, 3)).toBe(143);
  expect(at(stack, stack.total, 2)).toBe(132);
  expect(at(stack, stack.total, 9)).toBe(154);
});
