/** The cells that ship in `public/cells`, simulated with one seed, so they come out equal to the byte. */
import { SHIPPED_CELLS } from '../../src/workloads/cells/data/shipped.ts';
import { encodeToy } from '../../src/workloads/cells/toy/file.ts';
import { simulateToy } from '../../src/workloads/cells/toy/simulate.ts';

const CELLS = 3000;
const SEED = 42;

/** Every file by its path below `public/`. */
export async function shippedCells(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  return { [SHIPPED_CELLS]: await encodeToy({ ...simulateToy(CELLS, SEED), seed: SEED }) };
}
