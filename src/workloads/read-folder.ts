/** A folder in its role: which of its files are used, their hash, then what they are. */
import type { FileFolder } from '../bundle/file-folder.ts';
import { type HashOptions, hashFolder } from '../bundle/hash-folder.ts';
import type { FileOptions, OwnFile } from '../bundle/own-file.ts';
import type { FolderTaking, ReadFile } from './file-role.ts';

/** @throws FileError, and the signal's reason when aborted */
export async function readFolder<T extends OwnFile>(
  taking: FolderTaking<T>,
  { name, files }: FileFolder,
  options: FileOptions | undefined,
  hashing: HashOptions,
): Promise<ReadFile<T>> {
  const taken = { name, files: files.filter((file) => taking.takes(file.name)) };
  const used = await taking.used?.(taken);
  const folder = { name, files: used ? taken.files.filter((file) => used.includes(file.name)) : taken.files };
  const read = await taking.read(await hashFolder(folder, hashing), options);
  hashing.signal?.throwIfAborted();
  return read;
}
