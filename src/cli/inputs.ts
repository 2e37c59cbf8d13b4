/** Files named on the command line: a run.json, and those that an experiment takes. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { bytesOf } from '../bundle/file-folder.ts';
import { parseJson } from '../bundle/json-text.ts';
import type { FileOptions, OwnFile } from '../bundle/own-file.ts';
import { formatBytes } from '../engine/bytes.ts';
import type { CheckpointHead } from '../engine/checkpoint/head.ts';
import { recordedFiles } from '../engine/config/own-files.ts';
import type { FileRole, ReadFile, Replacement } from '../workloads/file-role.ts';
import { archiveOf } from '../workloads/join-parts.ts';
import { readFolder } from '../workloads/read-folder.ts';
import { ConfigError, type Experiment, type RunInputs } from '../workloads/workload.ts';
import { directoryFolder, systemSha256 } from './directory-folder.ts';

/** Reads a file. Throws `ConfigError` for the flag that named it. */
async function read(field: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new ConfigError(field, `cannot read ${path}: ${(error as Error).message}.`);
  }
}

const isFolder = async (path: string) => (await stat(path).catch(() => undefined))?.isDirectory() === true;

/** What is in a role, read by it. A folder says what there is of it before it is read, which may take a while. */
async function readIn(
  role: FileRole,
  path: string,
  options: FileOptions | undefined,
  tell: (sentence: string) => void,
): Promise<ReadFile> {
  const taking = role.folder;
  if (!taking || !(await isFolder(path))) {
    const { name, bytes } = await readOf(role, path);
    return role.read(name, bytes, options);
  }
  const folder = await directoryFolder(role.role, path, taking.takes);
  const { length } = folder.files;
  tell(`${folder.name}: ${formatBytes(bytesOf(folder.files))} in ${length} ${length === 1 ? 'file' : 'files'}.`);
  return readFolder(taking, folder, options, { sha256: systemSha256 });
}

/** A file of a role; of a folder with parts of one an archive of them. */
async function readOf(
  { role, isPart }: FileRole,
  path: string,
): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  if (!isPart || !(await isFolder(path))) return { name: basename(path), bytes: await read(role, path) };
  const parts = (await readdir(path)).filter((name) => isPart(name));
  if (parts.length === 0) throw new ConfigError(role, `${path} is a folder without a file for it.`);
  const bytes = await archiveOf(parts.map((name) => ({ name, bytes: () => read(role, join(path, name)) })));
  return { name: `${basename(path)}.zip`, bytes };
}

/** What a flag takes in the place of a file that takes the place of one that ships: the one that ships. */
const SHIPPED = 'shipped';

/** Paths of the user's files, by role. */
export type InputPaths = Readonly<Record<string, string | undefined>>;

type Taking = Pick<Experiment, 'files'>;

/**
 * The files to read: those that flags name, else those of the run that is gone on with.
 * @param flag value of a flag @param base a run.json, or nothing @param before of a checkpoint
 * @throws ConfigError where the run of `base` took another than the one that ships, and no flag says which to take now
 */
export function inputPaths(
  workload: Taking,
  flag: (name: string) => string | undefined,
  base: Record<string, unknown>,
  before: CheckpointHead['inputs'] = {},
): InputPaths {
  const ran = recordedFiles(workload, base.ran);
  return Object.fromEntries(
    workload.files.map(({ role, replaces }) => {
      const given = flag(role) ?? before[role]?.path;
      const own = ran[role];
      if (replaces && own && given === undefined) throw new ConfigError(role, whichNow(own, replaces));
      return [role, replaces && given === SHIPPED ? undefined : given];
    }),
  );
}

/** Choices about the user's files, by role. */
export type InputOptions = Readonly<Record<string, FileOptions>>;

/**
 * What is chosen about the files of `paths`: by flags, else as the run chose that is repeated or gone on with.
 * @throws ConfigError for a choice that there is not, or about a file that is not given
 */
export function inputOptions(
  workload: Taking,
  paths: InputPaths,
  flag: (name: string) => string | undefined,
  base: Record<string, unknown>,
  before: CheckpointHead['inputs'] = {},
): InputOptions {
  const ran = recordedFiles(workload, base.ran);
  return Object.fromEntries(
    workload.files.map(({ role, options = [] }) => {
      const path = paths[role];
      const earlier =
        before[role] ?? (path !== undefined && ran[role]?.name === basename(path) ? ran[role] : undefined);
      const chosen = options.flatMap(({ name, values }) => {
        const value = flag(name);
        if (value === undefined) return earlier?.options?.[name] === undefined ? [] : [[name, earlier.options[name]]];
        if (path === undefined) throw new ConfigError(name, `it goes with --${role}, which is not given.`);
        if (values?.some((known) => known.value === value) ?? true) return [[name, value]];
        const known = values?.map((known) => known.value).join(' or ');
        throw new ConfigError(name, `"${value}" is no choice; give ${known}.`);
      });
      return [role, Object.fromEntries(chosen)];
    }),
  );
}

function whichNow({ name, sha256 }: OwnFile, { noun, shipped }: Replacement): string {
  return (
    `this configuration ran with a ${noun} of your own, ${name} (${sha256}), which is in no bundle. ` +
    `Give that file to repeat the run, or "${SHIPPED}" for ${shipped}, which gives other results.`
  );
}

/** What is said when a run takes other files than the configuration ran with before. */
export function otherFiles(workload: Taking, base: Record<string, unknown>, { files, loaded }: RunInputs): string[] {
  const ran = recordedFiles(workload, base.ran);
  const notes = workload.files.flatMap(({ role, data }) => {
    const [before, now] = [ran[role], files?.[role]];
    if (!data || !before || before.sha256 === now?.sha256) return [];
    const { verb, without } = data;
    return now
      ? `${now.name} is not the file that this configuration ${verb} before (${before.name}, ${before.sha256}).`
      : `This configuration ${verb} ${before.name}, which is not given here: ${without}. Add --${role}.`;
  });
  const { loaded: before } = (base.ran ?? {}) as { loaded?: Partial<OwnFile> };
  if (!before || !loaded || before.sha256 === loaded.sha256) return notes;
  const noun = workload.files.find(({ replaces }) => replaces)?.replaces?.noun ?? 'file';
  return [
    ...notes,
    `${loaded.name} is not the ${noun} that this configuration ran with before (${before.name}, ${before.sha256}): results will differ.`,
  ];
}

/**
 * The files, read in the order of their roles.
 * @param tell what each was found to be, as a sentence
 * @throws `ConfigError` for a missing file, `FileError` for one that cannot be used.
 */
export async function readInputs(
  workload: Taking,
  paths: InputPaths,
  options: InputOptions = {},
  tell: (sentence: string) => void = () => {},
): Promise<RunInputs> {
  const files: Record<string, OwnFile> = {};
  for (const each of workload.files) {
    const { role } = each;
    const path = paths[role];
    if (path === undefined) continue;
    const { input, what } = await readIn(each, path, options[role], tell);
    files[role] = input;
    tell(`${input.name}: ${what}.`);
  }
  return { files };
}

/**
 * The object in a run.json; an empty one without a path. Throws `ConfigError`.
 * @param field flag that the path came by
 */
export async function readConfig(path: string | undefined, field = 'config'): Promise<Record<string, unknown>> {
  if (path === undefined) return {};
  const text = new TextDecoder().decode(await read(field, path));
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    throw new ConfigError(field, `${path} is not JSON: ${(error as Error).message}. Give one that a run has written.`);
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw new ConfigError(field, `${path} does not hold a configuration; expected an object as in a run.json.`);
}
