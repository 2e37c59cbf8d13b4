import { describe, expect, it } from 'vitest';
import { sparseCounts } from '../../../bundle/anndata/sparse-counts.ts';
import { makeBins } from './bins.ts';
import { type Counts, denseCounts, type TokenOptions, tokenise } from './tokenise.ts';

const DENSE = [
  [0, 9, 1, 200],
  [3, 0, 1, 0],
  [0, 1, 1, 8],
  [1, 0, 1, 0],
];

const table: Counts = {
  cells: 4,
  genes: ['A', 'B', 'C', 'D'],
  cellNames: ['c1', 'c2', 'c3', 'c4'],
  obs: [
    { kind: 'numbers', name: 'total', values: Float64Array.of(1, 2, 3, 4) },
    { kind: 'labels', name: 'Cell_Type', labels: ['x', 'y'], codes: Int32Array.of(0, 1, -1, 1) },
    { kind: 'labels', name: 'guide', labels: ['STAT1', 'gone', 'Non-Targeting'], codes: Int32Array.of(0, 2, 2, 0) },
    { kind: 'labels', name: 'barcode', labels: ['p', 'q', 'r', 's'], codes: Int32Array.of(0, 1, 2, 3) },
  ],
  matrix: sparseCounts(
    {
      ...{ rows: 4, columns: 4, starts: Uint32Array.of(0, 4, 8, 12, 16) },
      columnOf: Uint32Array.from({ length: 16 }, (_, at) => at % 4),
    },
    DENSE.flat(),
  ),
  warnings: ['told before'],
};
const tokens = (options: Partial<TokenOptions> = {}) =>
  tokenise(table, { bins: makeBins('octave'), source: 'here', ...options });

describe('tokens', () => {
  it('are the bins of the most variable genes in the order of the file', () => {
    const data = tokens({ genes: 3 });
    expect(data.genes).toEqual(['A', 'B', 'D']);
    expect([...data.tokens]).toEqual([0, 8, 15, 3, 0, 0, 0, 1, 8, 1, 0, 0]);
    expect([...denseCounts(data, [2, 0])]).toEqual([0, 1, 8, 0, 9, 200]);
    expect(data.warnings).toEqual(['told before']);
  });

  it('follow a list, and tell what is not there', () => {
    const data = tokens({ genes: ['D', 'nobody', 'A'] });
    expect(data.genes).toEqual(['D', 'A']);
    expect([...data.tokens]).toEqual([15, 0, 0, 3, 8, 0, 0, 1]);
    expect(data.warnings[1]).toContain('nobody');
    expect(() => tokens({ genes: ['D', 'nobody'], allGenes: true })).toThrow('here lacks 1 of the 2 genes');
  });

  it('take what there is where more genes are asked for, and warn of quantiles', () => {
    expect(tokens({ genes: 5 }).warnings.at(-1)).toContain('4 genes, fewer than the 5');
    expect(tokens({ bins: makeBins('quantile', 4) }).warnings.at(-1)).toContain('depth');
    expect(() => tokenise({ ...table, cells: 0 }, { bins: makeBins('octave'), source: 'here' })).toThrow('no cells');
  });
});

describe('labels', () => {
  it('are found by their usual names, without those that no cell has', () => {
    const { cellType, perturbation } = tokens();
    expect(cellType).toEqual({ column: 'Cell_Type', names: ['x', 'y'], codes: Uint32Array.of(0, 1, 2, 1) });
    expect(perturbation).toBeUndefined();
    expect(tokens({ cellType: '' }).cellType).toBeUndefined();
  });

  it('come from the column named, with the control in it', () => {
    const data = tokens({ perturbation: 'guide' });
    expect(data.perturbation).toEqual({
      column: 'guide',
      names: ['STAT1', 'Non-Targeting'],
      codes: Uint32Array.of(0, 1, 1, 0),
    });
    expect(data.control).toBe('Non-Targeting');
    expect(tokens({ perturbation: 'guide', control: 'STAT1' }).control).toBe('STAT1');
  });

  it('refuse what is not there or no label', () => {
    expect(() => tokens({ perturbation: 'guid' })).toThrow('Did you mean "guide"?');
    expect(() => tokens({ perturbation: 'something' })).toThrow('There are total, Cell_Type, guide, barcode.');
    expect(() => tokens({ cellType: 'total' })).toThrow('holds numbers');
    expect(() => tokens({ perturbation: 'guide', control: 'gone' })).toThrow('no cell has the perturbation "gone"');
  });
});
