/**
 * Differential expression of each perturbation against control cells, gene by gene, as Cell-Eval has it computed (pdex,
 * parallel_differential_expression with metric "wilcoxon").
 */
import { StatsInputError } from '../errors.ts';
import { type Points, requireSameDim } from '../two-sample/points.ts';
import { benjaminiHochberg } from './false-discovery.ts';
import { rankSumSorted } from './rank-sum.ts';

/** Fold change where the control mean is 0; its inverse where the perturbed mean is 0 (pdex's clip_value). */
const CLIPPED_FOLD = 20;
/** False discovery rate below which a gene counts as changed (Cell-Eval's fdr_threshold). */
export const SIGNIFICANT = 0.05;

/** One perturbation's genes. */
export interface GeneChanges {
  /** expm1(mean of the perturbed cells) / expm1(mean of the controls), the means taken in ln(1 + x). */
  readonly foldChange: Float64Array;
  /** Rank-sum test, two-sided. */
  readonly pValue: Float64Array;
  /** p adjusted by Benjamini and Hochberg over all genes of all perturbations together. */
  readonly fdr: Float64Array;
}

/**
 * @param groups cells of each perturbation, in ln(1 + x) of normalised counts, [cells][genes]
 * @param control of the same space and genes
 */
export function differentialExpression(groups: readonly Points[], control: Points): GeneChanges[] {
  if (groups.length === 0) throw new StatsInputError('there are no perturbations to test');
  const { dim } = control;
  for (const group of groups) requireSameDim(group, control);
  const folds = groups.map(() => new Float64Array(dim));
  const pValues = new Float64Array(groups.length * dim);
  for (let gene = 0; gene < dim; gene++) {
    const reference = column(control, gene);
    const base = Math.expm1(mean(reference));
    reference.sort();
    for (const [g, group] of groups.entries()) {
      const values = column(group, gene);
      folds[g][gene] = foldChange(Math.expm1(mean(values)), base);
      pValues[g * dim + gene] = rankSumSorted(values.sort(), reference).pValue;
    }
  }
  const fdr = benjaminiHochberg(pValues);
  return folds.map((fold, g) => ({
    foldChange: fold,
    pValue: pValues.slice(g * dim, (g + 1) * dim),
    fdr: fdr.slice(g * dim, (g + 1) * dim),
  }));
}

function foldChange(target: number, control: number): number {
  if (control === 0) return CLIPPED_FOLD;
  return target === 0 ? 1 / CLIPPED_FOLD : target / control;
}

function column({ values, dim }: Points, gene: number): Float64Array {
  const out = new Float64Array(values.length / dim);
  for (let i = 0; i < out.length; i++) out[i] = values[i * dim + gene];
  return out;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
