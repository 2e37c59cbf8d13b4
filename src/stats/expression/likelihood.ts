/** Negative log-likelihood a gene: the one score that a model cannot raise by looking plausible. */
import { StatsInputError } from '../errors.ts';
import type { Points } from '../two-sample/points.ts';

export interface NllSummary {
  /** Mean over cells and genes, nats a gene. */
  readonly mean: number;
  /** Standard error of the mean, from the spread between cells. */
  readonly error: number;
  /** Mean over cells, each gene. */
  readonly byGene: Float64Array;
}

/** @param nll −ln p of each token, [cells][genes], nats */
export function summariseNll({ values, dim }: Points): NllSummary {
  const cells = values.length / dim;
  if (!Number.isInteger(cells) || cells < 1)
    throw new StatsInputError(`${values.length} values do not make cells of ${dim} genes`);
  const byGene = new Float64Array(dim);
  const byCell = new Float64Array(cells);
  for (let i = 0; i < values.length; i++) {
    byGene[i % dim] += values[i] / cells;
    byCell[Math.floor(i / dim)] += values[i] / dim;
  }
  const mean = byCell.reduce((sum, v) => sum + v, 0) / cells;
  const squares = byCell.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (cells - 1) / cells), byGene };
}
