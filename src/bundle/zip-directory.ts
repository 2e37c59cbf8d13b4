/** The central directory of a zip archive (PKWARE APPNOTE 6.3, sections 4.3.12 and 4.3.16), read with suspicion. */
import { FileError } from './file-error.ts';

export interface ZipEntry {
  /** Relative, forward slashes, no "..". */
  readonly path: string;
  /** The path's bytes as they stand in the archive. */
  readonly name: Uint8Array;
  readonly deflated: boolean;
  /** Bytes in the archive. */
  readonly packedBytes: number;
  /** Bytes that the entry declares to unpack to. */
  readonly bytes: number;
  /** Of its local header. */
  readonly offset: number;
}

/** What is believed at most. A bundle of ten thousand items stays below all of these. */
export const ZIP_LIMITS = {
  files: 65_535,
  /** Of the directory: 65,535 entries with paths as long as ours take 10 MiB. */
  directoryBytes: 64 * 1024 ** 2,
  pathLength: 512,
  totalBytes: 4 * 1024 ** 3,
  /** Draws and text pack to a half or a tenth; a thousandth is a bomb. Small files may be as empty as they like. */
  ratio: 200,
  ratioFromBytes: 1024 ** 2,
} as const;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;
/** In a size or offset: the true one is in a 64-bit extension. */
const ELSEWHERE = 0xffffffff;
const GET_AGAIN = 'Copy, download or export it again.';
const DISTRUST = 'Do not use this archive; ask for the bundle as Lockstep wrote it.';

/** Files of the archive in the order of its directory, folders left out. Throws `FileError`. */
export async function readDirectory(name: string, blob: Blob): Promise<ZipEntry[]> {
  const fail = (what: string, advice = GET_AGAIN): never => {
    throw new FileError(name, what, advice);
  };
  const { count, size, start } = await findEnd(name, blob);
  if (size > ZIP_LIMITS.directoryBytes) {
    fail(`its directory has ${size} bytes, and at most ${ZIP_LIMITS.directoryBytes} are read`, DISTRUST);
  }
  const bytes = new Uint8Array(await blob.slice(start, start + size).arrayBuffer());
  const view = new DataView(bytes.buffer);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const entries: ZipEntry[] = [];
  const seen = new Set<string>();
  let total = 0;
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > size || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
      fail(`truncated or damaged: entry ${i + 1} of ${count} in its directory is not readable`);
    }
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const [packedBytes, unpacked] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const offset = view.getUint32(at + 42, true);
    const nameEnd = at + ENTRY_BYTES + lengths[0];
    const next = nameEnd + lengths[1] + lengths[2];
    if (next > size) fail(`truncated or damaged: entry ${i + 1} of ${count} reaches beyond its directory`);
    const entryName = bytes.subarray(at + ENTRY_BYTES, nameEnd);
    let path = '';
    try {
      path = decoder.decode(entryName);
    } catch {
      fail(`entry ${i + 1} has a name that is no UTF-8`, DISTRUST);
    }
    at = next;
    const isFolder = path.endsWith('/');
    const objection = pathObjection(isFolder ? path.slice(0, -1) : path);
    if (objection) fail(`the entry ${shown(path)} ${objection}`, DISTRUST);
    if (seen.has(path)) fail(`the entry ${shown(path)} is there twice`, DISTRUST);
    seen.add(path);
    if (isFolder) continue;
    if (flags & ENCRYPTED_FLAG) fail(`${path} is encrypted`, 'Zip the folder without a password.');
    if (method !== STORED && method !== DEFLATED)
      fail(`${path} is packed by method ${method}`, 'Zip the folder with "deflate".');
    if ([packedBytes, unpacked, offset].includes(ELSEWHERE)) {
      fail(
        `${path} needs the 64-bit zip format, which is not read`,
        'Bundles beyond 4 GiB cannot be opened in a browser.',
      );
    }
    if (method === STORED && packedBytes !== unpacked) fail(`${path} declares two sizes`, DISTRUST);
    if (unpacked > ZIP_LIMITS.ratioFromBytes && unpacked > packedBytes * ZIP_LIMITS.ratio) {
      fail(`${path} would grow from ${packedBytes} to ${unpacked} bytes, as only a zip bomb does`, DISTRUST);
    }
    total += unpacked;
    if (total > ZIP_LIMITS.totalBytes) fail(`its files unpack to more than ${ZIP_LIMITS.totalBytes} bytes`, DISTRUST);
    entries.push({ path, name: entryName, deflated: method === DEFLATED, packedBytes, bytes: unpacked, offset });
  }
  requireApart(name, entries, start);
  return entries;
}

/** The record at the archive's end: how many entries, and where their directory lies. */
async function findEnd(name: string, blob: Blob): Promise<{ count: number; size: number; start: number }> {
  const magic = new Uint8Array(await blob.slice(0, 4).arrayBuffer());
  const isZip = magic[0] === 0x50 && magic[1] === 0x4b && (magic[2] === 3 || magic[2] === 5);
  if (!isZip)
    throw new FileError(
      name,
      'it is no zip archive',
      'Give a bundle that Lockstep exported, or a folder of its results, zipped.',
    );
  const from = Math.max(0, blob.size - END_BYTES - MAX_COMMENT_BYTES);
  const view = new DataView(await blob.slice(from).arrayBuffer());
  for (let at = view.byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) !== view.byteLength) continue;
    const [disk, here, count] = [4, 8, 10].map((offset) => view.getUint16(at + offset, true));
    const [size, start] = [12, 16].map((offset) => view.getUint32(at + offset, true));
    if (disk !== 0 || here !== count) throw new FileError(name, 'it is one part of several', 'Join the parts first.');
    if (start === ELSEWHERE || size === ELSEWHERE || start + size > from + at) {
      throw new FileError(name, 'its directory is not where it says', GET_AGAIN);
    }
    return { count, size, start };
  }
  throw new FileError(name, `truncated: the archive ends after ${blob.size} bytes without its directory`, GET_AGAIN);
}

/** Why a path is refused; undefined for a good one. */
function pathObjection(path: string): string | undefined {
  if (path.length > ZIP_LIMITS.pathLength) return `has a path of ${path.length} characters`;
  if (path.includes('\\')) return 'has a backslash in its path';
  if (path.startsWith('/')) return 'has an absolute path';
  if (/^[A-Za-z]:/.test(path)) return 'names a drive';
  if ([...path].some((letter) => letter < ' ' || letter === '\u007f')) return 'has control characters in its path';
  const parts = path.split('/');
  if (parts.includes('..')) return 'leads out of its folder ("..")';
  return parts.some((part) => part === '' || part === '.') ? 'has an empty part in its path' : undefined;
}

/** Refuses entries that share bytes, by which one small block can stand for thousands of files. */
function requireApart(name: string, entries: readonly ZipEntry[], directory: number): void {
  const sorted = entries.toSorted((a, b) => a.offset - b.offset);
  sorted.forEach((entry, i) => {
    const end = sorted[i + 1]?.offset ?? directory;
    if (entry.offset + entry.packedBytes >= end) {
      throw new FileError(name, `${entry.path} overlaps what comes after it`, DISTRUST);
    }
  });
}

/** A path in a message: quoted, not longer than a line. */
function shown(path: string): string {
  return JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}…` : path);
}
