import { normalQuantile } from './normal.ts';
import type { Ordered } from './order.ts';

/** Scores of one sample size: entry k belongs to the average rank 1 + k/2. */
let scores: { readonly size: number; readonly table: Float64Array } = { size: 0, table: new Float64Array(0) };

function scoreTable(size: number): Float64Array {
  if (scores.size !== size) {
    const table = new Float64Array(2 * size - 1);
    for (let k = 0; k < table.length; k++) table[k] = normalQuantile((1 + k / 2 - 3 / 8) / (size + 1 / 4));
    scores = { size, table };
  }
  return scores.table;
}

/**
 * Rank-normalised values: z = Φ⁻¹((r − 3/8)/(S + 1/4)), r the rank among all S values with ties averaged
 * (Vehtari et al. 2021, eq. 14; Blom 1958). Takes the values' order, gives z in the places the values came from.
 */
export function rankNormalise({ order, sorted }: Ordered): Float64Array {
  // Quantiles are computed once per sample size: every parameter of a run has the same number of draws.
  const size = sorted.length;
  const table = scoreTable(size);
  const z = new Float64Array(size);
  for (let first = 0; first < size; ) {
    let end = first + 1;
    while (end < size && sorted[end] === sorted[first]) end++;
    const score = table[first + end - 1];
    for (let k = first; k < end; k++) z[order[k]] = score;
    first = end;
  }
  return z;
}
