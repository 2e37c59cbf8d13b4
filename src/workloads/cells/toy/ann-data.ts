/** Cells of the toy as an AnnData file, as somebody would bring it. */
import type { AnnDataFile } from '../../../bundle/anndata/write-h5ad.ts';
import { GENES } from './network.ts';
import { simulateToy } from './simulate.ts';
import { toyTable } from './table.ts';

/** @param seed of the simulator: other cells than those that ship by another one */
export function toyCells(cells: number, seed: number): AnnDataFile {
  const toy = simulateToy(cells, seed);
  const { cellNames, genes, obs } = toyTable(toy);
  return {
    ...{ cellNames, genes, obs },
    counts: (first, count) => toy.counts.subarray(first * GENES.length, (first + count) * GENES.length),
    uns: { simulated: { about: 'a toy of gene regulation; no cell is real', seed } },
    timeMs: 0,
  };
}
