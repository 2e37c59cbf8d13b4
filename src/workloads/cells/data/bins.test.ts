import { describe, expect, it, test } from 'vitest';
import { sparseCounts } from '../../../bundle/anndata/sparse-counts.ts';
import { binOfCount, binWords, makeBins, tokensOfCounts } from './bins.ts';
import { binHistogram, countOfBin, countsOfTokens } from './counts-from-bins.ts';
import { foldOf, splitCells } from './split.ts';
import type { TokenData } from './types.ts';

function sparse(dense: readonly (readonly number[])[]) {
  const [rows, columns] = [dense.length, dense[0].length];
  const starts = Uint32Array.from({ length: rows + 1 }, (_, row) => row * columns);
  const columnOf = Uint32Array.from({ length: rows * columns }, (_, at) => at % columns);
  return sparseCounts({ rows, columns, starts, columnOf }, dense.flat());
}

describe('bins', () => {
  it('are exact to 7 and two an octave from 8 on', () => {
    expect(makeBins('octave').edges).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91]);
    expect(makeBins('octave', 18).edges!.slice(15)).toEqual([91, 128, 182]);
    expect(makeBins('exact', 4).edges).toEqual([0, 1, 2, 3]);
    expect(makeBins('octave', 255).edges!.every((edge, i, all) => i === 0 || edge > all[i - 1])).toBe(true);
  });

  it('hold every count between their edges', () => {
    const { edges } = makeBins('octave');
    for (const [count, bin] of [
      [0, 0],
      [7, 7],
      [8, 8],
      [11, 8],
      [12, 9],
      [90, 14],
      [91, 15],
      [100_000, 15],
    ])
      expect(binOfCount(edges!, count), String(count)).toBe(bin);
    const bins = makeBins('octave');
    expect([3, 9, 15].map((bin) => binWords(bins, bin))).toEqual(['3', '12–15', '91 and more']);
  });

  it('refuse numbers that do not fit a byte with the mask', () => {
    expect(() => makeBins('octave', 256)).toThrow('256 bins: choose a whole number from 2 to 255');
    expect(() => makeBins('exact', 1)).toThrow();
  });

  it('of quantiles keep zero apart, share ties and do not see depth', () => {
    const rows = [
      [0, 1, 2, 3, 4],
      [0, 10, 20, 30, 40],
      [5, 5, 0, 5, 5],
    ];
    const tokens = tokensOfCounts(sparse(rows), makeBins('quantile', 5));
    expect([...tokens.subarray(0, 5)]).toEqual([0, 1, 2, 3, 4]);
    expect(tokens.subarray(5, 10)).toEqual(tokens.subarray(0, 5));
    expect([...tokens.subarray(10)]).toEqual([3, 3, 0, 3, 3]);
  });
});

describe('counts from bins', () => {
  const rows = [
    [12, 0, 100],
    [15, 8, 0],
    [15, 0, 0],
    [15, 9, 200],
  ];
  const bins = makeBins('octave');
  const counts = sparse(rows);
  const data = {
    genes: ['a', 'b', 'c'],
    bins,
    counts,
    tokens: tokensOfCounts(counts, bins),
  } satisfies Partial<TokenData>;
  const histogram = binHistogram(data, [0, 1, 2, 3]);

  it('have the frequencies that the gene had in the bin', () => {
    const share = (word: number) => countOfBin(histogram, bins, 0, 9, word);
    const drawn = Array.from({ length: 400 }, (_, i) => share((i + 0.5) * (2 ** 32 / 400)));
    expect(drawn.filter((count) => count === 12)).toHaveLength(100);
    expect(drawn.filter((count) => count === 15)).toHaveLength(300);
  });

  it('come from all genes, then the edge, where the gene never had the bin', () => {
    expect(countOfBin(histogram, bins, 1, 9, 2 ** 32 - 1)).toBe(15);
    expect(countOfBin(histogram, bins, 0, 15, 0)).toBe(100);
    expect(countOfBin(histogram, bins, 0, 12, 5)).toBe(32);
    expect(countOfBin(histogram, bins, 2, 0, 2 ** 32 - 1)).toBe(0);
  });

  it('use training cells only', () => {
    expect(countOfBin(binHistogram(data, [0]), bins, 2, 15, 2 ** 32 - 1)).toBe(100);
    expect(countOfBin(histogram, bins, 2, 15, 2 ** 32 - 1)).toBe(200);
  });

  it('fall back into their bins, and are the same whatever is drawn together', () => {
    const tokens = Uint8Array.from({ length: 300 }, (_, i) => (7 * i) % 16);
    const options = { genes: 3, seed: 5 };
    const all = countsOfTokens(histogram, bins, tokens, options);
    expect(Array.from(all, (count) => binOfCount(bins.edges!, count))).toEqual([...tokens]);
    const part = countsOfTokens(histogram, bins, tokens.subarray(120), { ...options, first: 40 });
    expect(part).toEqual(all.slice(120));
    expect(() => countsOfTokens(histogram, bins, Uint8Array.of(0, 0, 1, 0, 16, 1), options)).toThrow(
      'gene 1 of cell 1 is still masked',
    );
  });
});

test('a split holds each cell once, mixes a sorted file, and is the same again', () => {
  const { training, heldOut } = splitCells(1000, 3);
  expect(heldOut).toHaveLength(200);
  expect([...training, ...heldOut].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  // Half of the held out come from the first half, give or take 4 of its standard deviations of 6.3.
  expect(Math.abs(heldOut.filter((cell) => cell < 500).length - 100)).toBeLessThan(26);
  expect(splitCells(1000, 3)).toEqual({ training, heldOut });
  expect(splitCells(1000, 4).heldOut).not.toEqual(heldOut);
  expect(splitCells(2, 0).heldOut).toHaveLength(1);
  const folds = [0, 1, 2].flatMap((fold) => [...foldOf(10, 1, fold, 3).heldOut]);
  expect(folds.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(() => splitCells(1, 0)).toThrow('at least two');
  expect(() => splitCells(10, 0, 1)).toThrow('between 0 and 1');
});
