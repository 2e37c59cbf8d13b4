/** Files of a run on disk: each one complete or not there at all, whatever ends the process. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ManifestEntry } from '../bundle/manifest.ts';
import { sha256Of } from '../bundle/sha256.ts';
import type { AnyFile } from '../bundle/types.ts';
import { plainCause } from './storage-error.ts';

/** A file of the folder that could not be written: which one, and why. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  readonly kept: string | undefined;
  readonly todo: string | undefined;
  constructor(path: string, cause: unknown) {
    super(`${path} could not be written: ${plainCause(cause)}.`, { cause });
    const { code } = cause as NodeJS.ErrnoException;
    const gone = code === 'ENOENT';
    this.kept = gone ? undefined : 'What was written before is complete and stays.';
    this.todo = code === 'ENOSPC' || code === 'EDQUOT' ? 'Make room before you go on.' : undefined;
  }
}

/** Larger files are looked at for their size alone. */
const HASHED_BYTES = 2 ** 20;

export class OutputFolder {
  readonly path: string;
  readonly #written = new Set<string>();
  readonly #failed: (error: FolderError) => void;
  /** Writes follow one another, so that a folder never holds half of two. */
  #queue: Promise<void> = Promise.resolve();
  #error: unknown;

  /** @param failed told once, of the first file that cannot be written; nothing is written after it */
  constructor(path: string, failed: (error: FolderError) => void = () => {}) {
    this.path = path;
    this.#failed = failed;
  }

  /** Files written so far, each counted once however often it was written. */
  get written(): number {
    return this.#written.size;
  }

  /** True after a file could not be written. */
  get broken(): boolean {
    return this.#error !== undefined;
  }

  /** Makes the folder. Rejects with the system's reason. */
  async create(): Promise<void> {
    await makeFolder(this.path);
  }

  /** Runs `files` after everything queued before, writing each through a temporary name in the same folder. */
  add(files: () => AsyncIterable<AnyFile> | Iterable<AnyFile>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.broken) return;
      try {
        for await (const file of files()) await this.#write(file);
      } catch (error) {
        this.#error = error;
        if (error instanceof FolderError) this.#failed(error);
      }
    });
  }

  /** Waits for all queued files. Rejects with the first error there was. */
  async flush(): Promise<void> {
    await this.#queue;
    if (this.broken) throw this.#error;
  }

  /** Which of the files that were written are not as they were, and what became of them: "a.csv is missing". */
  async lost(entries: readonly ManifestEntry[]): Promise<string[]> {
    const lost: string[] = [];
    for (const { path, bytes, sha256 } of entries) {
      if (!this.#written.has(path)) continue;
      const target = join(this.path, path);
      const size = await stat(target).then(
        (found) => found.size,
        () => undefined,
      );
      if (size === undefined) lost.push(`${path} is missing`);
      else if (size !== bytes) lost.push(`${path} has ${size} bytes instead of ${bytes}`);
      else if (size <= HASHED_BYTES && sha256Of(await readFile(target)) !== sha256)
        lost.push(`${path} has other contents`);
    }
    return lost;
  }

  async #write(file: AnyFile): Promise<void> {
    const target = join(this.path, file.path);
    const partial = `${target}.partial`;
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(partial, 'bytes' in file ? file.bytes : file.pieces);
      await rename(partial, target);
    } catch (error) {
      await rm(partial, { force: true }).catch(() => undefined);
      throw new FolderError(target, error);
    }
    this.#written.add(file.path);
  }
}

/**
 * Makes a folder and those above it, one by one: Node's own recursive mkdir never returns where a parent refuses with ENOENT, as /proc does.
 * Lists those that were not there in `made`, the outermost first.
 */
export async function makeFolder(path: string, made: string[] = []): Promise<void> {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, made);
  try {
    await mkdir(path);
    made.push(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
