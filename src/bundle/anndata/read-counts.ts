/** Tables of counts from whatever somebody gives: told apart by their first bytes, else by their names. */
import { FileError } from '../file-error.ts';
import { isHdf5 } from '../hdf5.ts';
import { readGivenCounts } from '../netcdf-thread.ts';
import { isZip } from '../npz.ts';
import { type ArchiveEntry, archiveEntries } from './archive.ts';
import { choicesOf } from './choose-matrix.ts';
import { CELLS_PART, GENES_PART, MATRIX_PART } from './count-files.ts';
import { isGzip, wholeOf } from './inflate.ts';
import { type MtxFiles, readMtx } from './mtx.ts';
import type { CountOptions, CountTable } from './types.ts';

const HDF5 = /\.(h5ad|h5|hdf5|loom)$/i;
const MAX_HDF5_BYTES = 2 * 1024 ** 3 - 1;
const GIVE = 'Give an .h5ad, a 10x .h5, a .mtx, or a .zip or .tar.gz of matrix.mtx with barcodes and features.';

/** @throws FileError, naming the element, file or line, for what is damaged, missing, or holds no counts */
export async function readCounts(
  name: string,
  bytes: Uint8Array,
  options: Partial<CountOptions> = {},
): Promise<CountTable> {
  if (bytes.length === 0) throw new FileError(name, 'the file is empty', 'Copy or write it again.');
  if (isHdf5(bytes) || HDF5.test(name)) return readGivenCounts(name, bytes, options);
  if (HDF5.test(name.replace(/\.gz$/i, '')) && isGzip(bytes))
    return readGivenCounts(name, wholeOf(name, bytes, MAX_HDF5_BYTES), options);
  if (MATRIX_PART.test(name)) return readMtx({ matrix: { name, bytes } });
  if (isZip(bytes) || /\.(tar|tar\.gz|tgz)$/i.test(name)) return fromArchive(name, bytes, options);
  if (CELLS_PART.test(name) || GENES_PART.test(name))
    throw new FileError(name, 'it holds names alone', 'Give it together with its matrix.mtx, or all three in a .zip.');
  throw new FileError(name, 'it is no file of counts that is read here', GIVE);
}

async function fromArchive(name: string, bytes: Uint8Array, options: Partial<CountOptions>): Promise<CountTable> {
  // What macOS puts beside each file.
  const entries = (await archiveEntries({ name, bytes })).filter(({ path }) => !/(^|\/)(\._|__MACOSX\/)/.test(path));
  const matrices = entries.filter(({ path }) => MATRIX_PART.test(path));
  const hdf5 = entries.filter(({ path }) => HDF5.test(path));
  const candidates = matrices.length > 0 ? matrices : hdf5;
  if (candidates.length === 0) throw new FileError(name, 'there is no .mtx and no .h5ad in it', GIVE);
  const paths = candidates.map(({ path }) => path);
  const wanted = options.matrix || undefined;
  const entry = candidates.find(({ path }) => path === wanted) ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (!entry)
    throw new FileError(name, `it holds several: ${paths.join(', ')}`, 'Say which one is meant (matrix).', {
      choices: choicesOf(paths),
    });
  const inside = async ({ path, read }: ArchiveEntry) => ({ name: `${name}/${path}`, bytes: await read() });
  if (hdf5.includes(entry)) {
    const file = await inside(entry);
    return readGivenCounts(file.name, file.bytes, entry.path === wanted ? {} : options);
  }
  const files: MtxFiles = { matrix: await inside(entry) };
  const [barcodes, features] = [CELLS_PART, GENES_PART].map((kind) => beside(entry, entries, kind));
  const table = readMtx({
    ...files,
    ...(barcodes && { barcodes: await inside(barcodes) }),
    ...(features && { features: await inside(features) }),
  });
  const others = paths.filter((path) => path !== entry.path);
  return { ...table, source: { ...table.source, matrix: entry.path, matrices: [entry.path, ...others] } };
}

/** The file of that kind in the folder of the matrix; of several the one whose name begins like the matrix's. */
function beside({ path }: ArchiveEntry, entries: readonly ArchiveEntry[], kind: RegExp): ArchiveEntry | undefined {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const near = entries.filter((entry) => entry.path.startsWith(folder) && kind.test(entry.path.slice(folder.length)));
  const alike = (other: string) => {
    let length = 0;
    while (length < other.length && other[length] === path[length]) length++;
    return length;
  };
  return near.sort((a, b) => alike(b.path) - alike(a.path))[0];
}
