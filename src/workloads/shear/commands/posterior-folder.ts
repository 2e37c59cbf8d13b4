/** A folder of results as SHINE and Lockstep write it: `<run_id>/posterior.nc` beside `<run_id>/truth.json`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '../../../bundle/file-error.ts';
import { parseJson } from '../../../bundle/json-text.ts';
import { readGivenPosterior } from '../../../bundle/netcdf-thread.ts';
import { parsePythonJson } from '../../../bundle/python-text.ts';
import type { ReadPosterior } from '../../../bundle/read-netcdf.ts';
import { ConfigError } from '../../workload.ts';

/**
 * Names of the folders below `folder` that hold a posterior.nc, sorted.
 * @throws ConfigError for the flag `field` where the folder is missing or holds none.
 */
export async function runIdsIn(field: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw new ConfigError(field, `cannot read ${folder}: ${error.message}.`);
  });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const files = await readdir(join(folder, entry.name));
    if (files.includes('posterior.nc')) found.push(entry.name);
  }
  if (found.length === 0) {
    throw new ConfigError(
      field,
      `no posterior.nc found in ${folder}/*/. Give the folder of a run of posteriors, with one folder a realization.`,
    );
  }
  return found.sort();
}

/** The posterior of a run. Throws `FileError`; undefined where it has none. */
export async function readPosterior(folder: string, runId: string): Promise<ReadPosterior | undefined> {
  const path = join(folder, runId, 'posterior.nc');
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new FileError(path, error.message, 'Make the file readable.');
  });
  return bytes && readGivenPosterior(bytes, path);
}

/** truth.json of a run, its numbers alone. Throws `FileError` where it is missing, no JSON, or without a finite g1 and g2. */
export async function readTruth(
  folder: string,
  runId: string,
): Promise<{ [key: string]: number; g1: number; g2: number }> {
  const path = join(folder, runId, 'truth.json');
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new FileError(path, `cannot be read: ${error.message}`, 'Every realization needs its truth.');
  });
  const json = parseObject(path, text);
  const numbers = Object.fromEntries(
    Object.entries(json).flatMap(([key, value]) => (Number.isFinite(value) ? [[key, value as number]] : [])),
  );
  const { g1, g2 } = numbers;
  if (g1 === undefined || g2 === undefined) {
    throw new FileError(path, 'it has no finite numbers g1 and g2', 'Write the true shear as {"g1": …, "g2": …}.');
  }
  return { ...numbers, g1, g2 };
}

/**
 * Whether convergence.json says that model and noise do not describe the image; undefined where it does not say, as other programs'.
 * A text that cannot be read says nothing: the posterior is what is judged.
 */
export async function readUnfit(folder: string, runId: string): Promise<boolean | undefined> {
  const text = await readFile(join(folder, runId, 'convergence.json'), 'utf8').catch(() => '');
  try {
    const { unfit } = Object(parsePythonJson(text)) as { unfit?: unknown };
    return typeof unfit === 'boolean' ? unfit : undefined;
  } catch {
    return undefined;
  }
}

function parseObject(path: string, text: string): object {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    throw new FileError(path, `it is no JSON (${(error as Error).message})`, 'Write the file again.');
  }
  if (typeof json !== 'object' || json === null)
    throw new FileError(path, 'it holds no object', 'Write the file again.');
  return json;
}

/** `params` of the run.json in the first folder that has a readable one; undefined where none has. */
export async function readRunParams(folders: readonly string[]): Promise<Record<string, unknown> | undefined> {
  for (const folder of folders) {
    const path = join(folder, 'run.json');
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const { params } = parseObject(path, text) as { params?: unknown };
    if (typeof params === 'object' && params !== null) return params as Record<string, unknown>;
  }
  return undefined;
}
