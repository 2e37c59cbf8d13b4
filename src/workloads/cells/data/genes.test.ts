import { describe, expect, it } from 'vitest';
import type { SparseCounts } from '../../../bundle/anndata/types.ts';
import { genesOfList, mostVariable, selectGenes, unknownWords } from './genes.ts';

/** Cells [9, 0, 1], [0, 0, 1], [9, 2, 1]. */
const counts: SparseCounts = {
  rows: 3,
  columns: 3,
  starts: Uint32Array.of(0, 2, 3, 6),
  columnOf: Uint16Array.of(0, 2, 2, 0, 1, 2),
  counts: Uint16Array.of(9, 1, 1, 9, 2, 1),
};

describe('genes', () => {
  it('are those whose log counts vary most, zeros included, in the order of the file', () => {
    expect(mostVariable(counts, 1).columns).toEqual([0]);
    expect(mostVariable(counts, 2).columns).toEqual([0, 1]);
  });

  it('of a list keep its order, and tell what is not there', () => {
    const choice = genesOfList(['A', 'B', 'C'], ['C', 'x', ' A', 'C', '']);
    expect(choice).toEqual({ columns: [2, 0], unknown: ['x'] });
    expect(unknownWords(choice)).toBe('1 gene of the list is not in the data and left out (x); 2 are used.');
    expect(unknownWords({ columns: [0], unknown: [] })).toBeUndefined();
    expect(() => genesOfList(['ENSG1'], ['CD3E', 'CD8A'])).toThrow(/none of the 2 genes .*CD3E, CD8A.*ENSG1/);
    expect(() => genesOfList(['A'], [' '])).toThrow('empty');
    expect(() => mostVariable(counts, 2049)).toThrow('2049 genes: choose from 1 to 2048');
  });

  it('are taken out with their counts, sorted by their new places', () => {
    const taken = selectGenes(counts, [2, 0]);
    expect(taken).toEqual({
      rows: 3,
      columns: 2,
      starts: Uint32Array.of(0, 2, 3, 5),
      columnOf: Uint16Array.of(0, 1, 0, 0, 1),
      counts: Uint16Array.of(1, 9, 1, 1, 9),
    });
  });
});
