/** Tables of counts from HDF5 files, whichever of the layouts they have. */
import { type Hdf5Words, readHdf5 } from '../hdf5.ts';
import { Elements } from './elements.ts';
import { FilterNeeded, loadFilter } from './filters.ts';
import { isAnnData, readAnnData } from './h5ad.ts';
import { isLoom, readLoom } from './loom.ts';
import { readTenX, tenXGroups } from './ten-x.ts';
import type { CountOptions, CountTable } from './types.ts';

const WORDS: Hdf5Words = {
  what: 'it is no HDF5 file',
  advice: 'Give an .h5ad that anndata wrote, or an .h5 that Cell Ranger wrote.',
};

/** Reads the file where the caller is; files that somebody gave go through `readGivenCounts`. @throws FileError, naming the element */
export async function readHdf5Counts(
  name: string,
  bytes: Uint8Array,
  options: Partial<CountOptions> = {},
): Promise<CountTable> {
  for (;;) {
    try {
      return await readHdf5(name, bytes, (root) => read(new Elements(name, bytes.length, root), options), WORDS);
    } catch (error) {
      // Reading cannot wait, so it begins anew once the filter is there.
      const needed = error instanceof Error ? (error.cause ?? error) : error;
      if (!(needed instanceof FilterNeeded)) throw error;
      await loadFilter(needed.id);
    }
  }
}

function read(file: Elements, options: Partial<CountOptions>): CountTable {
  if (isAnnData(file)) return readAnnData(file, options);
  if (isLoom(file)) return readLoom(file);
  const groups = tenXGroups(file);
  if (groups.length > 0) return readTenX(file, groups, options);
  throw file.refusal(
    'it is an HDF5 file with neither obs and var (AnnData) nor matrix/features (10x)',
    'Give an .h5ad that anndata wrote, or an .h5 that Cell Ranger wrote.',
  );
}
