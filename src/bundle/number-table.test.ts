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

  const rowsOf = (text: string) => {
    const { shape, data } = decodeNumberTable('x.csv', bytes(text));
    return Array.from({ length: shape[0] }, (_, row) => [...data.subarray(row * shape[1], (row + 1) * shape[1])]);
  };
  const three = [
    [-0.64, 0.16],
    [-0.1, -0.3],
    [0.2, 0.1],
  ];

  it.each([
    ['pandas without its index', '0,1\n-0.64,0.16\n-0.1,-0.3\n0.2,0.1\n'],
    ['pandas with its index', ',0,1\n0,-0.64,0.16\n1,-0.1,-0.3\n2,0.2,0.1\n'],
    ['pandas with an index of a name', 'id,x,y\n1,-0.64,0.16\n2,-0.1,-0.3\n3,0.2,0.1\n'],
    ['rows in another order', 'x,y,Index\n0.2,0.1,2\n-0.64,0.16,0\n-0.1,-0.3,1\n'],
    ['np.savetxt', '# x y\n-6.4e-01 1.6e-01\n-1.0e-01 -3.0e-01\n 2.0e-01  1.0e-01\n'],
    ['a spreadsheet of Europe', 'x;y\r\n-0,64;0,16\r\n-0,1;-0,3\r\n0,2;0,1\r\n'],
    ['spaces and decimal commas', '-0,64 0,16\n-0,1 -0,3\n0,2 0,1\n'],
    ['tabs', '-0.64\t0.16\n-0.1\t-0.3\n0.2\t0.1'],
    ['spaces after commas', '-0.64, 0.16\n-0.1, -0.3\n0.2, 0.1\n'],
  ])('reads what %s writes', (_, text) => {
    expect(rowsOf(text)).toEqual(three);
  });

  it('tells what it took for what', () => {
    const told = (text: string) => decodeNumberTable('x.csv', bytes(text)).told;
    expect(told('1,2\n')).toEqual([]);
    expect(told('0,1\n0.5,0.1\n')).toEqual(['line 1, whole numbers from 0, names the columns', 'columns 0, 1']);
    expect(told('id;x\n2;0,5\n1;0,25\n')).toEqual([
      'line 1 names the columns',
      'separated by semicolons',
      'decimal commas',
      'rows in the order of the column id',
      'columns x',
    ]);
  });

  it('takes a first line of whole numbers for numbers where it can be nothing else', () => {
    expect(rowsOf('1,0\n0.5,0.1\n')[0]).toEqual([1, 0]);
    expect(rowsOf('0\n1\n')).toEqual([[0], [1]]);
  });

  it('is as fast as it is long: 200,000 columns', () => {
    for (const quote of ['', '"']) {
      const line = (of: (i: number) => string) =>
        Array.from({ length: 200_000 }, (_, i) => quote + of(i) + quote).join(',');
      const from = performance.now();
      const { shape } = decodeNumberTable('x.csv', bytes(`${line((i) => `c${i}`)}\n${line(String)}\n`));
      expect(shape).toEqual([1, 200_000]);
      // A walk over the names for each name took half a minute.
      expect(performance.now() - from).toBeLessThan(8000);
    }
  });

  it('reads a number of a hundred thousand digits as fast', () => {
    const from = performance.now();
    expect(() => decodeNumberTable('x.csv', bytes(`${'1'.repeat(200_000)}x\n`))).toThrow(FileError);
    expect(performance.now() - from).toBeLessThan(1000);
  });

  it.each([
    ['names that may be numbers', '0,1\n2,3\n', /line 1, "0,1", may be the names that pandas gives/],
    ['a row of nan first', 'nan,nan\n1,2\n3,4\n', /line 1, column 1: "nan" is no finite number/],
    ['a row of nothing', '1,2\n,\n3,4\n', /line 2, column 1: "" is no finite number/],
    ['a line of nothing in one column', '1\n\n3\n', /line 2, column 1: "" is no finite number/],
    ['a hexadecimal number', '1,0x10\n', /column 2: "0x10" is no finite number/],
    ['a number beyond all', '1,1e400\n', /column 2: "1e400" is no finite number/],
    ['an open quote', '1,2\n3,4\n"5,6\n7,8\n', /not readable as CSV: .* \(line 3\)/],
    ['an open quote at the end', '1,2\n3,"4\n', /not readable as CSV: .* \(line 2\)/],
    ['an index with gaps', 'index,x\n0,0.5\n2,0.7\n', /column index does not number the rows 0 … 1/],
    ['separators alone', ',\n,\n', /line 1, column 1: "" is no finite number/],
    ['nothing but comments', '# x\n', /nothing but comments/],
    ['no text', '1,2\0\n', /not a text file/],
    ['no rows', 'a,b\n', /no rows of numbers/],
    ['a word', 'a,b\n1,2\n3,x\n', /line 3, column 2: "x" is no finite number/],
    ['an empty cell', '1,2\n,4\n', /line 2, column 1: "" is no finite number/],
    ['rows of unequal length', '1,2\n3\n', /line 2 has 1 numbers, and the first has 2/],
  ])('is refused with %s', (_, text, message) => {
    expect(() => decodeNumberTable('x.csv', bytes(text))).toThrow(FileError);
    expect(() => decodeNumberTable('x.csv', bytes(text))).toThrow(message);
  });
});
