/** The space in which differential expression and perturbation effects are measured. */
import type { Points } from '../two-sample/points.ts';

/** Counts that each cell is scaled to: scanpy's `normalize_total(target_sum=1e4)`. */
export const TARGET_SUM = 1e4;

/**
 * ln(1 + 10⁴ count / Σ counts of the cell), scanpy's normalize_total and log1p over the genes at hand; a cell without counts stays 0.
 * Cell-Eval scales to the median library size instead where it is given counts: hand it this to get these numbers.
 */
export function logNormalise({ values, dim }: Points, targetSum = TARGET_SUM): Points {
  const out = new Float64Array(values.length);
  for (let from = 0; from < values.length; from += dim) {
    let total = 0;
    for (let k = 0; k < dim; k++) total += values[from + k];
    if (total === 0) continue;
    for (let k = 0; k < dim; k++) out[from + k] = Math.log1p((values[from + k] * targetSum) / total);
  }
  return { values: out, dim };
}
