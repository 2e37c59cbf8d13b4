/** Whether predicted and real cells of one perturbation change the same genes: Cell-Eval's metrics on differential expression. */
import { spearman } from '../correlation.ts';
import { type GeneChanges, SIGNIFICANT } from './differential.ts';
import { averagePrecision, rocAuc } from './ranking.ts';

/** Cell-Eval's N of "overlap at N". */
export const TOP_GENES = [50, 100, 200, 500] as const;

export interface DeAgreement {
  /** Genes with FDR < 0.05 in the real cells, and in the predicted ones. */
  readonly significantReal: number;
  readonly significantPredicted: number;
  /**
   * Of the k = min(N, significant real genes) of largest |log fold change|, the share among the first k significant predicted genes; for
   * each N of `tops`, then without N. 0 where the real cells have no significant gene.
   */
  readonly overlap: readonly number[];
  /** The same with k = min(N, significant predicted genes). */
  readonly precision: readonly number[];
  /** Of the significant real genes the share whose predicted fold change goes the same way; NaN without such genes. */
  readonly directionMatch: number;
  /** Spearman correlation of real and predicted fold changes over the significant real genes. */
  readonly lfcSpearman: number;
  /** Of the significant real genes the share that is significant in the predicted cells. */
  readonly recall: number;
  /** Average precision and ROC area of the predicted FDR, lowest first, for finding the significant real genes. */
  readonly prAuc: number;
  readonly rocAuc: number;
}

/** @param tops the N of "overlap at N" */
export function deAgreement(
  real: GeneChanges,
  predicted: GeneChanges,
  tops: readonly number[] = TOP_GENES,
): DeAgreement {
  const [ofReal, ofPredicted] = [real, predicted].map(significantGenes);
  const share = (genes: readonly number[], hit: (gene: number) => boolean) => genes.filter(hit).length / genes.length;
  const log = (changes: GeneChanges, gene: number) => Math.log2(changes.foldChange[gene]);
  const predictedSet = new Set(ofPredicted);
  const positive = Array.from(real.fdr, (fdr) => fdr < SIGNIFICANT);
  const scores = predicted.fdr.map((fdr) => -fdr);
  return {
    significantReal: ofReal.length,
    significantPredicted: ofPredicted.length,
    overlap: [...tops, undefined].map((top) => shared(ofReal, ofPredicted, top, ofReal.length)),
    precision: [...tops, undefined].map((top) => shared(ofReal, ofPredicted, top, ofPredicted.length)),
    directionMatch: share(ofReal, (gene) => Math.sign(log(real, gene)) === Math.sign(log(predicted, gene))),
    lfcSpearman: spearman(
      ofReal.map((gene) => real.foldChange[gene]),
      ofReal.map((gene) => predicted.foldChange[gene]),
    ),
    recall: share(ofReal, (gene) => predictedSet.has(gene)),
    prAuc: averagePrecision(positive, scores),
    rocAuc: rocAuc(positive, scores),
  };
}

/** Significant genes by falling |log fold change|, equal ones in the order of the genes. */
function significantGenes({ fdr, foldChange }: GeneChanges): number[] {
  const size = foldChange.map((fold) => Math.abs(Math.log2(fold)));
  return Array.from(fdr, (_, gene) => gene)
    .filter((gene) => fdr[gene] < SIGNIFICANT)
    .sort((a, b) => size[b] - size[a] || a - b);
}

function shared(real: readonly number[], predicted: readonly number[], top: number | undefined, most: number): number {
  const k = Math.min(top ?? most, most);
  if (k === 0) return 0;
  const first = new Set(predicted.slice(0, k));
  return real.slice(0, k).filter((gene) => first.has(gene)).length / k;
}
