import { expect, test } from 'vitest';
import { shares } from './shares.ts';

test('shares of the parts of a range, both ends counted', () => {
  expect(shares([0, 0.5, 1, 2, 4], { min: 0, max: 4 }, 4)).toEqual([0.4, 0.2, 0.2, 0.2]);
  expect(shares([], { min: 0, max: 1 }, 2)).toEqual([0, 0]);
});
