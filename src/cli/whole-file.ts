/** A single file that a flag names, read or written whole. */
import { open, readFile, rename } from 'node:fs/promises';
import { ConfigError } from '../workloads/workload.ts';

/** @throws ConfigError for `field` */
export async function readWhole(field: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new ConfigError(field, `cannot read ${path}: ${(error as Error).message}.`);
  }
}

/**
 * Writes through a temporary name that is on the disk before it gets its own: whatever ends the process, there is the old file or the whole
 * new one. @throws ConfigError for `field`
 */
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
