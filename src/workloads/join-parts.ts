/** Several files that are parts of one: put into an archive, which their role reads. */
import type { FileRole } from './file-role.ts';

export interface Part {
  readonly name: string;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

/** The role that more than one of the names are parts for; undefined where there is none. */
export function roleOfParts(roles: readonly FileRole[], names: readonly string[]): FileRole | undefined {
  return roles.find((role) => names.filter((name) => role.isPart?.(name)).length > 1);
}

/** A zip of the parts in the order of their names, nothing packed: equal parts give equal bytes, whose hash is the file's. */
export async function archiveOf(parts: readonly Part[]): Promise<Uint8Array<ArrayBuffer>> {
  const { zipSync } = await import('fflate');
  const sorted = parts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const entries = await Promise.all(sorted.map(async ({ name, bytes }) => [name, await bytes()] as const));
  // The earliest time that the format can say.
  return new Uint8Array(zipSync(Object.fromEntries(entries), { level: 0, mtime: new Date(1980, 0, 1) }));
}
