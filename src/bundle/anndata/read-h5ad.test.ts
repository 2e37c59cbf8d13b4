import { describe, expect, test } from 'vitest';
import { type Dataset, type File, readHdf5 } from '../hdf5.ts';
import {
  annData,
  CELLS,
  DENSE,
  encode,
  GENES,
  put,
  putFrame,
  putSparse,
  putTexts,
  type Sparse,
  sparseOf,
  transposed,
} from '../test-support/anndata.ts';
import { loadFilter } from './filters.ts';
import { readHdf5Counts } from './read-hdf5-counts.ts';
import { gatherCounts } from './sparse-counts.ts';
import type { CountTable } from './types.ts';

const read = async (more: (file: File) => void, matrix?: string, frames = true) =>
  readHdf5Counts('x.h5ad', await annData(more, frames), matrix === undefined ? {} : { matrix });

const denseOf = ({ matrix, genes }: CountTable) => {
  const all = gatherCounts(matrix, [...genes.keys()]);
  return Array.from({ length: matrix.rows }, (_, row) => [...all.slice(row * genes.length, (row + 1) * genes.length)]);
};

const flat = Float32Array.from(DENSE.flat());
const good = sparseOf(DENSE);

describe('a matrix', () => {
  test.each<[string, (file: File) => void]>([
    ['dense', (file) => void put(file, 'X', flat, [6, 4])],
    ['dense of 64-bit whole numbers', (file) => void put(file, 'X', BigInt64Array.from(DENSE.flat(), BigInt), [6, 4])],
    ['CSR', (file) => putSparse(file, 'X', good)],
    ['CSR with 64-bit places', (file) => putSparse(file, 'X', good, { wide: true })],
    ['CSC', (file) => putSparse(file, 'X', sparseOf(transposed(DENSE)), { form: 'csc' })],
    [
      'CSC with 64-bit places',
      (file) => putSparse(file, 'X', sparseOf(transposed(DENSE)), { form: 'csc', wide: true }),
    ],
    [
      'CSR with rows in no order',
      (file) => {
        const { data, indices, indptr } = good;
        const turned = (values: number[]) =>
          indptr.slice(1).flatMap((end, row) => values.slice(indptr[row], end).reverse());
        putSparse(file, 'X', { data: turned(data), indices: turned(indices), indptr });
      },
    ],
    [
      'CSR that stores a zero',
      (file) =>
        putSparse(file, 'X', {
          data: [...good.data, 0],
          indices: [...good.indices, 1].map(Number),
          indptr: [...good.indptr.slice(0, -1), good.data.length + 1],
        }),
    ],
    [
      'gzip and shuffle',
      (file) => {
        const all = { name: 'X', data: flat, shape: [6, 4], dtype: '<f', chunks: [2, 4] };
        encode(file.create_dataset({ ...all, compression: 'gzip', compression_opts: [4] }), 'array', '0.2.0');
      },
    ],
  ])('%s comes out as it is', async (_, write) => {
    const table = await read(write);
    expect(denseOf(table)).toEqual(DENSE);
    expect([table.cells, table.genes, table.cellNames]).toEqual([6, GENES, CELLS]);
    expect(table.source).toEqual({ format: 'h5ad', matrix: 'X', done: [], matrices: ['X'] });
    expect(table.warnings).toEqual([]);
    // Ascending within each row, without zeros.
    const { starts, columnOf, counts } = table.matrix;
    expect(counts).toHaveLength(10);
    for (let row = 0; row < 6; row++)
      for (let i = starts[row] + 1; i < starts[row + 1]; i++) expect(columnOf[i]).toBeGreaterThan(columnOf[i - 1]);
  });

  test.each([
    ['lzf', 32000, []],
    ['zstd', 32015, [3]],
    ['blosc', 32001, [2, 2, 4, 3840, 5, 1, 0]],
  ])('compressed with %s, the plugin being loaded for it', async (_, filter, options) => {
    await loadFilter(filter);
    const many = Array.from({ length: 40 }, () => DENSE).flat();
    const write = (file: File) => {
      putFrame(file, 'obs', [...many.keys()].map(String));
      putFrame(file, 'var', GENES);
      const all = { name: 'X', data: Float32Array.from(many.flat()), shape: [240, 4], dtype: '<f', chunks: [240, 4] };
      file.create_dataset({ ...all, compression: filter, compression_opts: options });
    };
    const bytes = await annData(write, false);
    const { filters } = await readHdf5('x', bytes, (file) => ({ filters: (file.get('X') as Dataset).filters }));
    expect(filters.map(({ id }) => id)).toEqual([filter]);
    expect(denseOf(await readHdf5Counts('x.h5ad', bytes))).toEqual(many);
  });

  test('counts below 65,536 take 16 bits each', async () => {
    const small = DENSE.map((row) => row.map((count) => Math.min(count, 65_535)));
    expect((await read((file) => putSparse(file, 'X', sparseOf(small)))).matrix.counts).toBeInstanceOf(Uint16Array);
    expect((await read((file) => putSparse(file, 'X', good))).matrix.counts).toBeInstanceOf(Uint32Array);
  });
});

