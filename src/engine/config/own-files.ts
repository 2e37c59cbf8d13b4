/** Files of the user's among what a run took: its results hang on them, and no bundle holds them. */
import type { FileOptions, OwnFile, OwnFiles } from '../../bundle/own-file.ts';
import type { FileRole } from '../../workloads/file-role.ts';

interface Taking {
  readonly files: readonly FileRole[];
}

/** Names and hashes of a run's files, by role, and what was chosen about them. */
export function ownFiles({ files: roles }: Taking, files: OwnFiles = {}): OwnFiles {
  return Object.fromEntries(
    roles.flatMap(({ role }) => {
      const file = files[role];
      if (!file) return [];
      const { name, sha256, options, folder } = file;
      return [[role, { name, sha256, ...(options && { options }), ...(folder && { folder }) }]];
    }),
  );
}

/** The same out of what a run.json notes about its run. One that takes the place of what ships counts where it was loaded indeed. */
export function recordedFiles({ files: roles }: Taking, ran: unknown): OwnFiles {
  const noted = (ran ?? {}) as Readonly<Record<string, Partial<OwnFile> | undefined>>;
  return Object.fromEntries(
    roles.flatMap(({ role, replaces }) => {
      const { name, sha256, options } = noted[role] ?? {};
      if (typeof name !== 'string' || typeof sha256 !== 'string') return [];
      return replaces && noted.loaded?.sha256 !== sha256
        ? []
        : [[role, { name, sha256, ...(isOptions(options) && { options }) }]];
    }),
  );
}

function isOptions(value: unknown): value is FileOptions {
  return typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string');
}

/** Whether the items are the user's. @param files what is there by role, in whatever form */
export function hasOwnData({ files: roles }: Taking, files: Readonly<Record<string, unknown>> = {}): boolean {
  return roles.some(({ role, data }) => data && files[role] !== undefined);
}
