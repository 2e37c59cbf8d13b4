/** A folder on a disk, whose files are read by position: none is held open or in memory. */
import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { FileError } from '../bundle/file-error.ts';
import type { FileFolder, FolderFile } from '../bundle/file-folder.ts';
import { ConfigError } from '../workloads/workload.ts';

const AGAIN = 'It was changed or moved meanwhile: start again.';

/**
 * @param takes which of its files are used; those in folders inside are not looked at
 * @throws ConfigError for the flag that named it, where it cannot be listed or has no such file
 */
export async function directoryFolder(
  flag: string,
  path: string,
  takes: (name: string) => boolean,
): Promise<FileFolder> {
  const name = basename(resolve(path));
  let files: FolderFile[];
  try {
    const names = (await readdir(path)).filter(takes).sort();
    const found = await Promise.all(names.map((file) => fileOf(name, file, join(path, file))));
    files = found.filter((file) => file !== undefined);
  } catch (error) {
    throw new ConfigError(flag, `cannot read ${path}: ${(error as Error).message}.`);
  }
  if (files.length === 0) throw new ConfigError(flag, `${path} is a folder without a file for it.`);
  return { name, files };
}

async function fileOf(folder: string, name: string, path: string): Promise<FolderFile | undefined> {
  const found = await stat(path);
  if (!found.isFile()) return undefined;
  const { size, mtimeMs } = found;
  return {
    name,
    bytes: size,
    identity: `${resolve(path)} ${size} ${mtimeMs}`,
    read: (from, to) => readAt(`${folder}/${name}`, path, from, to),
  };
}

async function readAt(name: string, path: string, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(to - from);
  try {
    const file = await open(path);
    try {
      let at = 0;
      while (at < bytes.length) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, from + at);
        if (bytesRead === 0) throw new FileError(name, `it ends after ${from + at} bytes, before ${to}`, AGAIN);
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(name, `it cannot be read (${(cause as Error).message})`, AGAIN, { cause });
  }
  return bytes;
}

/** The system's SHA-256, several times as fast as one in JavaScript. */
export function systemSha256() {
  const hash = createHash('sha256');
  return { update: (bytes: Uint8Array) => void hash.update(bytes), digest: () => `sha256:${hash.digest('hex')}` };
}
