/** A single file on disk: the old one or the whole new one, whatever ends the process. */
import { open, rename } from 'node:fs/promises';
import { ConfigError } from '../workloads/workload.ts';

/** Writes through a temporary name that is on the disk before it gets its own. @throws ConfigError for `field` */
export async function writeWhole(field: string, path: string, bytes: Uint8Array | string): Promise<void> {
  const partial = `${path}.partial`;
  try {
    const file = await open(partial, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    throw new ConfigError(field, `cannot write ${path}: ${(error as Error).message}.`);
  }
}
