import { describe, expect, test } from 'vitest';
import { type File, writeHdf5 } from '../hdf5.ts';
import { CELLS, DENSE, GENES, put, putTexts, sparseOf, transposed } from '../test-support/anndata.ts';
import { readHdf5Counts } from './read-hdf5-counts.ts';
import { gatherCounts } from './sparse-counts.ts';

const good = sparseOf(DENSE);
const IDS = GENES.map((_, i) => `ENSG0000${i}`);

function ofTenX(file: File, group: string, { version = 3, types = GENES.map(() => 'Gene Expression') } = {}) {
  const matrix = file.create_group(group);
  put(matrix, 'data', Int32Array.from(good.data));
  put(matrix, 'indices', BigInt64Array.from(good.indices, BigInt));
  put(matrix, 'indptr', BigInt64Array.from(good.indptr, BigInt));
  put(matrix, 'shape', Int32Array.of(4, 6));
  putTexts(matrix, 'barcodes', CELLS);
  if (version < 3) {
    putTexts(matrix, 'genes', IDS);
    putTexts(matrix, 'gene_names', GENES);
    return matrix;
  }
  const features = matrix.create_group('features');
  putTexts(features, 'id', IDS);
  putTexts(features, 'name', GENES);
  putTexts(features, 'feature_type', types);
  return matrix;
}

const read = async (write: (file: File) => void, matrix?: string) =>
  readHdf5Counts('x.h5', await writeHdf5(0, write), matrix === undefined ? {} : { matrix });
const dense = ({ matrix, genes }: Awaited<ReturnType<typeof read>>) => [...gatherCounts(matrix, [...genes.keys()])];

test('version 3 and versions 1 and 2 hold the same', async () => {
  for (const [group, version] of [
    ['matrix', 3],
    ['GRCh38', 2],
  ] as const) {
    const table = await read((file) => void ofTenX(file, group, { version }));
    expect(dense(table)).toEqual(DENSE.flat());
    expect([table.genes, table.cellNames, table.obs]).toEqual([GENES, CELLS, []]);
    expect(table.source).toEqual({ format: '10x h5', matrix: group, done: [], matrices: [group] });
  }
});

test('features that are no genes are left out, and told', async () => {
  const types = ['Gene Expression', 'Antibody Capture', 'Gene Expression', 'CRISPR Guide Capture'];
  const table = await read((file) => void ofTenX(file, 'matrix', { types }));
  expect(table.genes).toEqual(['A', 'Γ']);
  expect(dense(table)).toEqual(DENSE.flatMap((row) => [row[0], row[2]]));
  expect(table.warnings).toEqual(['2 features of other types than Gene Expression were left out.']);
  await expect(read((file) => void ofTenX(file, 'matrix', { types: GENES.map(() => 'Peaks') }))).rejects.toThrow(
    'x.h5: it holds 6 cells and 0 features of the type Gene Expression',
  );
});

test('of two genomes one has to be named', async () => {
  const write = (file: File) => {
    ofTenX(file, 'hg19', { version: 2 });
    ofTenX(file, 'mm10', { version: 2 });
  };
  await expect(read(write)).rejects.toMatchObject({
    message: 'x.h5: it holds several genomes: hg19, mm10. Say which one is meant (matrix).',
    choices: { matrix: [{ value: 'hg19' }, { value: 'mm10' }] },
  });
  expect((await read(write, 'mm10')).source.matrices).toEqual(['mm10', 'hg19']);
});

describe('damage is refused by the name of the element', () => {
  const replaced = (name: string, fill: (group: ReturnType<typeof ofTenX>) => void) => (file: File) => {
    const all = ['data', 'indices', 'indptr', 'shape', 'barcodes'];
    const whole = ofTenX(file, 'whole');
    const group = file.create_group('matrix');
    for (const each of all) if (each !== name) file.create_hard_link(`${whole.path}/${each}`, `matrix/${each}`);
    file.create_hard_link('whole/features', 'matrix/features');
    fill(group);
  };
  test.each<[string, (file: File) => void, string]>([
    [
      'a fraction',
      replaced('data', (group) =>
        put(
          group,
          'data',
          Float32Array.from(good.data, (c) => c / 2),
        ),
      ),
      'matrix/data holds 1.5 at 0 (counted from 0), which is no count',
    ],
    [
      'a place out of range',
      replaced('indices', (group) => put(group, 'indices', Int32Array.from(good.indices.with(2, 4)))),
      'matrix/indices holds 4 at 2',
    ],
    [
      'starts that go down',
      replaced('indptr', (group) => put(group, 'indptr', Int32Array.from(good.indptr.with(3, 1)))),
      'matrix/indptr goes down from 3 to 1 at 3',
    ],
    [
      'another shape',
      replaced('shape', (group) => put(group, 'shape', Int32Array.of(6, 4))),
      'matrix/shape is 6 × 4, and there are 4 features and 6 barcodes',
    ],
    [
      'too few barcodes',
      replaced('barcodes', (group) => putTexts(group, 'barcodes', CELLS.slice(1))),
      'matrix/shape is 4 × 6, and there are 4 features and 5 barcodes',
    ],
  ])('%s', async (_, write, message) => {
    await expect(read(write, 'matrix')).rejects.toThrow(`x.h5: ${message}`);
  });
});

test('loom: genes × cells, with the columns of its cells', async () => {
  const write = (file: File) => {
    put(file, 'matrix', Float32Array.from(transposed(DENSE).flat()), [4, 6]);
    putTexts(file.create_group('row_attrs'), 'Gene', GENES);
    const cells = file.create_group('col_attrs');
    putTexts(cells, 'CellID', CELLS);
    putTexts(cells, 'ClusterName', ['x', 'y', 'x', 'x', 'y', 'x']);
  };
  const table = await read(write);
  expect(dense(table)).toEqual(DENSE.flat());
  expect([table.genes, table.cellNames]).toEqual([GENES, CELLS]);
  expect(table.obs).toEqual([
    { kind: 'labels', name: 'ClusterName', labels: ['x', 'y'], codes: Int32Array.of(0, 1, 0, 0, 1, 0) },
  ]);
});
