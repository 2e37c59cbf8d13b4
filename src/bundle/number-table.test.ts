import { describe, expect, it } from 'vitest';
import { FileError } from './file-error.ts';
import { loadImages } from './images.ts';
import { decodeNumberTable } from './number-table.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a table of numbers', () => {
  it.each([
    ['with names', '\uFEFFa,b\n1,-2.5\n\n3e-1,4\n'],
    ['without', '1,-2.5\r\n0.3,4'],
  ])('is an array of its rows: %s', (_, text) => {
    const { shape, data } = decodeNumberTable('x.csv', bytes(text));
    expect(shape).toEqual([2, 2]);
    expect([...data]).toEqual([1, -2.5, 0.3, 4]);
  });

  it('counts as one image where images are taken', async () => {
    expect(await loadImages('x.CSV', bytes('1,2,3\n4,5,6\n'))).toMatchObject({ n: 1, ny: 2, nx: 3 });
  });

  it.each([
    ['no rows', 'a,b\n', /no rows of numbers/],
    ['a word', 'a,b\n1,2\n3,x\n', /line 3, column 2: "x" is no finite number/],
    ['an empty cell', '1,2\n,4\n', /line 2, column 1: "" is no finite number/],
    ['rows of unequal length', '1,2\n3\n', /line 2 has 1 numbers, and the first has 2/],
  ])('is refused with %s', (_, text, message) => {
    expect(() => decodeNumberTable('x.csv', bytes(text))).toThrow(FileError);
    expect(() => decodeNumberTable('x.csv', bytes(text))).toThrow(message);
  });
});
