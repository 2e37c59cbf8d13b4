/**
 * Bins back to counts: a draw among the counts that training cells had of that gene in that bin. A bin's middle instead would leave
 * gaps in every histogram.
 */
import { keyOfSeed, threefry2x32 } from '../../../stats/threefry.ts';
import type { BinHistogram, Bins, TokenData } from './types.ts';

/** What these random numbers are for: the upper counter word, apart from every step of a sampler. */
const PURPOSE = 0xc0_00_00_00;

/** @param cells the training cells, indices into the data */
export function binHistogram(
  { genes, bins, tokens, counts }: Pick<TokenData, 'genes' | 'bins' | 'tokens' | 'counts'>,
  cells: ArrayLike<number>,
): BinHistogram {
  const rows: Map<number, number>[] = Array.from({ length: (genes.length + 1) * bins.count }, () => new Map());
  const add = (row: number, value: number) => rows[row].set(value, (rows[row].get(value) ?? 0) + 1);
  const pooled = genes.length * bins.count;
  for (let i = 0; i < cells.length; i++) {
    for (let at = counts.starts[cells[i]]; at < counts.starts[cells[i] + 1]; at++) {
      const gene = counts.columnOf[at];
      const bin = tokens[cells[i] * genes.length + gene];
      add(gene * bins.count + bin, counts.counts[at]);
      add(pooled + bin, counts.counts[at]);
    }
  }
  return packed(rows);
}

function packed(rows: readonly ReadonlyMap<number, number>[]): BinHistogram {
  const entries = rows.reduce((sum, row) => sum + row.size, 0);
  const starts = new Uint32Array(rows.length + 1);
  const values = new Uint32Array(entries);
  const cumulative = new Uint32Array(entries);
  let at = 0;
  rows.forEach((row, index) => {
    let sum = 0;
    for (const [value, often] of [...row].sort((a, b) => a[0] - b[0])) {
      sum += often;
      values[at] = value;
      cumulative[at++] = sum;
    }
    starts[index + 1] = at;
  });
  return { starts, values, cumulative };
}

/**
 * A count for a gene's bin by a random word. What the gene never had comes from all genes together, and what none had is the bin's
 * edge (for quantiles the bin's number).
 */
export function countOfBin(histogram: BinHistogram, bins: Bins, gene: number, bin: number, word: number): number {
  if (bin === 0) return 0;
  const pooled = histogram.starts.length - 1 - bins.count + bin;
  for (const row of [gene * bins.count + bin, pooled]) {
    const from = histogram.starts[row];
    const to = histogram.starts[row + 1];
    if (to === from) continue;
    const at = Math.floor((word / 2 ** 32) * histogram.cumulative[to - 1]);
    let entry = from;
    while (histogram.cumulative[entry] <= at) entry++;
    return histogram.values[entry];
  }
  return bins.edges?.[bin] ?? bin;
}

/**
 * Counts [cells][genes] of generated tokens. Equal whatever cells are drawn together: the random numbers have the address
 * (seed, cell, gene).
 * @param first number of the first cell
 * @throws RangeError for a mask among the tokens
 */
export function countsOfTokens(
  histogram: BinHistogram,
  bins: Bins,
  tokens: Uint8Array,
  { genes, seed, first = 0 }: { readonly genes: number; readonly seed: number; readonly first?: number },
): Uint32Array<ArrayBuffer> {
  const key = keyOfSeed(seed);
  const counts = new Uint32Array(tokens.length);
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at] === 0) continue;
    const gene = at % genes;
    const cell = first + (at - gene) / genes;
    if (tokens[at] >= bins.count) throw new RangeError(`gene ${gene} of cell ${cell} is still masked: it has no count`);
    counts[at] = countOfBin(histogram, bins, gene, tokens[at], threefry2x32(key, [cell, (PURPOSE | gene) >>> 0])[0]);
  }
  return counts;
}
