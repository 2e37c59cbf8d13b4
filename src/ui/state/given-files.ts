/** The user's files as they were given, for an engine that is started again: the one before took their bytes with it. */
import type { FolderPart } from '../../bundle/blob-folder.ts';

export interface GivenFolder {
  readonly name: string;
  readonly parts: readonly FolderPart[];
}

export type GivenSource = File | GivenFolder;

export const isFolder = (source: GivenSource): source is GivenFolder => 'parts' in source;

const given = new Map<string, GivenSource>();

const keyOf = (workload: string, role: string) => `${workload} ${role}`;

/** The engine has this file now. */
export function rememberGiven(workload: string, role: string, source: GivenSource): void {
  given.set(keyOf(workload, role), source);
}

/** The engine has another that no file of the user's is behind, or none. */
export function forgetGiven(workload: string, role: string): void {
  given.delete(keyOf(workload, role));
}

export function givenFile(workload: string, role: string): GivenSource | undefined {
  return given.get(keyOf(workload, role));
}
