/** A checkpoint on disk: files appear at once and whole, and one process at a time writes them. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { MANIFEST_PATH } from '../bundle/manifest.ts';
import { type CheckpointFiles, chunkNumber, HEAD_FILE } from '../engine/checkpoint/files.ts';
import { ConfigError } from '../workloads/workload.ts';

/** Inside the output folder. */
export const CHECKPOINT_FOLDER = '.checkpoint';
const LOCK_FILE = 'lock.json';

export class CheckpointFolder implements CheckpointFiles {
  readonly path: string;

  /** @param output the run's output folder */
  constructor(readonly output: string) {
    this.path = join(output, CHECKPOINT_FOLDER);
  }

  /** Through a temporary name that is on the disk before it gets its own: a power cut leaves the old file or the new one. */
  async write(name: string, pieces: readonly Uint8Array[]): Promise<void> {
    const target = join(this.path, name);
    const file = await open(`${target}.partial`, 'w');
    try {
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${target}.partial`, target);
    await syncFolder(this.path);
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await readFile(join(this.path, name)));
  }

  /** Names of its files; none where there is no such folder. */
  async names(): Promise<string[]> {
    return existsSync(this.path) ? await readdir(this.path) : [];
  }

  /** True when there is something to go on with, or to be lost: not the lock alone, and not what is left of a removal. */
  async holdsRun(): Promise<boolean> {
    const names = await this.names();
    if (names.includes(HEAD_FILE)) return true;
    const ended = existsSync(join(this.output, MANIFEST_PATH));
    return !ended && names.some((name) => chunkNumber(name) !== undefined);
  }

  /** @throws ConfigError for `field` while another process of this machine runs into the folder. */
  async requireFree(field: string): Promise<void> {
    const other = await this.#holder();
    if (other === undefined) return;
    throw new ConfigError(field, `process ${other} is running into ${this.output} now. Wait for it, or stop it.`);
  }

  /** Makes the folder this process's own, until it releases it or is gone. */
  async hold(): Promise<void> {
    await mkdir(this.path, { recursive: true });
    await writeFile(join(this.path, LOCK_FILE), JSON.stringify({ pid: process.pid, host: hostname() }));
  }

  /** Removes every file but the lock: what an earlier run left. */
  async clear(): Promise<void> {
    await rm(join(this.path, HEAD_FILE), { force: true });
    for (const name of await this.names()) if (name !== LOCK_FILE) await rm(join(this.path, name), { force: true });
  }

  /** The checkpoint stays, for another process to go on with. */
  async release(): Promise<void> {
    await rm(join(this.path, LOCK_FILE), { force: true });
  }

  /** The head goes first: what a killed removal leaves is no run to go on with. */
  async remove(): Promise<void> {
    await rm(join(this.path, HEAD_FILE), { force: true });
    await rm(this.path, { recursive: true, force: true });
  }

  /** Process that holds the folder; undefined for one that is gone, or on another machine, which cannot be asked. */
  async #holder(): Promise<number | undefined> {
    try {
      const { pid, host } = JSON.parse(await readFile(join(this.path, LOCK_FILE), 'utf8')) as Record<string, unknown>;
      if (typeof pid !== 'number' || host !== hostname() || pid === process.pid) return undefined;
      return isAlive(pid) ? pid : undefined;
    } catch {
      return undefined;
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // It is there but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A process that was killed and whose parent has not asked how it ended yet: it runs no more. Told by Linux only. */
function isZombie(pid: number): boolean {
  try {
    // "4148 (node) Z 1 …"; the name in brackets may hold brackets of its own.
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').slice(0, 3));
  } catch {
    return false;
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
