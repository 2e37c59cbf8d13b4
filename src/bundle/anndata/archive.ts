/** Archives of count files: a `.zip`, or a `.tar` (packed with gzip or not) as 10x hands them out. */
import { FileError } from '../file-error.ts';
import { isZip } from '../npz.ts';
import { ZipReader } from '../read-zip.ts';
import { wholeOf } from './inflate.ts';
import type { NamedBytes } from './mtx.ts';

/** Of one file in an archive; more does not fit a page's memory twice. */
const MAX_ENTRY_BYTES = 2 * 1024 ** 3 - 1;
const MAX_TAR_BYTES = 2 * 1024 ** 3 - 1;
const BLOCK = 512;

export interface ArchiveEntry {
  readonly path: string;
  read(): Promise<Uint8Array>;
}

/** @throws FileError for one that is damaged or not to be trusted */
export async function archiveEntries({ name, bytes }: NamedBytes): Promise<ArchiveEntry[]> {
  if (isZip(bytes)) {
    const zip = await advised(() => ZipReader.open(name, new Blob([bytes as Uint8Array<ArrayBuffer>])));
    return [...zip.entries.keys()].map((path) => ({
      path,
      read: () => advised(() => zip.bytes(path, MAX_ENTRY_BYTES)),
    }));
  }
  return tarEntries(name, wholeOf(name, bytes, MAX_TAR_BYTES));
}

/** What the reader of zip archives advises is about bundles. */
async function advised<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new FileError(error.file, error.what, 'Copy it again, or zip the files anew without a password.', {
      cause: error,
    });
  }
}

/** Regular files of a tar archive (POSIX ustar; pax headers and links are passed over). */
function tarEntries(archive: string, bytes: Uint8Array): ArchiveEntry[] {
  const text = (at: number, length: number) =>
    new TextDecoder().decode(bytes.subarray(at, at + length)).replace(/\0[\s\S]*$/, '');
  const damaged = () =>
    new FileError(
      archive,
      'it is no tar archive, or is damaged or cut short',
      'Copy it again, or give a .zip of the files.',
    );
  const entries: ArchiveEntry[] = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const size = Number.parseInt(text(at + 124, 12).trim() || '0', 8);
    const begin = at + BLOCK;
    if (!(size >= 0 && begin + size <= bytes.length) || text(at + 257, 5) !== 'ustar') throw damaged();
    const type = text(at + 156, 1);
    const path = [text(at + 345, 155), text(at, 100)].filter(Boolean).join('/');
    if (type === '' || type === '0') entries.push({ path, read: async () => bytes.subarray(begin, begin + size) });
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
  // A block of zeros ends it: without that, files may be missing.
  if (at >= bytes.length) throw damaged();
  return entries;
}
