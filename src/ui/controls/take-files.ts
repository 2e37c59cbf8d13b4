/** Files that are dropped, chosen or taken as examples, each in the role it is meant for. */
import { findWorkload } from '../../engine/config/run-config.ts';
import type { FileRole } from '../../workloads/file-role.ts';
import { archiveOf, roleOfParts } from '../../workloads/join-parts.ts';
import { roleFor } from '../../workloads/role-for.ts';
import { filesOfPage } from '../../workloads/shipped-files.ts';
import { guard, loadFile, setPreset } from '../state/actions.ts';
import { loadFolder } from '../state/folders.ts';
import { notify, useStore } from '../state/store.ts';
import { sortGiven } from './given-folders.ts';

/** Bytes in which a role finds what a file is, e.g. the names of a table's columns. */
const HEAD_BYTES = 65_536;

/** @param entries of a drop, which know folders from files */
export async function takeFiles(given: readonly File[], entries: readonly FileSystemEntry[] = []): Promise<void> {
  const { files: roles, title } = findWorkload(useStore.getState().config.workload);
  const sorted = await sortGiven(roles, entries, given);
  for (const name of sorted.refused)
    notify({
      tone: 'error',
      message: `${name} holds many files, and none of them makes it a folder that ${title} takes.`,
      todo: 'Give the files that are meant.',
    });
  // In the order of the roles, as files are: the folder of a model, then what goes with it.
  for (const { role, folder } of sorted.folders.toSorted((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role)))
    await loadFolder(role.role, folder);
  const files = await joined(roles, sorted.files);
  const zips = files.filter(isZip);
  const bundles = await Promise.all(zips.map((zip) => isBundle(roles, zip)));
  const bundle = zips.find((_, i) => bundles[i]);
  if (bundle) return guard(async () => (await import('../state/bundle.ts')).openBundle(bundle));
  const head = async (file: File) => roleFor(roles, file.name, await file.slice(0, HEAD_BYTES).text());
  const meant = await Promise.all(files.map(async (file) => ({ file, role: await head(file) })));
  // In the order of the roles: what goes with another is checked against it.
  for (const { file, role } of meant.sort((a, b) => roles.indexOf(a.role!) - roles.indexOf(b.role!)))
    if (role) await loadFile(role.role, file);
    else notify({ tone: 'error', message: `${title} takes no files: ${file.name} was not read.` });
}

const isZip = ({ name }: File) => name.toLowerCase().endsWith('.zip');

/** Any archive, unless a role takes archives too and this one holds no run. */
async function isBundle(roles: readonly FileRole[], file: File): Promise<boolean> {
  if (!roles.some(({ accept }) => accept.includes('.zip'))) return true;
  const { ZipReader } = await import('../../bundle/read-zip.ts');
  // What cannot be opened is refused by the role, in its own words.
  const paths = await ZipReader.open(file.name, file).then(
    ({ entries }) => [...entries.keys()],
    () => [],
  );
  return paths.some((path) => /(^|\/)(run|manifest)\.json$/.test(path));
}

/** The same files, but those that are parts of one as an archive of them. */
async function joined(roles: readonly FileRole[], files: readonly File[]): Promise<readonly File[]> {
  const role = roleOfParts(
    roles,
    files.map(({ name }) => name),
  );
  if (!role) return files;
  const parts = files.filter(({ name }) => role.isPart?.(name));
  const bytes = await archiveOf(
    parts.map((file) => ({ name: file.name, bytes: async () => new Uint8Array(await file.arrayBuffer()) })),
  );
  return [...files.filter((file) => !parts.includes(file)), new File([bytes], `${role.role}.zip`)];
}

/** The example of a role with the settings that are right for it, and the example that it goes with where that is not there. */
export async function takeExample(name: string): Promise<void> {
  const { config, files } = useStore.getState();
  const { files: roles } = findWorkload(config.workload);
  const asked = roles.find(({ role }) => role === name)!;
  const fileName = ({ example }: FileRole) => example!.path.slice(example!.path.lastIndexOf('/') + 1);
  const other = roles.find(({ role }) => role === asked.of);
  const lacking = other?.example && files[other.role]?.name !== fileName(other) ? [other] : [];
  const read = await Promise.all([...lacking, asked].map(async (role) => ({ role, bytes: await bytesOf(role) })));
  if (read.some(({ bytes }) => bytes === undefined))
    return notify({ tone: 'error', message: 'The example could not be fetched.', todo: 'Try again.' });
  setPreset(asked.example!.preset);
  for (const { role, bytes } of read) await loadFile(role.role, new File([bytes!], fileName(role)));
}

function bytesOf({ example }: FileRole) {
  return filesOfPage(document.baseURI)(example!.path).catch(() => undefined);
}
