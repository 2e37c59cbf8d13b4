import { gzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { annData, CELLS, DENSE, GENES, putSparse, sparseOf } from '../test-support/anndata.ts';
import { readCounts } from './read-counts.ts';
import { gatherCounts } from './sparse-counts.ts';
import type { CountTable } from './types.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const dense = ({ matrix, genes }: CountTable) => [...gatherCounts(matrix, [...genes.keys()])];

/** Genes × cells as Cell Ranger writes it, entries in no order. */
function mtx(rows: readonly (readonly number[])[] = DENSE, genesFirst = true, kind = 'integer'): string {
  const entries = rows.flatMap((row, cell) =>
    row.flatMap((count, gene) =>
      count ? [`${genesFirst ? `${gene + 1} ${cell + 1}` : `${cell + 1} ${gene + 1}`} ${count}`] : [],
    ),
  );
  const size = genesFirst ? [rows[0].length, rows.length] : [rows.length, rows[0].length];
  const head = [
    `%%MatrixMarket matrix coordinate ${kind} general`,
    '%metadata_json: {}',
    `${size.join(' ')} ${entries.length}`,
  ];
  return `${[...head, ...entries.reverse()].join('\n')}\n`;
}

const FEATURES = `${GENES.map((name, i) => `ENSG${i}\t${name}\tGene Expression`).join('\n')}\n`;
const BARCODES = `${CELLS.join('\n')}\n`;
const folder = {
  'filtered/matrix.mtx.gz': gzipSync(bytesOf(mtx())),
  'filtered/barcodes.tsv.gz': gzipSync(bytesOf(BARCODES)),
  'filtered/features.tsv.gz': gzipSync(bytesOf(FEATURES)),
};

/** POSIX ustar, without what no reader here looks at. */
function tar(files: Record<string, Uint8Array>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([path, bytes]) => {
    const head = new Uint8Array(512);
    const put = (at: number, text: string) => head.set(bytesOf(text), at);
    put(0, path);
    put(124, bytes.length.toString(8).padStart(11, '0'));
    put(156, '0');
    put(257, 'ustar');
    const body = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    body.set(bytes);
    return [head, body];
  });
  return new Uint8Array(Buffer.concat([...blocks, new Uint8Array(1024)]));
}

test('a matrix alone: genes and cells are numbered, and the table says so', async () => {
  for (const [name, bytes] of [
    ['x.mtx', bytesOf(mtx())],
    ['x.mtx.gz', gzipSync(bytesOf(mtx()))],
    ['windows.mtx', bytesOf(mtx().replaceAll('\n', '\r\n'))],
    ['real.mtx', bytesOf(mtx(DENSE, true, 'real').replace(' 70000\n', ' 7.0e4\n'))],
  ] as const) {
    const table = await readCounts(name, bytes);
    expect(dense(table)).toEqual(DENSE.flat());
    expect([table.genes[3], table.cellNames[5]]).toEqual(['gene4', 'cell6']);
    expect(table.warnings).toEqual([
      'No names of genes came with the matrix: its rows were taken for genes, and numbered.',
      'No barcodes came with the matrix: its cells were numbered.',
    ]);
  }
});

test.each<[string, string, Uint8Array]>([
  ['zip', 'x.zip', zipSync(folder)],
  ['tar', 'x.tar', tar(folder)],
  ['tar.gz', 'x.tar.gz', gzipSync(tar(folder))],
  [
    'a zip as GEO names the files, another sample beside it',
    'x.zip',
    zipSync({
      'GSM1_matrix.mtx': bytesOf(mtx()),
      'GSM1_barcodes.tsv': bytesOf(BARCODES),
      'GSM1_genes.tsv': bytesOf(FEATURES.replaceAll('\tGene Expression', '')),
      'GSM2_barcodes.tsv': bytesOf('x\n'),
      '__MACOSX/._GSM1_matrix.mtx': bytesOf('nothing'),
    }),
  ],
  [
    'cells × genes, which the names tell',
    'x.zip',
    zipSync({
      'matrix.mtx': bytesOf(mtx(DENSE, false)),
      'barcodes.tsv': bytesOf(BARCODES),
      'features.tsv': bytesOf(FEATURES),
    }),
  ],
])('%s of matrix, barcodes and features', async (_, name, bytes) => {
  const table = await readCounts(name, bytes);
  expect(dense(table)).toEqual(DENSE.flat());
  expect([table.genes, table.cellNames]).toEqual([GENES, CELLS]);
  expect(table.source.format).toBe('mtx');
});

test('features that are no genes are left out', async () => {
  const features = FEATURES.replace('B\tGene Expression', 'B\tAntibody Capture');
  const table = await readCounts(
    'x.zip',
    zipSync({ ...folder, 'filtered/features.tsv.gz': gzipSync(bytesOf(features)) }),
  );
  expect(table.genes).toEqual(['A', 'Γ', 'D']);
  expect(dense(table)).toEqual(DENSE.flatMap((row) => row.toSpliced(1, 1)));
});

