/** h5wasm behind one door: loaded on first use (1 MB gzipped), an in-memory file, the same build everywhere. */
import type { Dataset, File, Group } from 'h5wasm';
import { BundleError } from './types.ts';

type H5Module = typeof import('h5wasm');

export type { Dataset, File, Group };

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
      throw new BundleError('The netCDF writer (h5wasm) could not be loaded; check the connection and export again.', {
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
