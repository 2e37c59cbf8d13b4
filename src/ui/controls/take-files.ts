/** Files that are dropped, chosen or taken as examples, each in the role it is meant for. */
import { findWorkload } from '../../engine/config/run-config.ts';
import type { FileRole } from '../../workloads/file-role.ts';
import { roleFor } from '../../workloads/role-for.ts';
import { filesOfPage } from '../../workloads/shipped-files.ts';
import { guard, loadFile, setPreset } from '../state/actions.ts';
import { notify, useStore } from '../state/store.ts';

/** Bytes in which a role finds what a file is, e.g. the names of a table's columns. */
const HEAD_BYTES = 65_536;

export async function takeFiles(files: readonly File[]): Promise<void> {
  const bundle = files.find(({ name }) => name.toLowerCase().endsWith('.zip'));
  if (bundle) return guard(async () => (await import('../state/bundle.ts')).openBundle(bundle));
  const { files: roles, title } = findWorkload(useStore.getState().config.workload);
  const head = async (file: File) => roleFor(roles, file.name, await file.slice(0, HEAD_BYTES).text());
  const meant = await Promise.all(files.map(async (file) => ({ file, role: await head(file) })));
  // In the order of the roles: what goes with another is checked against it.
  for (const { file, role } of meant.sort((a, b) => roles.indexOf(a.role!) - roles.indexOf(b.role!)))
    if (role) await loadFile(role.role, file);
    else notify({ tone: 'error', message: `${title} takes no files: ${file.name} was not read.` });
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
