/** The cells that ship: simulated, with a known network of genes. The same for page, Node and Deno (`setShippedFiles`). */
import { shippedFile } from '../../shipped-files.ts';
import { ConfigError } from '../../workload.ts';
import { decodeToy } from '../toy/file.ts';
import { CONTROL } from '../toy/network.ts';
import { TOY_COLUMNS, toyTable } from '../toy/table.ts';
import { makeBins } from './bins.ts';
import { type Counts, tokenise } from './tokenise.ts';
import type { Bins, TokenData } from './types.ts';

/** Path below `public/`. */
export const SHIPPED_CELLS = 'cells/regulatory.npz';

export interface ShippedCells {
  readonly table: Counts;
  /** Where the counts are from, in words. */
  readonly source: string;
  /** The simulator's seed. */
  readonly seed: number;
}

/** @throws ConfigError where the file is not there; FileError for a damaged one */
export async function loadShippedCells(): Promise<ShippedCells> {
  const bytes = await shippedFile(SHIPPED_CELLS);
  if (!bytes)
    throw new ConfigError(
      'data',
      `the cells that come with the program are not there (${SHIPPED_CELLS}). Give a file of yours.`,
    );
  const toy = await decodeToy('regulatory.npz', bytes);
  return {
    table: toyTable(toy),
    source: `${toy.cells} simulated cells with a known network of genes (seed ${toy.seed})`,
    seed: toy.seed,
  };
}

/** All genes of the cells that ship, with their labels. */
export async function shippedTokens(bins: Bins = makeBins('octave')): Promise<TokenData> {
  const { table, source } = await loadShippedCells();
  return tokenise(table, { bins, source, genes: table.genes, ...TOY_COLUMNS, control: CONTROL });
}
