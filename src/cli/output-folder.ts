/** Files of a run on disk: each one complete or not there at all, whatever ends the process. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

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

  /** Makes the folder. Rejects with the system's reason. Resolves to the posteriors that an earlier run left there. */
  async create(): Promise<string[]> {
    await mkdir(this.path, { recursive: true });
    const names = await readdir(this.path);
    return names.filter((name) => existsSync(join(this.path, name, 'posterior.nc')));
  }

  /** Runs `files` after everything queued before, writing each through a temporary name in the same folder. */
  add(files: () => AsyncIterable<{ readonly path: string; readonly bytes: Uint8Array }>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#error !== undefined) return;
      try {
        for await (const file of files()) await this.#write(file.path, file.bytes);
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

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const target = join(this.path, path);
    await mkdir(dirname(target), { recursive: true });
    const partial = `${target}.partial`;
    await writeFile(partial, bytes);
    await rename(partial, target);
    this.#written++;
  }
}
