/** Which role a file is given that comes without one, e.g. dropped on the page. */
import type { FileRole } from './file-role.ts';

/**
 * The role that a file without one is meant for; the first where none accepts its name: that one's reader says what is wrong.
 * @param head its first bytes as text
 */
export function roleFor(roles: readonly FileRole[], name: string, head: string): FileRole | undefined {
  const accepting = roles.filter(({ accept }) => accept.some((end) => name.toLowerCase().endsWith(end)));
  return (
    accepting.find((role) => role.recognises?.(head, name)) ??
    accepting.find(({ recognises }) => !recognises) ??
    roles[0]
  );
}

/** The role that takes a folder of files with these names; undefined where there is none. */
export function folderRoleFor(roles: readonly FileRole[], names: readonly string[]): FileRole | undefined {
  return roles.find(({ folder }) => folder?.recognises(names));
}
