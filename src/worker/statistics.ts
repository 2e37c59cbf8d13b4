/**
 * Statistics over the items on screen, beside the page: thousands of items take longer than a frame, and the engine's worker has a
 * device to feed. Items come once each, as they finish; asked for, all are judged together by the functions of `results/posterior/statistics.ts`.
 */
import { type RunStatistics, runStatistics, type StatisticsContext } from '../results/posterior/statistics.ts';
import type { StatisticsItem } from '../results/posterior/statistics-item.ts';
import { unreachable } from './unreachable.ts';

export interface IndexedItem extends StatisticsItem {
  /** Position in the run's list; an item that comes again takes the place of its earlier one. */
  readonly index: number;
}

export type StatisticsRequest =
  /** Another run: forgets all items. */
  | { readonly type: 'clear' }
  | { readonly type: 'put'; readonly items: readonly IndexedItem[] }
  | { readonly type: 'compute'; readonly context: StatisticsContext };

/** Answer to each `compute`, in their order. */
export type StatisticsReply =
  | { readonly type: 'statistics'; readonly statistics: RunStatistics; readonly ms: number }
  | { readonly type: 'failed'; readonly message: string };

/** The worker's side. Handles one message; never throws. */
export class StatisticsHost {
  readonly #post: (reply: StatisticsReply) => void;
  readonly #items = new Map<number, IndexedItem>();

  constructor(post: (reply: StatisticsReply) => void) {
    this.#post = post;
  }

  receive(request: StatisticsRequest): void {
    switch (request.type) {
      case 'clear':
        this.#items.clear();
        return;
      case 'put':
        for (const item of request.items) this.#items.set(item.index, item);
        return;
      case 'compute':
        this.#post(this.#compute(request.context));
        return;
      default:
        unreachable(request);
    }
  }

  #compute(context: StatisticsContext): StatisticsReply {
    const startedAt = performance.now();
    // In the run's order, whatever order they finished in: sums are then equal to the bit to those of the bundle.
    const items = [...this.#items.values()].sort((a, b) => a.index - b.index);
    try {
      const statistics = runStatistics(items, context);
      return { type: 'statistics', statistics, ms: performance.now() - startedAt };
    } catch (thrown) {
      return { type: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }
}
