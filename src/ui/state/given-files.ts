/** The user's files as they were given, for an engine that is started again: the one before took their bytes with it. */
const given = new Map<string, { readonly workload: string; readonly role: string; readonly file: File }>();

const keyOf = (workload: string, role: string) => `${workload} ${role}`;

/** The engine has this file now. */
export function rememberGiven(workload: string, role: string, file: File): void {
  given.set(keyOf(workload, role), { workload, role, file });
}

/** The engine has another that no file of the user's is behind, or none. */
export function forgetGiven(workload: string, role: string): void {
  given.delete(keyOf(workload, role));
}

export function givenFile(workload: string, role: string): File | undefined {
  return given.get(keyOf(workload, role))?.file;
}
