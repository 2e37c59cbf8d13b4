/**
 * What an earlier run left in an output folder, and what a new one may do about it: results of two runs never come to lie side by side
 * unless that was asked for, since whoever reads the folder counts both.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JsonValue } from '../bundle/json.ts';
import { parseJson } from '../bundle/json-text.ts';
import { MANIFEST_PATH, questionOf } from '../bundle/manifest.ts';
import { ConfigError } from '../workloads/workload.ts';
import type { CheckpointFolder } from './checkpoint-files.ts';

const RUN_PATH = 'run.json';
/** Of runs that others were added to. */
const KEPT_ASIDE = /^manifest-[0-9a-f]+\.json$/;
const POSTERIOR = 'posterior.nc';
const ID_DIGITS = 12;
const NAMED = 3;

/** What is to become of an earlier run. Without a word only the very same run may take its place. */
export type EarlierChoice = 'overwrite' | 'append' | undefined;

export interface EarlierRun {
  readonly folder: string;
  /** Names of the posteriors that are there, whoever made them. */
  readonly posteriors: readonly string[];
  /** Files by the manifests that list them: its own, and those of runs that it was added to. */
  readonly listed: ReadonlyMap<string, readonly string[]>;
  /** It was asked the same as the run that begins. */
  readonly same: boolean;
}

/**
 * Undefined where the folder holds none.
 * @param question of the run that begins, as `questionOf` tells it
 * @param but files that go in any case
 */
export async function readEarlier(
  folder: string,
  question: string,
  but: readonly string[],
): Promise<EarlierRun | undefined> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const stays = (path: string) => existsSync(join(folder, path)) && !but.includes(path);
  const posteriors = names.filter((name) => stays(`${name}/${POSTERIOR}`)).sort();
  const manifests = names.filter((name) => (name === MANIFEST_PATH || KEPT_ASIDE.test(name)) && stays(name));
  if (manifests.length === 0 && posteriors.length === 0) return undefined;
  const listed = new Map<string, string[]>();
  for (const name of manifests) listed.set(name, await filesIn(join(folder, name)));
  const run = (await json(join(folder, RUN_PATH))) as JsonValue | undefined;
  return { folder, posteriors, listed, same: run !== undefined && questionOf(run) === question };
}

/** @throws ConfigError where an earlier run is in the way */
export function requireChoice(earlier: EarlierRun | undefined, choice: EarlierChoice): void {
  if (!earlier || earlier.same || choice) return;
  throw new ConfigError(
    'output-dir',
    `${earlier.folder} holds ${inWords(earlier)}, and this is another run: its results would lie among them. Choose another folder, or say ` +
      'what is to become of it: --overwrite removes what its manifest lists, --append keeps it and adds to it.',
  );
}

/**
 * Makes room for a run.
 * @param items names of what it makes
 * @returns what there is to say of it
 * @throws ConfigError where what was asked for cannot be done; nothing has been touched then
 */
export async function makeRoom(earlier: EarlierRun, choice: EarlierChoice, items: readonly string[]): Promise<string> {
  if (choice === 'append') return append(earlier, items);
  if (choice === 'overwrite') return overwrite(earlier);
  return (
    `${earlier.folder} holds ${inWords(earlier)}: equal names are replaced, the others stay. ` +
    'Choose another --output-dir to keep runs apart.'
  );
}

async function overwrite(earlier: EarlierRun): Promise<string> {
  const { folder, posteriors, listed } = earlier;
  const files = [...new Set([...listed.values()].flat())];
  const others = posteriors.filter((name) => !files.includes(`${name}/${POSTERIOR}`));
  if (others.length > 0)
    throw new ConfigError(
      'output-dir',
      `${folder} holds posteriors that no manifest lists (${named(others)}), so nobody can say whose they are, and --overwrite does not ` +
        'remove them. Choose another folder, move them away, or keep them with --append.',
    );
  const about = [...listed.keys()];
  await removeFiles(folder, [...files, ...about, ...about.map((name) => name.replace('manifest', 'run'))]);
  return `${inWords(earlier)} was removed from ${folder}: ${files.length} files.`;
}

/** The run before keeps its manifest and configuration under other names: they say how its items came about. */
async function append(earlier: EarlierRun, items: readonly string[]): Promise<string> {
  const { folder, posteriors, listed } = earlier;
  const there = new Set([...posteriors, ...[...listed.values()].flat().map((path) => dirname(path))]);
  const clash = items.filter((name) => there.has(name));
  if (clash.length > 0)
    throw new ConfigError(
      'output-dir',
      `${folder} holds results of the same names already (${named(clash)}): --append adds and never replaces. Give another --base-seed or ` +
        'another folder.',
    );
  const { result_id: id } = ((await json(join(folder, MANIFEST_PATH))) ?? {}) as { result_id?: unknown };
  const digits = typeof id === 'string' ? /[0-9a-f]{12,}$/.exec(id)?.[0].slice(0, ID_DIGITS) : undefined;
  if (digits)
    for (const path of [MANIFEST_PATH, RUN_PATH]) {
      const [name] = path.split('.');
      await rename(join(folder, path), join(folder, `${name}-${digits}.json`));
    }
  return (
    `${folder} holds ${inWords(earlier)}, which stays${digits ? `, with its manifest and configuration as manifest-${digits}.json and run-${digits}.json` : ''}. ` +
    'summary.csv and all other files about a run as a whole will be those of this run alone.'
  );
}

/** Removes files of a run, and folders that it leaves empty. Paths out of the folder are left alone. */
export async function removeFiles(folder: string, paths: readonly string[]): Promise<void> {
  const inside = paths.filter((path) => !/^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)/.test(path));
  for (const path of inside) await rm(join(folder, path), { force: true });
  const folders = new Set(inside.map((path) => dirname(path)).filter((path) => path !== '.'));
  for (const path of [...folders].sort().toReversed()) await rmdir(join(folder, path)).catch(() => undefined);
}

/** Files of the unfinished run that a folder's checkpoint holds: by its manifest where it was stopped, else those of its finished items. */
export async function filesOfUnfinished(checkpoint: CheckpointFolder): Promise<string[]> {
  const { output } = checkpoint;
  const listed = await filesIn(join(output, MANIFEST_PATH));
  const items = (await checkpoint.items()).filter((name) => !/[/\\]|^\.{1,2}$/.test(name));
  const found: string[] = [];
  for (const name of items) {
    const files = await readdir(join(output, name), { withFileTypes: true }).catch(() => []);
    found.push(...files.filter((file) => file.isFile()).map((file) => `${name}/${file.name}`));
  }
  return [...new Set([...listed, ...found, MANIFEST_PATH])];
}

/** Files that a manifest lists; none where it cannot be read. */
export async function filesIn(manifest: string): Promise<string[]> {
  const { files } = ((await json(manifest)) ?? {}) as { files?: unknown };
  if (!Array.isArray(files)) return [];
  return files.flatMap((file: { path?: unknown } | null) => (typeof file?.path === 'string' ? [file.path] : []));
}

async function json(path: string): Promise<unknown> {
  try {
    return parseJson(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** "2 posteriors of an earlier run (m0_s42, …)" */
function inWords({ posteriors: [first, ...more] }: EarlierRun): string {
  if (first === undefined) return 'an earlier run';
  return `${more.length === 0 ? 'a posterior' : `${more.length + 1} posteriors`} of an earlier run (${first}${more.length > 0 ? ', …' : ''})`;
}

function named(names: readonly string[]): string {
  return names.length > NAMED ? `${names.slice(0, NAMED).join(', ')}, … ${names.length} in all` : names.join(', ');
}
