/**
 * Pieces of a step: some of its active cells with all their rows, so that no more rows are predicted at once than a buffer holds. A step's
 * reveals are drawn from what was visible before it; a cell is whole in its piece, so cells never see half a step.
 */
import type { RevealPlan } from './reveal-plan.ts';

export interface Piece {
  readonly step: number;
  /** Rows of it in the plan's lists, `rows` and `places`. */
  readonly firstRow: number;
  readonly rows: number;
  /** Cells of it in the plan's list of active cells. */
  readonly firstCell: number;
  readonly cells: number;
  /** Most rows of one of its cells. */
  readonly most: number;
}

/** Splits every step with reveals into pieces of at most `mostRows` rows; steps without reveals have none. */
export function piecesOf(plan: RevealPlan, mostRows: number): Piece[] {
  if (mostRows < plan.genes)
    throw new RangeError(`${mostRows} rows at once do not hold the ${plan.genes} genes of a cell`);
  const pieces: Piece[] = [];
  for (let step = 0; step < plan.steps; step++) {
    let row = plan.offsets[step];
    const endRow = plan.offsets[step + 1];
    let cell = plan.cellOffsets[step];
    while (row < endRow) {
      let end = row;
      let endCell = cell;
      let most = 0;
      while (end < endRow) {
        let next = end;
        while (next < endRow && plan.places[next] === endCell) next++;
        if (next - row > mostRows) break;
        most = Math.max(most, next - end);
        end = next;
        endCell++;
      }
      pieces.push({ step, firstRow: row, rows: end - row, firstCell: cell, cells: endCell - cell, most });
      row = end;
      cell = endCell;
    }
  }
  return pieces;
}

/** Most pieces that any cells of a chunk can come to. All but the last of a step leave no room for another cell. */
export function mostPieces(chunk: number, genes: number, steps: number, mostRows: number): number {
  const inSteps = Math.min(steps, chunk * genes);
  const full = Math.floor((chunk * genes) / (mostRows - genes + 1));
  return Math.min(inSteps + full, mostActiveCells(chunk, genes, steps));
}

/** Most pairs of a step and a cell that reveals in it. */
export function mostActiveCells(chunk: number, genes: number, steps: number): number {
  return chunk * Math.min(genes, steps);
}
