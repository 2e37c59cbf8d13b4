import { expect, test } from 'vitest';
import { largestFitting, splitChunks } from './chunks.ts';

test.each([
  [1, 1],
  [6, 2],
  [7, 3],
  [64, 64],
  [65, 64],
  [3, 100],
])('%i items in chunks of %i: every item once, in order, none too large', (items, chunk) => {
  const chunks = splitChunks(items, chunk);
  expect(chunks.flat()).toEqual(Array.from({ length: items }, (_, i) => i));
  expect(chunks.every((part) => part.length > 0 && part.length <= chunk)).toBe(true);
  expect(chunks).toHaveLength(Math.ceil(items / chunk));
});

test('the largest chunk that fits is found, for every limit', () => {
  for (let limit = 1; limit <= 40; limit++) {
    for (let largest = 0; largest <= 45; largest++) {
      expect(largestFitting(limit, (chunk) => chunk <= largest)).toBe(Math.min(limit, largest));
    }
  }
});
