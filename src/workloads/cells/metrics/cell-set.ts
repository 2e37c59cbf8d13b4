/** Cells of a data set as metrics take them. */
import { takeCells } from '../../../stats/expression/subsample.ts';
import { denseCounts } from '../data/tokenise.ts';
import type { TokenData } from '../data/types.ts';
import type { CellSet } from './types.ts';

/** @param cells indices into the data, in the order they are to have */
export function cellSetOf(data: TokenData, cells: Uint32Array): CellSet {
  const { genes, tokens, perturbation } = data;
  return {
    tokens: takeCells(tokens, genes.length, cells).values,
    counts: denseCounts(data, Array.from(cells)),
    ...(perturbation && { perturbation: cells.map((cell) => perturbation.codes[cell]) }),
  };
}
