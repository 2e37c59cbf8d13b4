/** What tunings found, in the page's private files: tuning/tuning.json. Loaded with the first plan where there are any. */
import { decodeResults, encodeResults, type TuningMemory } from '../../engine/tuner/memory.ts';
import type { TuningResult } from '../../engine/tuner/types.ts';
import { readText, writeText } from '../history/folder.ts';
import { FILE, FOLDER, noteTunings } from './kept.ts';

export { planRemembered } from '../../engine/tuner/memory.ts';

const PARTIAL = `${FILE}.partial`;

/** Files of the origin's private system can be renamed in every browser that has it; the DOM library does not know yet. */
type Movable = FileSystemFileHandle & { move(name: string): Promise<void> };

class OriginTuningMemory implements TuningMemory {
  /** Read once: nobody else writes while this worker lives, but for another tab, whose results are as good tomorrow. */
  #known: Promise<readonly TuningResult[]> | undefined;

  load(): Promise<readonly TuningResult[]> {
    this.#known ??= this.#read();
    return this.#known;
  }

  async save(results: readonly TuningResult[]): Promise<void> {
    this.#known = Promise.resolve(results);
    noteTunings();
    const folder = await folderOf();
    await writeText(folder, PARTIAL, encodeResults(results));
    await ((await folder.getFileHandle(PARTIAL)) as Movable).move(FILE);
  }

  async #read(): Promise<readonly TuningResult[]> {
    try {
      return decodeResults(await readText(await folderOf(), FILE));
    } catch {
      return [];
    }
  }
}

async function folderOf(): Promise<FileSystemDirectoryHandle> {
  const root = await globalThis.navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

/** The worker's own. */
export const tuningMemory: TuningMemory = new OriginTuningMemory();
