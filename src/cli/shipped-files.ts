/** Files that ship with the program, from the checkout that the command line was built in. */
import { readFile } from 'node:fs/promises';
import type { ShippedFiles } from '../workloads/shipped-files.ts';

/** @param folder the `public` folder as a URL that ends in a slash */
export function filesOnDisk(folder: URL): ShippedFiles {
  return async (path) => {
    try {
      return new Uint8Array(await readFile(new URL(path, folder)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
}
