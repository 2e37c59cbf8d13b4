/**
 * Finished items of a run, by index, in memory. The only place that export, tables and plots read from. The engine treats them by their
 * kind; who knows the kind of a run reads them as what they are.
 */
import type { ItemResult, ResultKind, ResultSummary, RunResults } from '../../results/kind.ts';
import { heldBytes } from './held-bytes.ts';
import type { FailedItem } from './progress.ts';
import type { FinishedItem } from './run-options.ts';

export class ResultStore<I extends ItemResult = ItemResult, S extends ResultSummary = ResultSummary> {
  readonly #items = new Map<number, I>();
  readonly #summaries = new Map<number, S>();
  readonly #failed = new Map<number, FailedItem>();
  readonly #bytes = new Map<number, number>();
  #totalBytes = 0;

  /** Keeps a finished item. A failure noted earlier for it no longer counts. */
  put(item: I, summary: S): void {
    const { index } = item.info;
    const bytes = heldBytes([item, summary]);
    this.#totalBytes += bytes - (this.#bytes.get(index) ?? 0);
    this.#bytes.set(index, bytes);
    this.#items.set(index, item);
    this.#summaries.set(index, summary);
    this.#failed.delete(index);
  }

  /** Keeps an item of that kind with its summary, which is returned. */
  take(kind: ResultKind, item: ItemResult, attempts: number): S {
    const summary = kind.summarize(item, attempts) as S;
    this.put(item as I, summary);
    return summary;
  }

  /** What checkpoints write of these items: those that have a result, by their kind. */
  stored(kind: ResultKind<I>, items: readonly number[]): FinishedItem[] {
    return items.flatMap((index) => {
      const [item, summary] = [this.item(index), this.summary(index)];
      return item && summary ? [{ stored: kind.stored(item), attempts: summary.attempts }] : [];
    });
  }

  /** Notes that an item has no result. */
  fail(failed: FailedItem): void {
    this.#failed.set(failed.info.index, failed);
  }

  isFailed(index: number): boolean {
    return this.#failed.has(index);
  }

  item(index: number): I | undefined {
    return this.#items.get(index);
  }

  summary(index: number): S | undefined {
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
  items(): I[] {
    return byIndex(this.#items);
  }

  summaries(): S[] {
    return byIndex(this.#summaries);
  }

  failed(): FailedItem[] {
    return byIndex(this.#failed);
  }
}

/** What the finished items come to together; undefined where their kind says nothing of it, or none has finished. */
export function resultsOf(kind: ResultKind, store: ResultStore): RunResults | undefined {
  return store.size > 0 ? kind.reduce?.(store.items(), store.summaries()) : undefined;
}

function byIndex<T>(map: ReadonlyMap<number, T>): T[] {
  return [...map].sort(([a], [b]) => a - b).map(([, value]) => value);
}
