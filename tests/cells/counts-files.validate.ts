/**
 * Files of counts against what Python's anndata, h5py and SciPy see in them: the files of other programs and real sets that LOCKSTEP_SHARED's
 * `data/cells` holds, and files of our own read by anndata. Needs Debian's python3-anndata; without the folder the first part is not run.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { readCounts } from '../../src/bundle/anndata/read-counts.ts';
import { gatherCounts } from '../../src/bundle/anndata/sparse-counts.ts';
import type { Column, CountTable } from '../../src/bundle/anndata/types.ts';
import { annDataPieces } from '../../src/bundle/anndata/write-h5ad.ts';

const shared = process.env.LOCKSTEP_SHARED;
const folder = join(shared ?? '', 'data/cells');
const temporary = mkdtempSync(join(tmpdir(), 'lockstep-counts-'));
afterAll(() => rmSync(temporary, { recursive: true }));

interface Seen {
  readonly genes: string[];
  readonly cells: string[];
  readonly counts: number[];
  readonly obs: Record<string, (string | number | null)[]>;
  readonly version?: string;
  readonly uns?: Record<string, unknown>;
  readonly sorted?: boolean;
  readonly types?: Record<string, string>;
}

const script = fileURLToPath(new URL('fixtures/look_counts.py', import.meta.url));
/** Another Python, e.g. one with a newer anndata, may be named. */
const python = process.env.LOCKSTEP_PYTHON ?? '/usr/bin/python3';

function seenInPython(...args: string[]): Seen {
  const text = execFileSync(python, ['-W', 'ignore', script, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return JSON.parse(text);
}

const read = (path: string) => readCounts(path, new Uint8Array(readFileSync(join(folder, path))));

function expectEqual(table: CountTable, seen: Seen): void {
  expect([...table.cellNames]).toEqual(seen.cells);
  expect([...table.genes]).toEqual(seen.genes);
  const counts = gatherCounts(table.matrix, [...table.genes.keys()]);
  expect(counts.length).toBe(seen.counts.length);
  expect(seen.counts.findIndex((count, i) => count !== counts[i])).toBe(-1);
  expect(Object.fromEntries(table.obs.map((column) => [column.name, plain(column)]))).toEqual(seen.obs);
}

function plain(column: Column): (string | number | null)[] {
  return column.kind === 'labels'
    ? Array.from(column.codes, (code) => (code < 0 ? null : column.labels[code]))
    : Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
}

/** Without the largest common divisor. */
function reduced(counts: readonly number[]): number[] {
  const divisor = counts.reduce((a, b) => {
    while (b) [a, b] = [b, a % b];
    return a;
  }, 0);
  return counts.map((count) => count / (divisor || 1));
}

describe.skipIf(!shared)('files of other programs', () => {
  test.each([
    ['pbmc700.h5ad', 'X'],
    ['perturb2500.h5ad', 'X'],
    ['formats/anndata-v0.7.0.h5ad', 'raw/X'],
    ['formats/anndata-v0.7.8.h5ad', 'raw/X'],
    ['formats/tiny-csr.h5ad', 'X'],
    ['formats/tiny-csc-int64.h5ad', 'X'],
    ['formats/tiny-dense-log1p.h5ad', 'layers/counts'],
    ['formats/10x-v3.h5', 'matrix'],
    ['formats/10x-v1.h5', 'hg19_chr21'],
  ])('%s: %s as Python sees it', async (path, element) => {
    const table = await read(path);
    expect(table.source.matrix).toBe(element);
    expectEqual(table, seenInPython(join(folder, path), element));
  });

  test('the logarithms of tiny-dense-log1p.h5ad are undone to its counts, up to what all of a cell can be divided by', async () => {
    const path = 'formats/tiny-dense-log1p.h5ad';
    const bytes = new Uint8Array(readFileSync(join(folder, path)));
    const table = await readCounts(path, bytes, { matrix: 'X' });
    expect(table.source.done).toEqual(['log1p undone']);
    const seen = seenInPython(join(folder, path), 'layers/counts');
    const genes = seen.genes.length;
    // One cell has a single gene with two counts: normalised ones tell no more than that there are some.
    const counts = seen.cells.flatMap((_, cell) => reduced(seen.counts.slice(cell * genes, (cell + 1) * genes)));
    expect(counts).not.toEqual(seen.counts);
    expectEqual(table, { ...seen, counts });
  });

  test('10x-mtx-v3: the three files in a zip', async () => {
    const path = join(folder, 'formats/10x-mtx-v3');
    const files = readdirSync(path).map((name) => [name, new Uint8Array(readFileSync(join(path, name)))] as const);
    expectEqual(await readCounts('x.zip', zipSync(Object.fromEntries(files))), seenInPython(path));
  });

  test('anndata-v0.11.4.h5ad has no X and is refused with a sentence', async () => {
    await expect(read('formats/anndata-v0.11.4.h5ad')).rejects.toThrow(
      'it holds no matrix: X is missing, and there is neither raw/X nor a layer. Write the file with its counts',
    );
  });
});

test('a file of our own: anndata reads back what was written', async () => {
  const [cells, genes] = [300, 40];
  const counts = Uint16Array.from({ length: cells * genes }, (_, i) => (i % 3 === 0 ? (i * 7919) % 300 : 0));
  const bins = Uint8Array.from(counts, (count) => Math.min(count, 15));
  const part =
    <T extends Uint8Array | Uint16Array>(all: T) =>
    (first: number, count: number) =>
      all.slice(first * genes, (first + count) * genes) as T;
  const labels = ['control', 'β'];
  const pieces: Uint8Array[] = [];
  const names = (prefix: string, n: number) => Array.from({ length: n }, (_, i) => `${prefix}${i}`);
  for await (const piece of annDataPieces(
    {
      cellNames: names('cell_', cells),
      genes: names('Gα', genes),
      obs: [
        { kind: 'labels', name: 'perturbation', labels, codes: Int32Array.from({ length: cells }, (_, i) => i % 2) },
        { kind: 'numbers', name: 'seed', values: Float64Array.from({ length: cells }, (_, i) => i) },
        { kind: 'numbers', name: 'nll', values: Float64Array.from({ length: cells }, (_, i) => i / 7) },
      ],
      counts: part(counts),
      layers: { bins: part(bins) },
      uns: { lockstep: { seed: 42, sampler: 'tweedie', edges: Int32Array.of(0, 1, 8), labels } },
      timeMs: 0,
    },
    { together: 1000, pieceBytes: 65_536 },
  ))
    pieces.push(piece);
  const path = join(temporary, 'own.h5ad');
  writeFileSync(path, Buffer.concat(pieces));
  const seen = seenInPython(path, 'X');
  expect(seen.version).toMatch(/^0\.\d+/);
  expect(seen.counts).toEqual([...counts]);
  expect([seen.cells, seen.genes]).toEqual([names('cell_', cells), names('Gα', genes)]);
  expect(seen.types).toEqual({ X: 'float32', bins: 'uint8' });
  expect(seen.sorted).toBe(true);
  expect(seen.obs.perturbation.slice(0, 3)).toEqual(['control', 'β', 'control']);
  expect(seen.obs.nll[7]).toBe(1);
  expect(seen.uns).toEqual({ seed: 42, sampler: 'tweedie', edges: [0, 1, 8], labels });
  expect(seenInPython(path, 'layers/bins').counts).toEqual([...bins]);
});
