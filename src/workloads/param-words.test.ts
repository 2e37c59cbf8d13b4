import { expect, test } from 'vitest';
import { paramFromText, paramToField } from './param-text.ts';
import { textObjection } from './param-words.ts';
import type { ParamSpec } from './params.ts';
import { allowedValues } from './validate.ts';

const about = { label: 'Field', help: '', group: '' };
const sigma: ParamSpec = { ...about, key: 'sigma', kind: 'number', default: 1, min: 0, max: 4, exclusiveMin: true };
const draws: ParamSpec = { ...about, key: 'draws', kind: 'integer', default: 8, min: 4, max: 1000 };
const steps: ParamSpec = { ...about, key: 'steps', kind: 'integer', default: 0, min: 0, max: 64, zero: 'automatic' };
const grid: ParamSpec = { ...about, key: 'grid', kind: 'numberList', default: [0], min: -0.7, max: 0.7, maxLength: 3 };

test.each<[ParamSpec, string, string | undefined]>([
  [sigma, '0.5', undefined],
  [sigma, '0,5', 'Write decimals with a point: 0.5.'],
  [sigma, '9', '9 is too large: at most 4.'],
  [sigma, '0', '0 is too small: it must be above 0.'],
  [sigma, 'loud', '“loud” is no number. Give a number above 0 and up to 4.'],
  [sigma, '1e999', '“1e999” is no number. Give a number above 0 and up to 4.'],
  [sigma, '', 'Give a number above 0 and up to 4.'],
  [draws, '2', '2 is too small: at least 4.'],
  [draws, '8.5', '8.5 is no whole number.'],
  [grid, '0.1 0.2', undefined],
  [grid, '0.1; 0.2', '“0.1;” is no number. Separate numbers with commas and write decimals with a point: 0.01, 0.02.'],
  [
    grid,
    '0.1,,0.2',
    'Between two commas nothing is written. Separate numbers with commas and write decimals with a point: 0.01, 0.02.',
  ],
  [grid, '0.1, 7', '7 is too large: at most 0.7.'],
  [grid, '0, 0, 0, 0', '4 numbers are too many: give at most 3.'],
])('of $key, "%s" is told as: %s', (spec, text, words) => {
  expect(textObjection(spec, text)).toBe(words);
});

test('where 0 is no quantity its word stands in its place', () => {
  expect(paramToField(steps, 0)).toBe('automatic');
  expect(paramToField(steps, 3)).toBe('3');
  expect(paramToField(grid, [0, 0.1])).toBe('0, 0.1');
  expect(paramFromText(steps, 'Automatic')).toBe(0);
  expect(paramFromText(steps, '0')).toBe(0);
  expect(textObjection(draws, 'automatic')).toContain('is no number');
  expect(allowedValues(steps)).toBe('a whole number from 0 to 64; 0 is automatic');
});
