/** What was dropped or chosen, as loose files and as folders that a role takes. */
import type { FolderPart } from '../../bundle/blob-folder.ts';
import type { FileRole } from '../../workloads/file-role.ts';
import { folderRoleFor } from '../../workloads/role-for.ts';
import type { GivenFolder } from '../state/given-files.ts';

export interface MeantFolder {
  readonly role: FileRole;
  readonly folder: GivenFolder;
}

export interface Sorted {
  readonly folders: readonly MeantFolder[];
  readonly files: readonly File[];
  /** Folders that no role takes, and that hold too many files to be looked at one by one. */
  readonly refused: readonly string[];
}

/** Files of a folder that no role takes are taken as if they had been given alone, up to so many. */
const MOST_LOOSE = 64;
/** Whoever drops a whole disk is told so soon. */
const MOST_WALKED = 5_000;

/** @param entries of a drop, which know folders @param files as they were chosen, maybe out of a folder (`webkitRelativePath`) */
export async function sortGiven(
  roles: readonly FileRole[],
  entries: readonly FileSystemEntry[],
  files: readonly File[],
): Promise<Sorted> {
  const walked = await Promise.all(entries.filter(({ isDirectory }) => isDirectory).map(walk));
  const chosen = groupsOf(files.filter(({ webkitRelativePath: path }) => path.includes('/')));
  let loose = files.filter(({ webkitRelativePath: path }) => !path.includes('/'));
  const folders: MeantFolder[] = [];
  const refused: string[] = [];
  for (const given of [...walked, ...chosen]) {
    const meant = meantIn(roles, given);
    if (meant.length > 0) folders.push(...meant);
    else if (given.parts.length > MOST_LOOSE) refused.push(given.name);
    else loose = [...loose, ...given.parts.map(({ file }) => file as File)];
  }
  const role = folderRoleFor(
    roles,
    loose.map(({ name }) => name),
  );
  if (role) {
    const parts = loose.filter(({ name }) => role.folder!.takes(name));
    folders.push({ role, folder: { name: role.role, parts: parts.map((file) => ({ name: file.name, file })) } });
    loose = loose.filter((file) => !parts.includes(file));
  }
  return { folders, files: loose, refused };
}

/** The folder itself where a role takes it, else those inside that one does. */
function meantIn(roles: readonly FileRole[], folder: GivenFolder): MeantFolder[] {
  const role = folderRoleFor(
    roles,
    folder.parts.map(({ name }) => name),
  );
  if (role) return [{ role, folder }];
  return groupsByFirst(folder.parts).flatMap((inside) => meantIn(roles, inside));
}

function groupsByFirst(parts: readonly FolderPart[]): GivenFolder[] {
  const groups = new Map<string, FolderPart[]>();
  for (const { name, file } of parts) {
    const slash = name.indexOf('/');
    if (slash < 0) continue;
    const first = name.slice(0, slash);
    const group = groups.get(first) ?? [];
    groups.set(first, group);
    group.push({ name: name.slice(slash + 1), file });
  }
  return [...groups].map(([name, inside]) => ({ name, parts: inside }));
}

const groupsOf = (files: readonly File[]) =>
  groupsByFirst(files.map((file) => ({ name: file.webkitRelativePath, file })));

/** All files of a dropped folder, those of folders inside with their path. */
async function walk(top: FileSystemEntry): Promise<GivenFolder> {
  const parts: FolderPart[] = [];
  const into = async (entry: FileSystemEntry, path: string): Promise<void> => {
    if (parts.length >= MOST_WALKED) return;
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      parts.push({ name: path, file });
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    // Browsers hand out some hundred at a time, and none when all have been.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const each of some) await into(each, path ? `${path}/${each.name}` : each.name);
    }
  };
  await into(top, '');
  return { name: top.name, parts };
}
