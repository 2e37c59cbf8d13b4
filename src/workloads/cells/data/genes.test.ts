import { describe, expect, it } from 'vitest';
import { genesOfList, logVariances, mostVariable, selectGenes, unknownWords } from './genes.ts';
import type { SparseCounts } from './types.ts';

/** Cells [9, 0, 1], [0, 0, 1], [9, 2, 1]. */
const counts: SparseCounts = {
  cells: 3,
  genes: 3,
  starts: Uint32Array.of(0, 2, 3, 6),
  columns: Uint32Array.of(0, 2, 2, 0, 1, 2),
  values: Uint32Array.of(9, 1, 1, 9, 2, 1),
};

describe('genes', () => {
  it('vary by their log counts, zeros included', () => {
    const logs = [Math.log(10), 0, Math.log(10)];
    const mean = (2 * Math.log(10)) / 3;
    const expected = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3;
    const variances = logVariances(counts);
    expect(variances[0]).toBeCloseTo(expected, 12);
    expect(variances[2]).toBeCloseTo(0, 12);
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
      cells: 3,
      genes: 2,
      starts: Uint32Array.of(0, 2, 3, 5),
      columns: Uint32Array.of(0, 1, 0, 0, 1),
      values: Uint32Array.of(1, 9, 1, 1, 9),
    });
  });
});
