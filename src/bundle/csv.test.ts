import { describe, expect, it } from 'vitest';
import { decodeCsv, encodeCsv } from './csv.ts';
import { FileError } from './file-error.ts';
import { loadTruth } from './truth-table.ts';

const encode = (text: string) => new TextEncoder().encode(text);

describe('CSV', () => {
  it('gives back cells with commas, quotes and line breaks', () => {
    const rows = [
      ['a,b', 'say "x"', 'two\nlines'],
      ['', '1.5', ' kept '],
    ];
    const text = encodeCsv(['one', 'two', 'three'], rows);
    expect(decodeCsv('t.csv', text)).toEqual({ header: ['one', 'two', 'three'], rows });
  });

  it('prints numbers with every digit and leaves missing cells empty', () => {
    expect(encodeCsv(['a', 'b', 'c'], [[1 / 3, undefined, true]])).toBe('a,b,c\n0.3333333333333333,,true\n');
  });

  it('reads Windows line ends and a byte-order mark', () => {
    expect(decodeCsv('t.csv', '\uFEFFa,b\r\n1,2\r\n')).toEqual({ header: ['a', 'b'], rows: [['1', '2']] });
  });

  it.each([
    ['an empty file', ' \n', /the file is empty/],
    ['a quote that never closes', 'a,b\n"1,2\n', /not readable as CSV/],
    ['unequal rows', 'a,b\n1,2\n3\n', /row 3 has 1 cells, the header names 2/],
    ['a repeated column', 'g1,g1\n1,2\n', /column g1 appears twice/],
    ['a column without a name', 'g1,\n1,2\n', /a column has no name/],
  ])('rejects %s', (_, text, message) => {
    expect(() => decodeCsv('t.csv', text)).toThrow(FileError);
    expect(() => decodeCsv('t.csv', text)).toThrow(message);
  });
});

describe('loadTruth', () => {
  it('reads numbers by column and leaves empty cells out', async () => {
    const table = await loadTruth('truth.csv', encode('index,g1,seed\n0,-0.05,42\n1,,43\n'));
    expect(table.rows).toEqual([
      { index: 0, g1: -0.05, seed: 42 },
      { index: 1, seed: 43 },
    ]);
    expect(table.sha256).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each([
    ['a word among the numbers', encode('g1\nround\n'), /line 2, column g1: "round" is no finite number/],
    ['an infinite number', encode('g1\n1e999\n'), /no finite number/],
    [
      'numbers where the header should be',
      encode('0.01,0\n0.02,0\n'),
      /holds numbers where names of columns are expected/,
    ],
    ['a header without rows', encode('g1,g2\n'), /no rows/],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x41), /not a text file/],
  ])('rejects %s', async (_, bytes, message) => {
    await expect(loadTruth('truth.csv', bytes)).rejects.toThrow(FileError);
    await expect(loadTruth('truth.csv', bytes)).rejects.toThrow(message);
  });
});
