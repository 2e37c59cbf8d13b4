import { expect, test } from 'vitest';
import { binColours, binMark, binWords } from './palette.ts';

const bins = { kind: 'octave', count: 5, edges: [0, 1, 2, 8, 12] } as const;

test('a bin says which counts it holds', () => {
  expect([0, 1, 2, 3, 4].map((bin) => binWords(bins, bin))).toEqual(['0', '1', '2 to 7', '8 to 11', '12 or more']);
  expect(binMark(bins, 4)).toBe('12+');
  expect(binWords({ kind: 'quantile', count: 4 }, 2)).toBe('quantile 2 of 3');
});

test('colours run from the dark end of the scale to the light one', () => {
  const colours = binColours(5).map((rgb) => rgb.reduce((sum, value) => sum + value));
  expect([...colours].sort((a, b) => a - b)).toEqual(colours);
});
