import { expect, it } from 'vitest';
import { decodeCsv } from '../../../bundle/csv.ts';
import type { Drawing } from '../pen.ts';
import { THEME } from '../test-support/theme.ts';
import { nearestPlace, placeByKey } from './places.ts';
import { figureLines, readingWords, valueWords } from './reading-words.ts';
import { framed, svgOf } from './save.ts';
import { csvOf, entryText, shownRows, wideTable } from './table.ts';

const DRAWING: Drawing = {
  height: (width) => width / 2,
  draw(pen, width, height) {
    pen.fillStyle = '#123456';
    pen.fillRect(0, 0, width, height);
  },
};

const WORDS = {
  title: 'Spectrum of the Hessian',
  definition: 'Density of the eigenvalues of ∇²L.',
  readings: [{ name: 'trace', value: 294.335, error: 39.2, unit: 'nats', errorName: 'Hutchinson, 8 probes' }],
  controls: [{ name: 'shuffled labels', value: 0.5 }],
  notes: ['n = 8 probes'],
  file: 'spectrum',
};

it('says a value to the place that its error allows', () => {
  expect(valueWords(WORDS.readings[0])).toBe('294 ± 39 nats');
  expect(readingWords(WORDS.readings[0])).toBe('trace: 294 ± 39 nats (Hutchinson, 8 probes)');
  expect(figureLines(WORDS)).toEqual([
    'Density of the eigenvalues of ∇²L.',
    'trace: 294 ± 39 nats (Hutchinson, 8 probes)',
    'Control, shuffled labels: 0.5000',
    'n = 8 probes',
  ]);
});

it('saves the drawing below its title, value and control, in the colours of the theme', () => {
  const text = svgOf(DRAWING, WORDS, THEME, 640);
  for (const words of ['Spectrum of the Hessian', 'trace: 294 ± 39 nats', 'Control, shuffled labels'])
    expect(text).toContain(words);
  const { width, height } = framed(DRAWING, WORDS, THEME, 640);
  expect(text).toContain(`viewBox="0 0 ${width} ${height}"`);
  expect(text).toContain(`<rect x="0" y="0" width="${width}" height="${height}" fill="#ffffff"/>`);
  const [, down] = /height="320" fill="#123456" transform="translate\(16 ([\d.]+)\)"/.exec(text)!;
  expect(Number(down)).toBeGreaterThan(16 + 15 + 4 * 11);
  expect(Number(down) + 320).toBeLessThanOrEqual(height - 15);
});

it('saves no more of the width than is drawn, but enough for words', () => {
  expect(framed({ ...DRAWING, reach: () => 550 }, WORDS, THEME, 900).width).toBe(550 + 2 * 16);
  expect(framed({ ...DRAWING, reach: () => 20 }, WORDS, THEME, 900).width).toBeGreaterThan(400);
  expect(framed(DRAWING, WORDS, THEME, 900).width).toBe(900 + 2 * 16);
});

it('writes CSV with every digit, quotes where a token needs them, nothing where there is no value', async () => {
  const tokens = [' the', 'a "quote"', 'comma, and\nline'];
  const table = {
    columns: ['token', 'value'],
    rows: tokens.map((token, i) => [token, i === 1 ? Number.NaN : 0.1 + 0.2]),
  };
  const read = decodeCsv('figure.csv', await csvOf(table));
  expect(read.rows.map(([token]) => token)).toEqual(tokens);
  expect(read.rows.map(([, value]) => value)).toEqual(['0.30000000000000004', '', '0.30000000000000004']);
});

it('lays a matrix out with its names', () => {
  expect(wideTable('layer', ['a', 'b'], ['x', 'y'], [1, 2, 3, 4])).toEqual({
    columns: ['layer', 'x', 'y'],
    rows: [
      ['a', 1, 2],
      ['b', 3, 4],
    ],
  });
});

it('shows as much of a long table as a page can lay out', () => {
  const rows = Array.from({ length: 262_144 }, (_, i) => [i, i]);
  expect(shownRows({ columns: ['a', 'b'], rows }).length).toBeLessThanOrEqual(3000);
  expect(shownRows({ columns: ['a', 'b'], rows: rows.slice(0, 7) })).toHaveLength(7);
  expect([entryText(Number.NaN), entryText(undefined), entryText(-1.5), entryText('x')]).toEqual([
    '',
    '',
    '−1.50000',
    'x',
  ]);
});

it('finds the nearest place, and the next by key', () => {
  expect(nearestPlace([0, 10, 20], 14)).toBe(1);
  expect(nearestPlace([], 14)).toBeUndefined();
  expect(placeByKey(undefined, 'ArrowRight', 5, false)).toBe(0);
  expect(placeByKey(4, 'ArrowRight', 5, false)).toBe(4);
  expect(placeByKey(2, 'ArrowLeft', 5, false)).toBe(1);
  expect(placeByKey(2, 'ArrowDown', 5, true)).toBe(3);
  expect(placeByKey(2, 'ArrowRight', 5, true)).toBeUndefined();
  expect(placeByKey(2, 'PageDown', 30, false)).toBe(12);
  expect(placeByKey(2, 'End', 0, false)).toBeUndefined();
});
