/** h5wasm behind one door: loaded on first use (1 MB gzipped), an in-memory file, the same build everywhere. */
import type { Dataset, File, Group } from 'h5wasm';
import { FileError } from './file-error.ts';
import { BundleError } from './types.ts';

type H5Module = typeof import('h5wasm');

export type { Dataset, File, Group };

/** First bytes of every HDF5 file. */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

let loading: Promise<H5Module> | undefined;
let fileCount = 0;

/** Loads h5wasm. Its browser build also runs in workers, Node and Deno, so no second build is needed. */
export function loadHdf5(): Promise<H5Module> {
  loading ??= import('h5wasm').then(
    async (h5) => {
      await h5.ready;
      return h5;
    },
    (cause) => {
      loading = undefined;
      throw new BundleError('The HDF5 library (h5wasm) could not be loaded; check the connection and try again.', {
        cause,
      });
    },
  );
  return loading;
}

/**
 * Writes a file in h5wasm's memory and returns its bytes.
 * @param timeMs the time HDF5 notes in its object headers, milliseconds since 1970. HDF5 offers no way to leave these
 *   out of files that track creation order, so its clock stands still while `write` runs: equal input, equal bytes.
 */
export async function writeHdf5(timeMs: number, write: (file: File) => void): Promise<Uint8Array<ArrayBuffer>> {
  const h5 = await loadHdf5();
  const fs = h5.FS;
  if (!fs) throw new BundleError('The netCDF writer (h5wasm) has no file system; reload the page and export again.');
  const path = `/lockstep-${fileCount++}.nc`;
  const clock = Date.now;
  Date.now = () => timeMs;
  try {
    // Synchronous from here to `finally`: nothing else can see the stopped clock.
    const file = new h5.File(path, 'w', { track_order: true });
    try {
      write(file);
    } finally {
      file.close();
    }
    return new Uint8Array(fs.readFile(path));
  } finally {
    Date.now = clock;
    if (fs.analyzePath(path).exists) fs.unlink(path);
  }
}

/** What bytes that are no HDF5 file are told. */
export interface Hdf5Words {
  readonly what: string;
  readonly advice: string;
}

const NETCDF: Hdf5Words = {
  what: 'it is no netCDF-4 (HDF5) file',
  advice: 'Give the posterior.nc that a run wrote.',
};

/** Whether bytes begin as every HDF5 file does. */
export function isHdf5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * Opens the bytes of an HDF5 file for as long as `read` runs (synchronously). The library reads them where they lie: there is no copy.
 * @throws FileError for bytes that are no HDF5 file, are cut short, or that HDF5 itself refuses.
 */
export async function readHdf5<T>(
  name: string,
  bytes: Uint8Array,
  read: (file: File) => T,
  words: Hdf5Words = NETCDF,
): Promise<T> {
  if (!isHdf5(bytes)) throw new FileError(name, words.what, words.advice);
  const h5 = await loadHdf5();
  const fs = h5.FS;
  if (!fs) throw new BundleError('The netCDF reader (h5wasm) has no file system; reload the page and try again.');
  const path = `/lockstep-${fileCount++}.nc`;
  // Its types leave `canOwn` out: the file's memory is `bytes` itself.
  fs.writeFile(path, bytes, { canOwn: true } as object);
  let file: File | undefined;
  // Without this HDF5 prints its errors on the console and h5wasm goes on with a file that is not open.
  h5.Module.activate_throwing_error_handler();
  try {
    file = new h5.File(path, 'r');
    return read(file);
  } catch (error) {
    if (error instanceof FileError) throw error;
    const what = `HDF5 cannot read it (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
    throw new FileError(name, what, 'The file is damaged or cut short; copy or write it again.', { cause: error });
  } finally {
    h5.Module.deactivate_throwing_error_handler();
    close(file);
    fs.unlink(path);
  }
}

/** Of a file that broke the library, closing can fail too: what it failed by is said already. */
function close(file: File | undefined): void {
  try {
    file?.close();
  } catch {
    return;
  }
}
