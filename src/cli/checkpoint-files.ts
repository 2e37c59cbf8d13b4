/** A checkpoint on disk: files appear at once and whole, and one process at a time writes them. */
import { existsSync } from 'node:fs';
import { open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_PATH } from '../bundle/manifest.ts';
import { chunkHeader } from '../engine/checkpoint/chunk.ts';
import { type CheckpointFiles, chunkNumber, HEAD_FILE } from '../engine/checkpoint/files.ts';
import { openFrame, sealOf } from '../engine/checkpoint/frame.ts';
import { type Checkpoint, chunkNumbers } from '../engine/checkpoint/read.ts';
import { ConfigError } from '../workloads/workload.ts';
import { LockedError, takeLock } from './folder-lock.ts';
import { makeFolder } from './output-folder.ts';

/** Inside the output folder. */
export const CHECKPOINT_FOLDER = '.checkpoint';
const LOCK_FILE = 'lock.json';

export class CheckpointFolder implements CheckpointFiles {
  readonly path: string;
  /** Folders that were made to hold it, the outermost first. */
  readonly #made: string[] = [];
  #release: (() => Promise<void>) | undefined;

  /** @param output the run's output folder */
  constructor(readonly output: string) {
    this.path = join(output, CHECKPOINT_FOLDER);
  }

  /** Through a temporary name that is on the disk before it gets its own: a power cut leaves the old file or the new one. */
  async write(name: string, pieces: readonly Uint8Array[]): Promise<void> {
    const target = join(this.path, name);
    const partial = `${target}.partial`;
    try {
      const file = await open(partial, 'w');
      try {
        for (const piece of pieces) await file.writeFile(piece);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, target);
    } catch (error) {
      // On a full disk every byte counts.
      await rm(partial, { force: true }).catch(() => undefined);
      throw error;
    }
    await syncFolder(this.path);
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await readFile(join(this.path, name)));
  }

  /** Names of its files; none where there is no such folder. */
  async names(): Promise<string[]> {
    return readdir(this.path).catch(() => []);
  }

  /** True when there is something to go on with, or to be lost: not the lock alone, and not what is left of a removal. */
  async holdsRun(): Promise<boolean> {
    const names = await this.names();
    if (names.includes(HEAD_FILE)) return true;
    const ended = existsSync(join(this.output, MANIFEST_PATH));
    return !ended && names.some((name) => chunkNumber(name) !== undefined);
  }

  /**
   * Makes the output folder this process's own until it lets go of it, or is gone. What has to be made for it is made.
   * @throws ConfigError for `field` while another process runs into it; the system's error where nothing can be written
   */
  async hold(field: string): Promise<void> {
    await makeFolder(this.path, this.#made);
    try {
      this.#release = await takeLock(join(this.path, LOCK_FILE));
    } catch (error) {
      await this.#removeMade();
      if (!(error instanceof LockedError)) throw error;
      throw new ConfigError(field, `${error.message} is running into ${this.output} now. Wait for it, or stop it.`);
    }
  }

  /** True while the files are those that were read: no other process has gone on with the run since. */
  async isAsRead({ seal, next }: Pick<Checkpoint, 'seal' | 'next'>): Promise<boolean> {
    try {
      const now = chunkNumbers(await this.names()).at(-1) ?? -1;
      return sealOf([await this.read(HEAD_FILE)]) === seal && now + 1 === next;
    } catch {
      return false;
    }
  }

  /** Names of the items that its chunks hold, as far as they can be read. */
  async items(): Promise<string[]> {
    const found = new Set<string>();
    for (const name of await this.names()) {
      if (chunkNumber(name) === undefined) continue;
      try {
        const { items } = chunkHeader(openFrame(await this.read(name)).header);
        for (const { info } of items) found.add(info.runId);
      } catch {
        // What cannot be read names nobody.
      }
    }
    return [...found];
  }

  /** Removes every file but the lock: what an earlier run left. */
  async clear(): Promise<void> {
    await rm(join(this.path, HEAD_FILE), { force: true });
    for (const name of await this.names())
      if (!name.startsWith(LOCK_FILE)) await rm(join(this.path, name), { force: true });
  }

  /** Lets another process in. The checkpoint stays, for it to go on with; folders that were made and hold nothing do not. */
  async release(): Promise<void> {
    await this.#release?.();
    this.#release = undefined;
    await this.#removeMade();
  }

  /** Lets another process in and leaves nothing. The head goes first: what a killed removal leaves is no run to go on with. */
  async remove(): Promise<void> {
    await this.clear();
    await this.#release?.();
    this.#release = undefined;
    // Another process may have come already.
    await rmdir(this.path).catch(() => undefined);
  }

  async #removeMade(): Promise<void> {
    for (const folder of this.#made.toReversed()) await rmdir(folder).catch(() => undefined);
  }
}

/** Puts the folder's list of names on the disk. Some systems cannot open folders; there the rename alone must do. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    return;
  }
}
