/** Finished items of a run, by index, in memory. The only place that export, tables and plots read from. */
import type { PosteriorItem } from '../workloads/workload.ts';
import type { FailedItem, ItemSummary } from './progress.ts';

export class ResultStore {
  readonly #items = new Map<number, PosteriorItem>();
  readonly #summaries = new Map<number, ItemSummary>();
  readonly #failed = new Map<number, FailedItem>();

  /** Keeps a finished item. A failure noted earlier for it no longer counts. */
  put(item: PosteriorItem, summary: ItemSummary): void {
    this.#items.set(item.info.index, item);
    this.#summaries.set(item.info.index, summary);
    this.#failed.delete(item.info.index);
  }

  /** Notes that an item has no result. */
  fail(failed: FailedItem): void {
    this.#failed.set(failed.info.index, failed);
  }

  isFailed(index: number): boolean {
    return this.#failed.has(index);
  }

  item(index: number): PosteriorItem | undefined {
    return this.#items.get(index);
  }

  summary(index: number): ItemSummary | undefined {
    return this.#summaries.get(index);
  }

  get size(): number {
    return this.#items.size;
  }

  /** In the order of the run's list, whatever the order they finished in. */
  items(): PosteriorItem[] {
    return byIndex(this.#items);
  }

  summaries(): ItemSummary[] {
    return byIndex(this.#summaries);
  }

  failed(): FailedItem[] {
    return byIndex(this.#failed);
  }
}

function byIndex<T>(map: ReadonlyMap<number, T>): T[] {
  return [...map].sort(([a], [b]) => a - b).map(([, value]) => value);
}
