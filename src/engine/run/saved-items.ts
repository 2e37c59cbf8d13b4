/** What of items under way is kept, so that a chunk that is cut short goes on from there: in a later run, or in this one after a fault. */
import type { SavedItem } from '../../workloads/workload.ts';

export class SavedItems {
  readonly #items: Map<number, SavedItem>;
  readonly #tell: (items: readonly SavedItem[]) => void;

  /** @param tell all that is kept, whenever there is more of it */
  constructor(items: readonly SavedItem[], tell: (items: readonly SavedItem[]) => void) {
    this.#items = new Map(items.map((item) => [item.index, item]));
    this.#tell = tell;
  }

  of(items: readonly number[]): SavedItem[] {
    return items.flatMap((index) => this.#items.get(index) ?? []);
  }

  keep(items: readonly SavedItem[]): void {
    for (const item of items) this.#items.set(item.index, item);
    this.#tell([...this.#items.values()]);
  }

  /** They have their results, or none will come of them. */
  forget(items: readonly number[]): void {
    for (const index of items) this.#items.delete(index);
  }
}
