/** Files of a run on disk: each one complete or not there at all, whatever ends the process. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MANIFEST_PATH } from '../bundle/manifest.ts';
import type { AnyFile } from '../bundle/types.ts';

export class OutputFolder {
  readonly path: string;
  #written = 0;
  /** Writes follow one another, so that a folder never holds half of two. */
  #queue: Promise<void> = Promise.resolve();
  #error: unknown;

  constructor(path: string) {
    this.path = path;
  }

  /** Files written so far. */
  get written(): number {
    return this.#written;
  }

  /** Rejects with the system's reason where nothing can be written here. Leaves everything as it was. */
  async prove(): Promise<void> {
    const made: string[] = [];
    try {
      await makeFolder(this.path, made);
      await rmdir(await mkdtemp(join(this.path, '.probe-')));
    } finally {
      for (const folder of made.toReversed()) await rmdir(folder).catch(() => undefined);
    }
  }

  /**
   * Makes the folder; an earlier run's manifest goes, since its files are about to. Rejects with the system's reason. Resolves to the
   * posteriors that an earlier run left there.
   */
  async create(): Promise<string[]> {
    await makeFolder(this.path);
    await rm(join(this.path, MANIFEST_PATH), { force: true });
    const names = await readdir(this.path);
    return names.filter((name) => existsSync(join(this.path, name, 'posterior.nc')));
  }

  /** Runs `files` after everything queued before, writing each through a temporary name in the same folder. */
  add(files: () => AsyncIterable<AnyFile> | Iterable<AnyFile>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#error !== undefined) return;
      try {
        for await (const file of files()) await this.#write(file);
      } catch (error) {
        this.#error = error;
      }
    });
  }

  /** Waits for all queued files. Rejects with the first error there was. */
  async flush(): Promise<void> {
    await this.#queue;
    if (this.#error !== undefined) throw this.#error;
  }

  async #write(file: AnyFile): Promise<void> {
    const target = join(this.path, file.path);
    await mkdir(dirname(target), { recursive: true });
    const partial = `${target}.partial`;
    await writeFile(partial, 'bytes' in file ? file.bytes : file.pieces);
    await rename(partial, target);
    this.#written++;
  }
}

/**
 * Makes a folder and those above it, one by one: Node's own recursive mkdir never returns where a parent refuses with ENOENT, as /proc does.
 * Lists those that were not there in `made`, the outermost first.
 */
async function makeFolder(path: string, made: string[] = []): Promise<void> {
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
