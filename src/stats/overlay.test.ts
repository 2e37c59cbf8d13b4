import { expect, it } from 'vitest';
import { overlay } from './overlay.ts';

it('puts two samples into the same bins, each with area one', () => {
  const { edges, a, b } = overlay([0, 0, 1, 1], [0.5, 2], 4);
  expect([...edges]).toEqual([0, 0.5, 1, 1.5, 2]);
  expect([...a]).toEqual([1, 0, 1, 0]);
  expect([...b]).toEqual([0, 1, 0, 1]);
});

it('leaves out what is not a number, and has a bin for values that are all equal', () => {
  expect([...overlay([Number.NaN, 1], [1, Number.POSITIVE_INFINITY], 2).a]).toEqual([0, 2]);
});