describe('which matrix', () => {
  const logs = Float32Array.from(DENSE.flatMap((row) => row.map((c) => Math.log1p((c * 1e4) / 300))));
  const layers = (file: File, of: Record<string, Float32Array>) => {
    const group = file.create_group('layers');
    for (const [name, values] of Object.entries(of)) put(group, name, values, [6, 4]);
  };
  const raw = (file: File, values: Float32Array) => {
    const group = file.create_group('raw');
    put(group, 'X', values, [6, 5]);
    putFrame(group, 'var', ['A', 'B', 'Γ', 'D', 'E']);
  };
  const wider = Float32Array.from(DENSE.flatMap((row) => [...row, 9]));

  test('layers/counts is taken before raw/X, and that before X', async () => {
    const all = await read((file) => {
      put(file, 'X', logs, [6, 4]);
      layers(file, { counts: flat, other: logs });
      raw(file, wider);
    });
    expect(all.source).toMatchObject({
      matrix: 'layers/counts',
      matrices: ['layers/counts', 'raw/X', 'X', 'layers/other'],
    });
    const two = await read((file) => {
      put(file, 'X', flat, [6, 4]);
      raw(file, wider);
    });
    expect(two.source.matrix).toBe('raw/X');
    // Raw has genes of its own.
    expect(two.genes).toEqual(['A', 'B', 'Γ', 'D', 'E']);
    expect(denseOf(two)).toEqual(DENSE.map((row) => [...row, 9]));
  });

  test('whole numbers anywhere are taken before logarithms', async () => {
    const table = await read((file) => {
      raw(file, Float32Array.from(wider, Math.log1p));
      put(file, 'X', flat, [6, 4]);
    });
    expect(table.source.matrix).toBe('X');
  });

  test('a named one is taken, and one that is not there refused with those that are', async () => {
    const write = (file: File) => {
      put(file, 'X', flat, [6, 4]);
      layers(file, { spliced: flat.map((value) => 2 * value) });
    };
    const named = await read(write, 'layers/spliced');
    expect(denseOf(named)).toEqual(DENSE.map((row) => row.map((value) => 2 * value)));
    await expect(read(write, 'layers/nowhere')).rejects.toMatchObject({
      message: 'x.h5ad: there is no matrix layers/nowhere. Name one of X, layers/spliced.',
      choices: { matrix: [{ value: 'X' }, { value: 'layers/spliced' }] },
    });
  });

  test('without X, a layer of another name is offered to be chosen', async () => {
    await expect(read((file) => layers(file, { spliced: flat }))).rejects.toMatchObject({
      choices: { matrix: [{ value: 'layers/spliced' }] },
      message: expect.stringMatching(
        /^x\.h5ad: X is missing, and of the layers layers\/spliced none is called counts\. Say/,
      ),
    });
  });

  test('log1p of normalised counts is undone to the last count, cell by cell', async () => {
    const small = DENSE.map((row) => row.map((count) => Math.min(count, 9000)));
    const total = (row: readonly number[]) => row.reduce((sum, c) => sum + c, 0) || 1;
    for (const type of [Float32Array, Float64Array]) {
      const values = type.from(small.flatMap((row) => row.map((c) => Math.log1p((c * 1e4) / total(row)))));
      const table = await read((file) => void put(file, 'X', values, [6, 4]));
      // Every cell of these but the last has a gene with one count, or a single gene.
      const expected = small.map((row) => row.map((count) => (total(row) === 2 ? Math.sign(count) : count)));
      expect(denseOf(table)).toEqual(expected);
      expect(table.source.done).toEqual(['log1p undone']);
      expect(table.warnings[0]).toMatch(/^X held logarithms/);
    }
  });

  test('the base that scanpy notes is heeded', async () => {
    const table = await read((file) => {
      put(
        file,
        'X',
        Float64Array.from(DENSE.flat(), (c) => Math.log2(1 + c / 7)),
        [6, 4],
      );
      const log1p = file.create_group('uns').create_group('log1p');
      log1p.create_dataset({ name: 'base', data: 2, shape: [], dtype: '<d' });
    });
    expect(denseOf(table)[5]).toEqual([5, 0, 1, 2]);
  });

  const refusals: [string, Float32Array | Float64Array, RegExp][] = [
    [
      'scaled values',
      flat.map((value) => value - 1),
      /no counts: X holds -1 \(cell 0, gene 0, counted from 0\), so it was scaled or centred\. Keep the counts/,
    ],
    ['no numbers', flat.map((value) => value || Number.NaN), /no counts: X holds NaN \(cell 0, gene 0/],
    [
      'infinity',
      flat.map((value) => (value === 3 ? Number.POSITIVE_INFINITY : value)),
      /X holds Infinity \(cell 0, gene 1/,
    ],
    [
      'normalised, not logged',
      flat.map((value) => value * 33.3),
      /X holds fractions up to 2331000: neither counts nor/,
    ],
    [
      'logarithms of what was no counts',
      Float64Array.from(flat, (value) => Math.log1p(value ** 0.7)),
      /X looks like logarithms, and undoing log1p gives no whole numbers \(first in cell 0/,
    ],
    [
      'counts beyond 32 bits',
      Float64Array.from(flat, (value) => value * 2 ** 20),
      /X holds 73400320000, and counts up to 4294967295/,
    ],
  ];
  test.each(refusals)('%s are refused', async (_, values, message) => {
    await expect(read((file) => void put(file, 'X', values, [6, 4]))).rejects.toThrow(message);
  });

  test('no matrix at all is refused', async () => {
    await expect(read(() => {})).rejects.toThrow(
      'it holds no matrix: X is missing, and there is neither raw/X nor a layer',
    );
  });
});

describe('columns of obs', () => {
  const NAMES = ['type', 'n', 'note', 'ok', 'score', 'passed', 'told', 'old', 'grid', 'odd'];
  const write = (file: File) => {
    put(file, 'X', flat, [6, 4]);
    const obs = putFrame(file, 'obs', CELLS, NAMES);
    putFrame(file, 'var', GENES);
    const type = obs.create_group('type');
    encode(type, 'categorical', '0.2.0');
    put(type, 'codes', Int8Array.of(0, 1, -1, 1, 0, 0));
    putTexts(type, 'categories', ['B', 'T']);
    put(obs, 'n', Float64Array.of(0, 1, 2, 3, 4, Number.NaN));
    putTexts(obs, 'note', ['a', '', 'β', 'a', 'd', 'e']);
    const masked = (name: string, type: string, fill: (group: ReturnType<typeof obs.create_group>) => void) => {
      const group = obs.create_group(name);
      encode(group, type, '0.1.0');
      fill(group);
      put(group, 'mask', Uint8Array.of(0, 0, 1, 0, 0, 0));
    };
    put(obs, 'ok', Uint8Array.of(1, 0, 1, 1, 0, 0));
    masked('score', 'nullable-integer', (group) => put(group, 'values', BigInt64Array.of(1n, 2n, 1n, 4n, -5n, 6n)));
    masked('passed', 'nullable-boolean', (group) => put(group, 'values', Int8Array.of(1, 0, 0, 1, 1, 0)));
    masked('told', 'nullable-string-array', (group) => putTexts(group, 'values', ['x', 'y', 'z', 'x', 'y', 'x']));
    put(obs, 'old', Int8Array.of(0, 0, 1, 1, -1, 0));
    putTexts(obs.create_group('__categories'), 'old', ['left', 'right']);
    put(obs, 'grid', new Float32Array(12), [6, 2]);
    encode(obs.create_group('odd'), 'awkward-array', '0.1.0');
  };

  test('text, numbers, categories old and new, and what may be missing', async () => {
    const { obs, warnings } = await read(write, undefined, false);
    const told = obs.map((column) => [
      column.name,
      ...(column.kind === 'numbers'
        ? column.values
        : Array.from(column.codes, (code) => (code < 0 ? null : column.labels[code]))),
    ]);
    expect(told).toEqual([
      ['type', 'B', 'T', null, 'T', 'B', 'B'],
      ['n', 0, 1, 2, 3, 4, Number.NaN],
      ['note', 'a', '', 'β', 'a', 'd', 'e'],
      ['ok', 1, 0, 1, 1, 0, 0],
      ['score', 1, 2, Number.NaN, 4, -5, 6],
      ['passed', 'True', 'False', null, 'True', 'True', 'False'],
      ['told', 'x', 'y', null, 'x', 'y', 'x'],
      ['old', 'left', 'left', 'right', 'right', null, 'left'],
    ]);
    expect(warnings).toEqual([
      'obs/grid was not read: it is of shape 6 × 2.',
      'obs/odd was not read: it is of the encoding awkward-array.',
    ]);
  });

  test.each<[string, (obs: ReturnType<typeof putFrame>) => void, string]>([
    [
      'codes out of range',
      (obs) => {
        const type = obs.create_group('type');
        encode(type, 'categorical', '0.2.0');
        put(type, 'codes', Int8Array.of(0, 1, -2, 1, 0, 0));
        putTexts(type, 'categories', ['B', 'T']);
      },
      'obs/type/codes holds -2 at 2 (counted from 0), and obs/type/categories has 2 entries',
    ],
    [
      'a short column',
      (obs) => void put(obs, 'type', Float64Array.of(1, 2)),
      'obs/type has 2 values, and obs has 6 names',
    ],
  ])('%s are refused', async (_, fill, message) => {
    const damaged = (file: File) => {
      put(file, 'X', flat, [6, 4]);
      fill(putFrame(file, 'obs', CELLS, ['type']));
      putFrame(file, 'var', GENES);
    };
    await expect(read(damaged, undefined, false)).rejects.toThrow(message);
  });

  test('names that come again get a number, and the file says so', async () => {
    const table = await read(
      (file) => {
        put(file, 'X', flat, [6, 4]);
        putFrame(file, 'obs', CELLS);
        putFrame(file, 'var', ['A', 'A', 'A-1', 'A']);
      },
      undefined,
      false,
    );
    expect(table.genes).toEqual(['A', 'A-2', 'A-1', 'A-3']);
    expect(table.warnings).toEqual(['2 genes had a name that was there before, and got -1, -2 … behind it.']);
  });
});

describe('damage is refused by the name of the element', () => {
  const broken = (part: Partial<Sparse>, how?: Parameters<typeof putSparse>[3]) => (file: File) =>
    putSparse(file, 'X', { ...good, ...part }, how);
  const changed = (values: number[], at: number, value: number) => values.with(at, value);

  test.each<[string, (file: File) => void, string]>([
    [
      'a place out of range',
      broken({ indices: changed(good.indices, 3, 4) }),
      'X/indices holds 4 at 3 (counted from 0), and 4 is the end',
    ],
    ['a negative place', broken({ indices: changed(good.indices, 3, -1) }), 'X/indices holds -1 at 3'],
    [
      'a gene twice in a cell',
      broken({ indices: changed(good.indices, 1, 1) }),
      'X has two values for cell 0 and gene 1',
    ],
    ['starts that go down', broken({ indptr: changed(good.indptr, 2, 1) }), 'X/indptr goes down from 2 to 1 at 2'],
    ['starts that begin late', broken({ indptr: changed(good.indptr, 0, 1) }), 'X/indptr begins with 1, not 0'],
    [
      'an end beyond the data',
      broken({ indptr: changed(good.indptr, 6, 99) }),
      'X/indptr ends at 99, and there are 10 values',
    ],
    ['too few starts', broken({ indptr: good.indptr.slice(1) }), 'X/indptr has 6 values, and 7 are needed'],
    [
      'fewer places than values',
      broken({ indices: good.indices.slice(1) }),
      'X/indices has 9 values, and X/data has 10',
    ],
    ['another shape', broken({}, { shape: [5, 4] }), 'X has the shape 5 × 4, and there are 6 cells and 4 genes'],
    [
      'a row too many of a CSC',
      broken(sparseOf(transposed([...DENSE, [1, 1, 1, 1]])), { form: 'csc' }),
      'X/indices holds 6 at 3',
    ],
    [
      'a dense one of another shape',
      (file) => void put(file, 'X', flat, [4, 6]),
      'X has the shape 4 × 6, and there are 6 cells',
    ],
    [
      'a group that is no matrix',
      (file) => encode(file.create_group('X'), 'coo_matrix', '0.1.0'),
      'X is a group of the encoding coo_matrix, which is no matrix',
    ],
    [
      'text for a matrix',
      (file) => void file.create_dataset({ name: 'X', data: DENSE.flat().map(String), shape: [6, 4], dtype: 'S' }),
      'X holds text',
    ],
    [
      'a matrix without data',
      (file) => {
        const group = file.create_group('X');
        encode(group, 'csr_matrix', '0.1.0');
        group.create_attribute('shape', [6n, 4n] as never, [2], '<q');
      },
      'X/data is missing',
    ],
  ])('%s', async (_, write, message) => {
    const failure = await read(write).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: 'FileError' });
    expect((failure as Error).message).toContain(`x.h5ad: ${message}`);
  });

  test.each<[string, (file: File) => void, string]>([
    ['no obs', (file) => void putFrame(file, 'var', GENES), 'obs is missing'],
    ['no var', (file) => void putFrame(file, 'obs', CELLS), 'var is missing'],
    [
      'no names of genes',
      (file) => {
        putFrame(file, 'obs', CELLS);
        file.create_group('var').create_attribute('_index', 'gene');
      },
      'var/gene is missing, which holds the names',
    ],
    [
      'a file of something else',
      (file) => void put(file, 'volume', flat),
      'it is an HDF5 file with neither obs and var',
    ],
  ])('%s', async (_, write, message) => {
    await expect(read(write, undefined, false)).rejects.toThrow(`x.h5ad: ${message}`);
  });

  test('an unknown filter is named with the remedy; bytes of something else and a file cut short are told', async () => {
    const whole = await annData((file) => void put(file, 'X', flat, [6, 4]));
    await expect(readHdf5Counts('x.h5ad', whole.slice(0, 3000))).rejects.toThrow('x.h5ad: HDF5 cannot read it');
    await expect(readHdf5Counts('x.h5ad', new Uint8Array(100))).rejects.toThrow('x.h5ad: it is no HDF5 file. Give');
  });
});
