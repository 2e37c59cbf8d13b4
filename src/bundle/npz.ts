/** NumPy's `.npz`: a zip archive of `.npy` files, read where it holds one array. */
import type { NumericArray } from './array-data.ts';
import { FileError } from './file-error.ts';
import { decodeNpy } from './npy.ts';
import { ZipReader } from './read-zip.ts';
import { listed } from './table.ts';

/** An array may unpack to this many bytes. */
const MOST_BYTES = 1024 ** 3;

/** Whether the bytes begin like a zip archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/** @throws FileError for a damaged archive, one of several arrays, and what `decodeNpy` refuses. */
export async function decodeNpz(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<NumericArray> {
  const { path, npy } = await onlyArray(file, bytes);
  const name = path.replace(/\.npy$/, '');
  const array = decodeNpy(file, npy);
  return { ...array, told: [`the array ${name} of the archive`, ...(array.told ?? [])] };
}

async function onlyArray(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<{ path: string; npy: Uint8Array }> {
  try {
    const zip = await ZipReader.open(file, new Blob([bytes]));
    const paths = [...zip.entries.keys()].filter((path) => path.endsWith('.npy'));
    if (paths.length !== 1)
      throw new FileError(
        file,
        paths.length === 0
          ? 'without a NumPy array in it'
          : `it holds ${paths.length} arrays (${listed(paths.map((path) => path.slice(0, -4)))})`,
        '',
      );
    return { path: paths[0], npy: await zip.bytes(paths[0], MOST_BYTES) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    // What the reader of archives advises is about bundles.
    throw new FileError(
      file,
      `the file is a zip archive (an .npz perhaps): ${error.what}`,
      'Save one array, with np.save as .npy or alone with np.savez.',
    );
  }
}
