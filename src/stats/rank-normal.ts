import { normalQuantile } from './normal.ts';
import { lowerBound, upperBound } from './order.ts';

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
 * (Vehtari et al. 2021, eq. 14; Blom 1958). `sorted` is the ascending copy of `values`.
 */
export function rankNormalise(values: Float64Array, sorted: Float64Array): Float64Array {
  // Quantiles are computed once per sample size: every parameter of a run has the same number of draws.
  const table = scoreTable(values.length);
  const z = new Float64Array(values.length);
  for (let i = 0; i < z.length; i++) z[i] = table[lowerBound(sorted, values[i]) + upperBound(sorted, values[i]) - 1];
  return z;
}
