import { expect, test } from 'vitest';
import {
  annData,
  CELLS,
  DENSE,
  GENES,
  put,
  putFrame,
  putSparse,
  putTexts,
  sparseOf,
} from '../../../bundle/test-support/anndata.ts';
import { makeBins } from '../data/bins.ts';
import { tokenise } from '../data/tokenise.ts';
import { labelOptions } from './data-input.ts';
import type { DataPreview } from './data-preview.ts';
import { dataRole } from './data-role.ts';

const COLUMNS = { perturbation: ['ctrl', 'X', 'X', 'ctrl', 'Y', 'ctrl'], batch: ['a', 'a', 'b', 'b', 'a', 'b'] };

const file = annData((root) => {
  putSparse(root, 'X', sparseOf(DENSE));
  const layers = root.create_group('layers');
  put(
    layers,
    'doubled',
    Float32Array.from(DENSE.flat(), (count) => 2 * count),
    [6, 4],
  );
  const obs = putFrame(root, 'obs', CELLS, [...Object.keys(COLUMNS), 'depth']);
  for (const [name, texts] of Object.entries(COLUMNS)) putTexts(obs, name, texts);
  put(obs, 'depth', Float64Array.of(1, 2, 3, 4, Number.NaN, 6));
  putFrame(root, 'var', GENES);
}, false);
const read = async (options?: Record<string, string>) => dataRole.read('mine.h5ad', await file, options);

test('counts, perturbations and control are found, and what may be chosen instead', async () => {
  const { input, count, what, choices } = await read();
  expect([count, what]).toEqual([6, '6 cells × 4 genes; counts from X; 3 perturbations in perturbation, control ctrl']);
  expect(input).toMatchObject({ name: 'mine.h5ad', control: 'ctrl', perturbation: { names: ['ctrl', 'X', 'Y'] } });
  expect(input.options).toBeUndefined();
  const values = Object.fromEntries(
    Object.entries(choices!).map(([name, all]) => [name, all.map((each) => each.value)]),
  );
  expect(values).toEqual({
    matrix: ['X', 'layers/doubled'],
    'perturbation-column': ['perturbation', 'batch', 'none'],
    'cell-type-column': ['none', 'perturbation', 'batch'],
    'control-label': ['ctrl', 'X', 'Y', 'none'],
  });
  // Every option that is offered is one of the role's.
  for (const name of Object.keys(values)) expect(dataRole.options!.map((option) => option.name)).toContain(name);
});

test('what is chosen is taken, and kept', async () => {
  const options = { matrix: 'layers/doubled', 'perturbation-column': 'none', 'cell-type-column': 'batch' };
  const { input, what } = await read(options);
  expect(what).toBe('6 cells × 4 genes; counts from layers/doubled; 2 cell types in batch');
  expect(input.options).toEqual(options);
  expect((await read({ 'control-label': 'Y' })).input.control).toBe('Y');
  expect((await read({ 'control-label': 'none' })).input.control).toBeUndefined();
  // An empty choice is none.
  expect((await read({ matrix: '' })).input.options).toBeUndefined();
});

test('what is not there is refused by name', async () => {
  await expect(read({ 'perturbation-column': 'perturbatoin' })).rejects.toMatchObject({
    name: 'FileError',
    message: expect.stringContaining('Did you mean "perturbation"?'),
  });
  await expect(read({ 'control-label': 'Z' })).rejects.toMatchObject({
    name: 'FileError',
    message: expect.stringContaining('"Z"'),
  });
  await expect(read({ matrix: 'raw/X' })).rejects.toThrow('there is no matrix raw/X. Name one of X, layers/doubled.');
});

test('the preview tells counts, columns and what was taken for granted', async () => {
  const preview = (await dataRole.preview!((await read()).input)) as DataPreview;
  expect(preview).toMatchObject({
    cells: 6,
    genes: 4,
    matrix: 'X',
    largest: 70_000,
    totals: [0, 8, 70_001],
    zeros: 1 - 10 / 24,
    control: 'ctrl',
    columns: [
      {
        name: 'perturbation',
        use: 'perturbation',
        distinct: 3,
        missing: 0,
        most: [
          { label: 'ctrl', cells: 3 },
          { label: 'X', cells: 2 },
          { label: 'Y', cells: 1 },
        ],
      },
      { name: 'batch', distinct: 2 },
      { name: 'depth', kind: 'numbers', range: [1, 6], missing: 1 },
    ],
  });
  const { edges, cells } = preview.histogram;
  expect(cells.reduce((sum, count) => sum + count, 0)).toBe(6);
  expect(edges).toHaveLength(cells.length + 1);
  expect(edges.every((edge, i) => i === 0 || edge > edges[i - 1])).toBe(true);
  expect(edges.at(-1)).toBeGreaterThan(70_001);
  expect(preview.granted[0]).toBe('Counts come from X.');
  // Posted to the page.
  expect(structuredClone(preview)).toEqual(preview);
});

test('the input goes on to tokens with its own labels', async () => {
  const { input } = await read({ 'cell-type-column': 'batch', 'perturbation-column': 'none' });
  const data = tokenise(input.table, { genes: 3, bins: makeBins('octave'), ...labelOptions(input) });
  expect([data.cells, data.genes.length, data.source]).toEqual([6, 3, 'mine.h5ad']);
  expect(data.cellType?.names).toEqual(['a', 'b']);
  expect(data.perturbation).toBeUndefined();
});
