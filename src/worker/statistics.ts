/**
 * Statistics over the items on screen, beside the page: thousands of items take longer than a frame, and the engine's worker has a
 * device to feed. Items come once each, as they finish; asked for, all are judged together by the functions of `engine/statistics.ts`.
 */
import { type RunStatistics, runStatistics, statisticsContext } from '../engine/statistics.ts';
import type { StatisticsItem } from '../engine/statistics-item.ts';
import type { ParamValues } from '../workloads/params.ts';
import { unreachable } from './protocol.ts';

export interface IndexedItem extends StatisticsItem {
  /** Position in the run's list; an item that comes again takes the place of its earlier one. */
  readonly index: number;
}

export type StatisticsRequest =
  /** Another run: forgets all items. */
  | { readonly type: 'clear' }
  | { readonly type: 'put'; readonly items: readonly IndexedItem[] }
  /** `ownImages`: the user's images, whose truths no prior drew. */
  | { readonly type: 'compute'; readonly params: ParamValues; readonly ownImages: boolean };

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
        this.#post(this.#compute(request.params, request.ownImages));
        return;
      default:
        unreachable(request);
    }
  }

  #compute(params: ParamValues, ownImages: boolean): StatisticsReply {
    const startedAt = performance.now();
    // In the run's order, whatever order they finished in: sums are then equal to the bit to those of the bundle.
    const items = [...this.#items.values()].sort((a, b) => a.index - b.index);
    const names = items[0]?.estimates.map(({ name }) => name) ?? [];
    try {
      const statistics = runStatistics(items, statisticsContext(params, names, ownImages));
      return { type: 'statistics', statistics, ms: performance.now() - startedAt };
    } catch (thrown) {
      return { type: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }
}
