/** Cells of the toy as a table of counts, as a file of the user's would be. */
import { sparseCounts } from '../../../bundle/anndata/sparse-counts.ts';
import type { Counts } from '../data/tokenise.ts';
import { CELL_TYPES, GENES, PERTURBATIONS } from './network.ts';
import type { ToyCells } from './simulate.ts';

/** Columns of labels. */
export const TOY_COLUMNS = { perturbation: 'perturbation', cellType: 'cell_type' } as const;

export function toyTable({ cells, counts, perturbation, cellType }: Omit<ToyCells, 'states' | 'depth'>): Counts {
  const columns = GENES.length;
  const starts = Uint32Array.from({ length: cells + 1 }, (_, cell) => cell * columns);
  const columnOf = Uint32Array.from(counts, (_, at) => at % columns);
  return {
    cells,
    genes: GENES.map(({ name }) => name),
    cellNames: Array.from({ length: cells }, (_, cell) => `cell${cell + 1}`),
    obs: [
      { kind: 'labels', name: TOY_COLUMNS.perturbation, labels: PERTURBATIONS, codes: Int32Array.from(perturbation) },
      { kind: 'labels', name: TOY_COLUMNS.cellType, labels: CELL_TYPES, codes: Int32Array.from(cellType) },
    ],
    matrix: sparseCounts({ rows: cells, columns, starts, columnOf }, counts),
    warnings: [],
  };
}
