/** What tunings found, in the page's private files: tuning/tuning.json. Loaded with the first plan, so it stays small. */
import { decodeResults, encodeResults, type TuningMemory } from '../../engine/tuner/memory.ts';
import type { TuningResult } from '../../engine/tuner/types.ts';
import { readText, writeText } from '../history/folder.ts';

export { planRemembered } from '../../engine/tuner/memory.ts';

const FOLDER = 'tuning';
const FILE = 'tuning.json';
const PARTIAL = 'tuning.json.partial';

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
