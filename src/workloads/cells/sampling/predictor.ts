/** What a sampler on the CPU asks for: the law of hidden genes given the visible ones. */
import type { Piece } from './pieces.ts';
import type { RevealPlan } from './reveal-plan.ts';

/** Logit of a token that cannot be: finite, since shaders may take it for granted that nothing is infinite. Its weight is exactly 0. */
export const FORBIDDEN_LOGIT = -1e30;

/** What is predicted at once: the rows of a piece, from tokens as they were before its step. */
export interface PredictionRequest {
  readonly plan: RevealPlan;
  readonly piece: Piece;
  /** [cell][gene], `bins` where hidden. */
  readonly tokens: Uint8Array;
  /** [cell][2]: perturbation and cell type; undefined asks for the law without labels. */
  readonly labels: Uint32Array | undefined;
}

export interface Predictor {
  readonly genes: number;
  readonly bins: number;
  /**
   * Writes logits of log p(gene = v | visible genes, labels) for the rows of a piece, in their order: out [row of the piece][bins], up to a
   * constant of each row.
   */
  predict(request: PredictionRequest, out: Float64Array): void | Promise<void>;
  /** Frees what it holds, after the prediction in flight. Safe to call twice. */
  close?(): void;
}

/** Label of the perturbation of a cell; undefined where there are none. */
export function labelOf(labels: Uint32Array | undefined, cell: number): number | undefined {
  return labels?.[2 * cell];
}
