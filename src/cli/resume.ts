/** `lockstep run --resume <folder>`: what the folder's checkpoint says, and which flags may stand beside it. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MANIFEST_PATH } from '../bundle/manifest.ts';
import { type Checkpoint, readCheckpoint } from '../engine/checkpoint/read.ts';
import type { RunConfig } from '../engine/config/run-config.ts';
import type { ItemInfo } from '../results/item.ts';
import type { ParamValue } from '../workloads/params.ts';
import { ConfigError } from '../workloads/workload.ts';
import { CheckpointFolder } from './checkpoint-files.ts';
import { readConfig } from './inputs.ts';

export interface ResumedRun {
  readonly folder: string;
  /** Undefined where the run has finished: there is nothing left to do. */
  readonly checkpoint: Checkpoint | undefined;
  /** The configuration it began with, as in a run.json. */
  readonly base: Record<string, unknown>;
}

/**
 * Reads the checkpoint of an output folder; undefined without a path.
 * @throws ConfigError where there is nothing to go on with, or where it cannot be read.
 */
export async function readResume(path: string | undefined): Promise<ResumedRun | undefined> {
  if (path === undefined) return undefined;
  const folder = resolve(path);
  const files = new CheckpointFolder(folder);
  if (!(await files.holdsRun())) {
    if (!existsSync(join(folder, MANIFEST_PATH)))
      throw new ConfigError('resume', nothingThere(path, await files.names()));
    return { folder, checkpoint: undefined, base: await finishedConfig(folder) };
  }
  try {
    const checkpoint = await readCheckpoint(files);
    return { folder, checkpoint, base: JSON.parse(checkpoint.head.config) as Record<string, unknown> };
  } catch (error) {
    throw new ConfigError(
      'resume',
      `the head of the checkpoint in ${path} cannot be used: ${(error as Error).message}. Files of finished items are kept. ` +
        'Begin again with the flags of that run and --discard-checkpoint, or in another folder.',
    );
  }
}

/** The configuration of a run that has finished. @throws ConfigError where it cannot be read */
async function finishedConfig(folder: string): Promise<Record<string, unknown>> {
  const path = join(folder, 'run.json');
  try {
    return await readConfig(path, 'resume');
  } catch (error) {
    throw new ConfigError(
      'resume',
      `the run in ${folder} has finished, so there is nothing to go on with, and ${(error as Error).message}`,
    );
  }
}

function nothingThere(path: string, names: readonly string[]): string {
  return names.length > 0
    ? `the run in ${path} was ended before it had begun; nothing is lost. Start it again with its flags.`
    : `${path} holds no unfinished run. Give the --output-dir of a run that was cut short.`;
}

/**
 * Flags beside `--resume` may repeat what the run began with, and change how it is computed in chunks, which no result depends on.
 * @throws ConfigError for the first field that is another.
 */
export function requireSameConfig(path: string, then: RunConfig, now: RunConfig): void {
  const refuse = (field: string, before: unknown, given: unknown) => {
    if (JSON.stringify(before) === JSON.stringify(given)) return;
    throw new ConfigError(
      field,
      `the run in ${path} began with ${JSON.stringify(before)}, not ${JSON.stringify(given)}. ` +
        'Leave the flag out to go on, or start another run in another folder.',
    );
  };
  for (const field of ['workload', 'preset', 'seed', 'precision'] as const) refuse(field, then[field], now[field]);
  for (const key of Object.keys(then.params)) {
    refuse(`params.${key}`, then.params[key] as ParamValue, now.params[key]);
  }
}

/** Removes files that a killed process left half written, under their temporary names. */
export async function removePartials(folder: string, items: readonly ItemInfo[]): Promise<void> {
  for (const inside of ['', '.checkpoint', 'plots', 'shaders', ...items.map(({ runId }) => runId)]) {
    const names = await readdir(join(folder, inside)).catch(() => [] as string[]);
    for (const name of names) if (name.endsWith('.partial')) await rm(join(folder, inside, name), { force: true });
  }
}
