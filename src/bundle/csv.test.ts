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
    ['separators alone', ',\n,\n', /separators alone/],
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

  it('keeps the number of a row of which nothing is known, and takes nan for nothing', async () => {
    const table = await loadTruth('truth.csv', encode('g1,g2\n0.01,0\n,\n0.03,nan\n\n0.04,0\n'));
    expect(table.rows).toEqual([{ g1: 0.01, g2: 0 }, {}, { g1: 0.03 }, { g1: 0.04, g2: 0 }]);
    expect(table.told).toContain('1 of them without a value');
    expect((await loadTruth('one.csv', encode('g1\n0.1\n\n0.3\n\n'))).rows).toEqual([{ g1: 0.1 }, {}, { g1: 0.3 }]);
  });

  it.each([
    ['np.savetxt’s header', '# g1 g2\n0.03 -0.02\n-0.04 0.05\n', ['separated by spaces']],
    ['np.savetxt’s header with commas', '# g1,g2\n0.03,-0.02\n-0.04,0.05\n', []],
    ['capitals', 'G1,G2\n0.03,-0.02\n-0.04,0.05\n', []],
    ['semicolons and decimal commas', 'g1;g2\n0,03;-0,02\n-0,04;0,05\n', ['separated by semicolons', 'decimal commas']],
    [
      'tabs and comments',
      '# made\n# by hand\ng1\tg2\n0.03\t-0.02\n-0.04\t0.05\n',
      ['separated by tabs', '2 lines of comment passed over'],
    ],
    ['quotes', '"g1","g2"\n"0.03","-0.02"\n-0.04,0.05\n', []],
  ])('reads %s, and tells it', async (_, text, told) => {
    const table = await loadTruth('truth.csv', encode(text));
    expect(table.rows).toEqual([
      { g1: 0.03, g2: -0.02 },
      { g1: -0.04, g2: 0.05 },
    ]);
    expect(table.told?.slice(2)).toEqual(told);
    expect(table.told?.[0]).toBe('with g1, g2');
  });

  it('reads UTF-16 of either byte order, with a mark or without', async () => {
    const text = 'g1,g2\n0.03,-0.02\n';
    const little = (from: string) => new Uint8Array(Uint16Array.from(from, (letter) => letter.charCodeAt(0)).buffer);
    const big = (from: string) => little(from).map((_, i, all) => all[i ^ 1]);
    for (const bytes of [little(`\uFEFF${text}`), big(`\uFEFF${text}`), little(text), big(text)]) {
      const table = await loadTruth('truth.csv', bytes as Uint8Array<ArrayBuffer>);
      expect(table.rows).toEqual([{ g1: 0.03, g2: -0.02 }]);
      expect(table.told).toContain('UTF-16');
    }
  });

  it.each([
    ['index', '1,0.2\n0,0.1\n', [1, 0]],
    ['Index', '1,0.2\n0,0.1\n', [1, 0]],
    ['id', '2,0.2\n1,0.1\n', [1, 0]],
    ['', '0,0.2\n1,0.1\n', [0, 1]],
  ])('takes the column "%s" for the numbers of rows', async (name, rows, order) => {
    const table = await loadTruth('truth.csv', encode(`${name},g1\n${rows}`));
    expect(table.rows.map(({ index }) => index)).toEqual(order);
    expect(table.rows.map(({ g1 }) => g1)).toEqual([0.2, 0.1]);
  });

  it('names the columns that it does not understand, whatever they are called', async () => {
    const known = (column: string) => column === 'g1';
    const table = await loadTruth('truth.csv', encode('__proto__,g1,mag,id\n0.5,0.1,x,977\n'), undefined, known);
    expect(table.rows).toEqual([{ g1: 0.1 }]);
    expect(table.told).toEqual(['with g1', 'not used: __proto__, mag, id', 'line 1 names the columns']);
  });

  it.each([
    ['separators alone', encode(',\n,\n'), /the first line, ",", names no columns/],
    ['hexadecimal numbers', encode('g1,seed\n0x10,0b11\n'), /line 2, column g1: "0x10" is no finite number/],
    ['names that differ by capitals alone', encode('g1,G1\n1,2\n'), /column G1 appears twice/],
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
