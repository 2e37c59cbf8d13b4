/** Finished items of a run, by index, in memory. The only place that export, tables and plots read from. */
import type { PosteriorItem } from '../workloads/workload.ts';
import { heldBytes } from './held-bytes.ts';
import type { FailedItem, ItemSummary } from './progress.ts';

export class ResultStore {
  readonly #items = new Map<number, PosteriorItem>();
  readonly #summaries = new Map<number, ItemSummary>();
  readonly #failed = new Map<number, FailedItem>();
  readonly #bytes = new Map<number, number>();
  #totalBytes = 0;

  /** Keeps a finished item. A failure noted earlier for it no longer counts. */
  put(item: PosteriorItem, summary: ItemSummary): void {
    const { index } = item.info;
    const bytes = heldBytes([item, summary]);
    this.#totalBytes += bytes - (this.#bytes.get(index) ?? 0);
    this.#bytes.set(index, bytes);
    this.#items.set(index, item);
    this.#summaries.set(index, summary);
    this.#failed.delete(index);
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

  /** Bytes of the binary data of all items and summaries. */
  get bytes(): number {
    return this.#totalBytes;
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
