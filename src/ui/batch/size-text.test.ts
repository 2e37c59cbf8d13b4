import { expect, test } from 'vitest';
import { sizeFromText } from './size-text.ts';

test.each([
  ['64', 'items', 64],
  [' 8,388,608 ', 'bytes', 8_388_608],
  ['8 MiB', 'bytes', 8_388_608],
  ['1.5gib', 'bytes', 1_610_612_736],
  ['64KiB', 'bytes', 65_536],
  ['0', 'slots', 0],
])('%s %s is %i', (text, unit, value) => {
  expect(sizeFromText(text, unit)).toBe(value);
});

test.each([
  ['', 'bytes'],
  ['8 MB', 'bytes'],
  ['2 KiB', 'slots'],
  ['-4', 'slots'],
  ['1e3', 'slots'],
  ['many', 'slots'],
])('“%s” is no number of %s', (text, unit) => {
  expect(sizeFromText(text, unit)).toBeNaN();
});
