/** Cells that are alike beside each other, so that a picture of them shows structure. */
import { clusteredOrder } from '../jobs/gene-order.ts';
import { correlationOf, PairSums } from '../jobs/pair-sums.ts';

/** @param tokens [cells][genes], no masks among them */
export function orderOfCells(tokens: Uint8Array, genes: number): Uint32Array {
  const cells = tokens.length / genes;
  if (cells < 3 || genes < 2) return Uint32Array.from({ length: cells }, (_, cell) => cell);
  // Cells take the place of genes: columns of the transposed tokens.
  const sums = new PairSums(Uint32Array.from({ length: cells }, (_, cell) => cell));
  const column = new Uint8Array(cells);
  for (let gene = 0; gene < genes; gene++) {
    for (let cell = 0; cell < cells; cell++) column[cell] = tokens[cell * genes + gene];
    sums.add(column);
  }
  return clusteredOrder(correlationOf(sums.moments()), cells);
}
