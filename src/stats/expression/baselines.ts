/** Cells that somebody without a model could make: what every number stands beside. */
import type { Points } from '../two-sample/points.ts';
import { RandomWords } from '../two-sample/random-words.ts';

/** Counts of each token at each gene, [genes][bins]. */
export function tokenCounts({ values, dim }: Points, bins: number): Float64Array {
  const counts = new Float64Array(dim * bins);
  for (let i = 0; i < values.length; i++) counts[(i % dim) * bins + values[i]]++;
  return counts;
}

/** Cells whose genes are independent: each gene's token is that of a random training cell, another for every gene. */
export function independentCells(training: Points, cells: number, seed: number, stream: number): Points {
  const { values, dim } = training;
  const available = values.length / dim;
  const words = new RandomWords(seed, stream);
  const out = new Uint16Array(cells * dim);
  for (let i = 0; i < out.length; i++) {
    out[i] = values[Math.floor(words.word() * 2 ** -32 * available) * dim + (i % dim)];
  }
  return { values: out, dim };
}

/** The most frequent token of each gene; of equally frequent ones the lowest. */
export function modeTokens(counts: Float64Array, bins: number): Uint16Array {
  return Uint16Array.from({ length: counts.length / bins }, (_, gene) => {
    const row = counts.subarray(gene * bins, (gene + 1) * bins);
    return row.reduce((best, count, token) => (count > row[best] ? token : best), 0);
  });
}

/** The lower median token of each gene. */
export function medianTokens(counts: Float64Array, bins: number): Uint16Array {
  return Uint16Array.from({ length: counts.length / bins }, (_, gene) => {
    const row = counts.subarray(gene * bins, (gene + 1) * bins);
    const half = row.reduce((sum, count) => sum + count, 0) / 2;
    let below = 0;
    for (let token = 0; token < bins; token++) {
      below += row[token];
      if (below >= half) return token;
    }
    return bins - 1;
  });
}

/** The same cell as often as asked. */
export function repeatedCell(tokens: Uint16Array, cells: number): Points {
  const out = new Uint16Array(cells * tokens.length);
  for (let i = 0; i < cells; i++) out.set(tokens, i * tokens.length);
  return { values: out, dim: tokens.length };
}
