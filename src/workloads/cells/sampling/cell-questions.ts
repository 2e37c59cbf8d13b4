/** What a network is asked of the cells of a piece, one after the other. */
import { labelRows, type ScoreNetworkSpec } from '../../../nn/score-network/spec.ts';
import { ConfigError } from '../../workload.ts';
import type { PredictionRequest } from './predictor.ts';

export interface CellQuestion {
  /** [genes], the mask is V. */
  readonly tokens: Uint8Array;
  /** Genes that reveal. */
  readonly genes: readonly number[];
  /** Place of the first of them among the rows of the piece. */
  readonly at: number;
  /** Rows of the label tables; 0 where the network has none. */
  readonly perturbation: number;
  readonly cellType: number;
}

/** @throws ConfigError where the network has no row for a label, or for the want of one */
export function cellQuestions(spec: ScoreNetworkSpec, request: PredictionRequest): CellQuestion[] {
  const { plan, piece, tokens, labels } = request;
  const { genes } = plan;
  const questions: CellQuestion[] = [];
  let at = 0;
  while (at < piece.rows) {
    const cell = Math.floor(plan.rows[piece.firstRow + at] / genes);
    const own: number[] = [];
    for (let i = at; i < piece.rows; i++) {
      const row = plan.rows[piece.firstRow + i];
      if (row >= (cell + 1) * genes) break;
      own.push(row % genes);
    }
    questions.push({
      tokens: tokens.subarray(cell * genes, (cell + 1) * genes),
      genes: own,
      at,
      perturbation: tableRow(spec, 'perturbation', spec.perturbations, labels?.[2 * cell]),
      cellType: tableRow(spec, 'cell type', spec.cellTypes, labels?.[2 * cell + 1]),
    });
    at += own.length;
  }
  return questions;
}

/** The label's row; of none the last one. */
function tableRow(spec: ScoreNetworkSpec, what: string, labels: number, label = labels): number {
  if (labels === 0) return 0;
  if (label < labelRows(spec, labels)) return label;
  throw new ConfigError(
    'network',
    label === labels
      ? `This network always has a ${what}: it cannot be asked without one. Choose a label, and a guidance of 1.`
      : `The ${what} ${label} is not among the ${labels} that the network knows.`,
  );
}
