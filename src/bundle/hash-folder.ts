/** What tells one folder from another: names and hashes of the files that are used, read once, in pieces. */
import { bytesOf, type FileFolder, type FolderFile } from './file-folder.ts';
import type { FolderEntry, OwnFile } from './own-file.ts';
import { Sha256Stream, sha256Of } from './sha256.ts';

/** A folder that was hashed; its files are those that are used. */
export interface HashedFolder extends FileFolder {
  readonly sha256: string;
}

export interface HashOptions {
  /** Another hash of the same kind, e.g. one of the system's own, which is faster. */
  readonly sha256?: () => Pick<Sha256Stream, 'update' | 'digest'>;
  /** Told as it goes on. */
  onProgress?(done: number, total: number): void;
  readonly signal?: AbortSignal;
}

/** Read at once: many of a disk's blocks, little beside a device's memory. */
const READ_BYTES = 8 * 2 ** 20;

/** Of files that were hashed before and have not changed since, by what tells them. */
const known = new Map<string, string>();

/**
 * "sha256:…" of the lines "name:sha256:…" of the files, sorted by name.
 * @throws FileError for a file that cannot be read, the signal's reason when aborted
 */
export async function hashFolder(folder: FileFolder, options: HashOptions = {}): Promise<HashedFolder> {
  const total = bytesOf(folder.files);
  let done = 0;
  const add = (bytes: number) => {
    done += bytes;
    options.onProgress?.(done, total);
  };
  add(0);
  const lines: string[] = [];
  for (const file of folder.files) lines.push(`${file.name}:${await hashFile(file, options, add)}\n`);
  return { name: folder.name, files: folder.files, sha256: sha256Of(new TextEncoder().encode(lines.sort().join(''))) };
}

async function hashFile(
  file: FolderFile,
  { sha256 = () => new Sha256Stream(), signal }: HashOptions,
  add: (bytes: number) => void,
): Promise<string> {
  const { identity, bytes } = file;
  const before = identity === undefined ? undefined : known.get(identity);
  if (before !== undefined) {
    add(bytes);
    return before;
  }
  const hash = sha256();
  const pieceAt = (at: number) => {
    const piece = at < bytes ? file.read(at, Math.min(bytes, at + READ_BYTES)) : Promise.resolve(undefined);
    // Whoever waits for it hears of it; nobody does where something else ended the reading before.
    piece.catch(() => undefined);
    return piece;
  };
  let at = 0;
  let next = pieceAt(at);
  for (let piece = await next; piece; piece = await next) {
    signal?.throwIfAborted();
    at += piece.length;
    // The next one is read while this one is hashed.
    next = pieceAt(at);
    hash.update(piece);
    add(piece.length);
  }
  const digest = hash.digest();
  if (identity !== undefined) known.set(identity, digest);
  return digest;
}

/** A folder as a run notes it: nothing of what its files hold. */
export function ownFolder({
  name,
  sha256,
  files,
}: HashedFolder): OwnFile & { readonly folder: readonly FolderEntry[] } {
  return { name, sha256, folder: files.map(({ name, bytes }) => ({ name, bytes })) };
}
