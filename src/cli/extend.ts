/** `lockstep run --extend <folder>`: the results of a finished run, for one that computes more of the same. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { FileError } from '../bundle/file-error.ts';
import { MANIFEST_PATH } from '../bundle/manifest.ts';
import { sortFiles, zipBundle } from '../bundle/zip.ts';
import { loadWorkload } from '../engine/config/load-workload.ts';
import type { Registry } from '../engine/config/run-config.ts';
import { earlierRun, openBundle } from '../engine/files/open-bundle.ts';
import type { EarlierRun } from '../engine/run/extension.ts';
import { ConfigError } from '../workloads/workload.ts';
import { filesIn } from './earlier-run.ts';
import { readConfig } from './inputs.ts';

export interface ExtendedRun {
  /** Absolute. */
  readonly folder: string;
  readonly earlier: EarlierRun;
  /** Files that its manifest lists. */
  readonly listed: readonly string[];
  /** Its run.json: what the new run is configured with unless flags say otherwise. */
  readonly base: Record<string, unknown>;
}

/**
 * Reads and verifies the folder as a bundle; undefined without a path.
 * @throws ConfigError where it holds no finished run; FileError for what in it cannot be believed
 */
export async function readExtended(path: string | undefined, registry: Registry): Promise<ExtendedRun | undefined> {
  if (path === undefined) return undefined;
  const folder = resolve(path);
  if (!existsSync(join(folder, MANIFEST_PATH)))
    throw new ConfigError('extend', `${path} holds no finished run: there is no ${MANIFEST_PATH} in it.`);
  const listed = await filesIn(join(folder, MANIFEST_PATH));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of zipBundle(filesOf(folder, listed))) pieces.push(piece);
  const bundle = await openBundle(basename(folder), new Blob(pieces), registry);
  const { results } = await loadWorkload(bundle.config.workload, registry);
  return {
    folder,
    earlier: earlierRun(bundle, results),
    listed,
    base: await readConfig(join(folder, 'run.json'), 'extend'),
  };
}

async function* filesOf(folder: string, listed: readonly string[]) {
  for (const { path } of [...sortFiles(listed.map((path) => ({ path }))), { path: MANIFEST_PATH }]) {
    const bytes = await readFile(join(folder, path)).catch((error: Error) => {
      throw new FileError(basename(folder), `${path} cannot be read: ${error.message}`, 'Nothing was changed.');
    });
    yield { path, bytes: new Uint8Array(bytes) };
  }
}

/**
 * What goes from that very folder before the new run is written into it: files about the run as a whole, which are made again. Items stay.
 * @param items names of those of the new run
 * @throws ConfigError where an item of the run would be in the folder and in no manifest
 */
export function madeAgain({ earlier, folder, listed }: ExtendedRun, items: readonly string[]): string[] {
  const stays = new Set(items);
  const lost = earlier.finished.find(({ stored }) => !stays.has(stored.info.runId));
  if (lost)
    throw new ConfigError(
      'extend',
      `${folder} holds ${lost.stored.info.runId}, which is not of this run: list it as well, or give another --output-dir.`,
    );
  return listed.filter((path) => !stays.has(path.split('/')[0]));
}
