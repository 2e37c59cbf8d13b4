import { expect, test } from 'vitest';
import { shapeText, valuesText } from './values.ts';

test('a matrix is written in lines, by the names of its dimensions', () => {
  const array = { dims: ['row', 'column'], shape: [2, 3], values: Int32Array.of(1, 2, 3, 4, 5, 6) };
  expect(shapeText(array)).toBe('row 2 × column 3');
  expect(valuesText(array)).toBe('[1, 2, 3]\n[4, 5, 6]');
});

test('a vector is written in one line, a number alone as such', () => {
  expect(valuesText({ shape: [3], values: Float64Array.of(0.5, 1, Number.NaN) })).toBe('0.5000, 1, –');
  expect(shapeText({ dims: [], shape: [] })).toBe('one number');
  expect(valuesText({ shape: [], values: Float32Array.of(7) })).toBe('7');
});

test('of many values the first are shown, and the rest is counted', () => {
  const values = Int32Array.from({ length: 70 }, (_, i) => i);
  expect(valuesText({ shape: [70], values })).toMatch(/^0, 1, .*, 63 and 6 more$/);
  expect(valuesText({ shape: [7, 10], values })).toMatch(
    /^\[0, .*, 9\]\n\[10, .*, 19\]\n(.*\n)*\[60, 61, 62, 63\] and 6 more$/,
  );
});