test('of several matrices one has to be named', async () => {
  const bytes = zipSync({ 'a/matrix.mtx': bytesOf(mtx()), 'b/matrix.mtx': bytesOf(mtx(DENSE.slice(1))) });
  await expect(readCounts('x.zip', bytes)).rejects.toMatchObject({
    choices: { matrix: [{ value: 'a/matrix.mtx' }, { value: 'b/matrix.mtx' }] },
  });
  const table = await readCounts('x.zip', bytes, { matrix: 'b/matrix.mtx' });
  expect([table.cells, table.source.matrices]).toEqual([5, ['b/matrix.mtx', 'a/matrix.mtx']]);
});

test('an .h5ad packed with gzip, or in a zip', async () => {
  const file = await annData((root) => putSparse(root, 'X', sparseOf(DENSE)));
  for (const [name, bytes] of [
    ['x.h5ad', file],
    ['x.h5ad.gz', gzipSync(file)],
    ['x.zip', zipSync({ 'data/x.h5ad': file })],
  ] as const)
    expect(dense(await readCounts(name, bytes)), name).toEqual(DENSE.flat());
});

describe('damage is refused by file and line', () => {
  const text = mtx();
  const lines = text.split('\n');
  const withLine = (at: number, line: string) => bytesOf(lines.with(at - 1, line).join('\n'));
  test.each<[string, string, Uint8Array, string]>([
    ['nothing', 'x.mtx', new Uint8Array(0), 'x.mtx: the file is empty'],
    ['no header', 'x.mtx', bytesOf('1 2 3\n'), 'x.mtx: it does not begin with "%%MatrixMarket matrix"'],
    [
      'dense',
      'x.mtx',
      bytesOf('%%MatrixMarket matrix array real general\n'),
      'x.mtx: it is "array real general", and "coordinate integer general" is read',
    ],
    ['a fraction', 'x.mtx', withLine(5, '1 2 0.5'), 'x.mtx: line 5, "1 2 0.5", is not three whole numbers'],
    ['a negative number', 'x.mtx', withLine(5, '1 2 -5'), 'x.mtx: line 5, "1 2 -5", is not'],
    ['two numbers', 'x.mtx', withLine(5, '1 2'), 'x.mtx: line 5, "1 2", is not'],
    ['a place out of range', 'x.mtx', withLine(5, '5 2 1'), 'x.mtx: line 5 is about place 5, 2 of 4 × 6'],
    ['place 0', 'x.mtx', withLine(5, '0 2 1'), 'x.mtx: line 5 is about place 0, 2 of 4 × 6'],
    ['too few entries', 'x.mtx', bytesOf(lines.slice(0, 8).join('\n')), 'x.mtx: it ends after 5 of the 10 entries'],
    ['too many', 'x.mtx', bytesOf(`${text}1 1 1\n`), 'x.mtx: line 14 is one more than the 10 entries'],
    ['an entry twice', 'x.mtx', withLine(5, lines[3]), 'x.mtx: it has two values for cell 6 and gene 4'],
    [
      'sizes for nothing',
      'x.mtx',
      bytesOf('%%MatrixMarket matrix coordinate integer general\n9000000 9 1\n1 1 1\n'),
      'x.mtx: it declares 9000000 × 9, and has 1 entries',
    ],
    ['a stream cut short', 'x.mtx.gz', gzipSync(bytesOf(text)).slice(0, 60), 'x.mtx.gz: it'],
    [
      'names of another number',
      'x.zip',
      zipSync({ ...folder, 'filtered/barcodes.tsv.gz': gzipSync(bytesOf('a\nb\n')) }),
      'x.zip/filtered/matrix.mtx.gz: it is 4 × 6, and there are 4 features (x.zip/filtered/features.tsv.gz) and 2 barcodes',
    ],
    [
      'names that are no text',
      'x.zip',
      zipSync({ ...folder, 'filtered/barcodes.tsv.gz': Uint8Array.of(255, 254, 10) }),
      'x.zip/filtered/barcodes.tsv.gz: its bytes are no UTF-8 text',
    ],
    [
      'an archive of something else',
      'x.zip',
      zipSync({ 'a.txt': bytesOf('a') }),
      'x.zip: there is no .mtx and no .h5ad in it',
    ],
    ['a zip cut short', 'x.zip', zipSync(folder).slice(0, 200), 'x.zip: '],
    ['a tar cut short', 'x.tar', tar(folder).slice(0, 700), 'x.tar: it is no tar archive'],
    ['names alone', 'barcodes.tsv.gz', folder['filtered/barcodes.tsv.gz'], 'barcodes.tsv.gz: it holds names alone'],
    ['something else', 'x.txt', bytesOf('hello'), 'x.txt: it is no file of counts that is read here'],
    ['something else of that name', 'x.h5ad', bytesOf('hello'), 'x.h5ad: it is no HDF5 file'],
  ])('%s', async (_, name, bytes, message) => {
    const failure = await readCounts(name, bytes).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: 'FileError' });
    expect((failure as Error).message.startsWith(message), (failure as Error).message).toBe(true);
  });
});
