/** Files named on the command line: a run.json, a stack of images, a table of true values. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DataKind } from '../bundle/data-words.ts';
import { loadImages } from '../bundle/images.ts';
import { sha256Of } from '../bundle/sha256.ts';
import { loadTruth } from '../bundle/truth-table.ts';
import { recordedNetwork } from '../engine/own-network.ts';
import { ConfigError, type RunInputs, type UserFile } from '../workloads/workload.ts';

/** Reads a file. Throws `ConfigError` for the flag that named it. */
async function read(field: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new ConfigError(field, `cannot read ${path}: ${(error as Error).message}.`);
  }
}

/** What `--network` takes in the place of a file: the network that ships. */
const SHIPPED = 'shipped';

/**
 * Path of the network to load; undefined for the one that ships.
 * @param given with `--network` @param base a run.json, or nothing
 * @throws ConfigError where that run took another than the one that ships, and no flag says which to take now
 */
export function networkPath(given: string | undefined, base: Record<string, unknown>): string | undefined {
  const before = recordedNetwork(base.ran);
  if (given === undefined && before)
    throw new ConfigError(
      'network',
      `this configuration ran with a network of your own, ${before.name} (${before.sha256}), which is in no bundle. ` +
        `Give that file to repeat the run, or "${SHIPPED}" for the network that ships, which gives other results.`,
    );
  return given === SHIPPED ? undefined : given;
}

/** What is said when a network is taken that is not the one the configuration ran with before. */
export function otherNetwork(base: Record<string, unknown>, { loaded }: RunInputs): string | undefined {
  const { loaded: before } = (base.ran ?? {}) as { loaded?: { name?: string; sha256?: string } };
  if (!before || !loaded || before.sha256 === loaded.sha256) return undefined;
  return `${loaded.name} is not the network that this configuration ran with before (${before.name}, ${before.sha256}): results will differ.`;
}

/** Files that flags name. */
export interface InputPaths {
  readonly images?: string;
  readonly truth?: string;
  readonly network?: string;
}

/** Images (or rows of numbers) and truth, decoded; a network as it is. Throws `ConfigError` for a missing file, `FileError` for one that cannot be used. */
export async function readInputs(paths: InputPaths, kind: DataKind = 'images'): Promise<RunInputs> {
  const { images, truth, network } = paths;
  return {
    images: images === undefined ? undefined : await loadImages(basename(images), await read('images', images), kind),
    truth: truth === undefined ? undefined : await loadTruth(basename(truth), await read('truth', truth)),
    ...(network !== undefined && { network: await networkFile(network) }),
  };
}

async function networkFile(path: string): Promise<UserFile> {
  const bytes = await read('network', path);
  return { name: basename(path), bytes, sha256: sha256Of(bytes) };
}

/** The object in a run.json; an empty one without a path. Throws `ConfigError`. */
export async function readConfig(path: string | undefined): Promise<Record<string, unknown>> {
  if (path === undefined) return {};
  const text = new TextDecoder().decode(await read('config', path));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ConfigError('config', `${path} is not JSON: ${(error as Error).message}.`);
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw new ConfigError('config', `${path} does not hold a configuration; expected an object as in a run.json.`);
}
