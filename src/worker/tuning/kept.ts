/** Whether tunings are remembered at all. A first visit has none, and is spared what reads them. */

/** Folder and file of the page's private files that hold them. */
export const FOLDER = 'tuning';
export const FILE = 'tuning.json';

/** Looked for once: another tab's are as good tomorrow. */
let some: Promise<boolean> | undefined;

export function hasTunings(): Promise<boolean> {
  some ??= isThere();
  return some;
}

/** There are some from now on, whether the browser keeps them or not. */
export function noteTunings(): void {
  some = Promise.resolve(true);
}

async function isThere(): Promise<boolean> {
  try {
    const root = await globalThis.navigator.storage.getDirectory();
    await (await root.getDirectoryHandle(FOLDER)).getFileHandle(FILE);
    return true;
  } catch {
    return false;
  }
}
