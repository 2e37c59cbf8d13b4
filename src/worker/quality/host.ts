/** Measures the quality of a run beside page and engine: classifiers take seconds to minutes. */

import { type LazyRegistry, loadWorkload } from '../../engine/config/load-workload.ts';
import { measureQuality } from '../../engine/quality/of-run.ts';
import type { Controls } from '../../results/posterior/quality/compare-item.ts';
import type { QualityItem } from '../../results/posterior/quality/types.ts';
import { unreachable } from '../unreachable.ts';
import type { QualityReply, QualityRequest } from './types.ts';

/** Works so long at a stretch; messages get their turn in between. */
const STRETCH_MS = 30;
const PROGRESS_MS = 100;

class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/** The worker's side. Handles one message; never throws. */
export class QualityHost {
  readonly #post: (reply: QualityReply) => void;
  readonly #registry: LazyRegistry;
  readonly #items = new Map<number, QualityItem>();
  readonly #controls: Controls = new Map();
  /** Id of the question under way. */
  #current: number | undefined;

  constructor(registry: LazyRegistry, post: (reply: QualityReply) => void) {
    this.#registry = registry;
    this.#post = post;
  }

  receive(request: QualityRequest): void {
    switch (request.type) {
      case 'clear':
        this.#items.clear();
        return;
      case 'put':
        this.#items.set(request.item.index, request.item);
        return;
      case 'cancel':
        this.#current = undefined;
        return;
      case 'compute':
        this.#current = request.id;
        void this.#answer(request);
        return;
      default:
        unreachable(request);
    }
  }

  async #answer(request: Extract<QualityRequest, { type: 'compute' }>): Promise<void> {
    const { id } = request;
    try {
      this.#post({ type: 'quality', id, quality: await this.#compute(request) });
    } catch (thrown) {
      if (thrown instanceof CancelledError) this.#post({ type: 'cancelled', id });
      else this.#post({ type: 'failed', id, message: thrown instanceof Error ? thrown.message : String(thrown) });
    } finally {
      if (this.#current === id) this.#current = undefined;
    }
  }

  async #compute({
    id,
    workload,
    params,
    size,
    ofItems,
    truthsFromPrior,
  }: Extract<QualityRequest, { type: 'compute' }>) {
    const found = await loadWorkload(workload, this.#registry);
    const exact = await found.exact?.(params);
    if (!exact) throw new Error(`The exact posteriors of ${found.title} are not known.`);
    const items = [...this.#items.values()].sort((a, b) => a.index - b.index);
    let [worked, told] = [performance.now(), Number.NEGATIVE_INFINITY];
    return measureQuality(
      { size, items, ofItems, exact, truthsFromPrior, controls: this.#controls },
      async () => {
        if (performance.now() - worked >= STRETCH_MS) {
          await new Promise((resolve) => setTimeout(resolve, 0));
          worked = performance.now();
        }
        if (this.#current !== id) throw new CancelledError();
      },
      (progress) => {
        if (!progress.done && performance.now() - told < PROGRESS_MS) return;
        told = performance.now();
        this.#post({ type: 'progress', id, progress });
      },
    );
  }
}
