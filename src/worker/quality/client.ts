/** The page's end of the worker that measures quality: fetches draws, sends each item once, has one question under way. */

import type { RunConfig } from '../../engine/config/run-config.ts';
import type { PosteriorItem } from '../../results/posterior/item.ts';
import type { ItemSummary } from '../../results/posterior/item-summary.ts';
import { drawsLookedAt, qualityItem } from '../../results/posterior/quality/item.ts';
import type { ItemQuality, QualityProgress, QualitySize, RunQuality } from '../../results/posterior/quality/types.ts';
import type { Port } from '../client.ts';
import type { QualityReply, QualityRequest } from './types.ts';

/** What is to be measured. */
export interface QualityWish {
  /** Stands for the run: what was measured of another is not shown any more. */
  readonly run: unknown;
  readonly config: RunConfig;
  /** Of the posteriors that have finished. */
  readonly summaries: readonly ItemSummary[];
  /** Whether every truth was drawn from the prior. */
  readonly truthsFromPrior: boolean;
  readonly size: QualitySize;
  /** All draws of a finished item. */
  readonly item: (index: number) => Promise<PosteriorItem>;
}

/** Where the client stands; another object after each change. */
export interface QualityState {
  readonly status: 'idle' | 'working' | 'done' | 'cancelled' | 'failed';
  /** While it works. */
  readonly progress?: QualityProgress;
  /** Observations that are done, of the question asked last. */
  readonly compared: readonly ItemQuality[];
  /** What was measured last of this run; stays while it is measured again. */
  readonly quality?: RunQuality;
  /** Why there is none, in words. */
  readonly problem?: string;
}

const IDLE: QualityState = { status: 'idle', compared: [] };

/** Starts the worker. */
export function startQualityWorker(): Worker {
  return new Worker(new URL('./quality.worker.ts', import.meta.url), { type: 'module', name: 'lockstep-quality' });
}

export class QualityClient {
  readonly #port: Port;
  readonly #listeners = new Set<() => void>();
  /** What the worker holds, by index, and how many draws of it at most. */
  readonly #sent = new Map<number, { readonly summary: ItemSummary; readonly draws: number }>();
  #run: unknown;
  #id = 0;
  #state = IDLE;
  #dead: string | undefined;

  constructor(port: Port = startQualityWorker()) {
    this.#port = port;
    port.onmessage = (event) => this.#receive(event.data as QualityReply);
    port.onerror = (event) => this.#die(event.message || 'the worker that measures quality could not be loaded');
    port.onmessageerror = () => this.#die('a message from the worker that measures quality could not be read');
  }

  readonly state = (): QualityState => this.#state;

  /** Listens to changes; returns the function that stops listening. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Measures; a question under way is given up. Resolves when the worker has it all, not when it has answered. */
  readonly ask = async (wish: QualityWish): Promise<void> => {
    if (wish.run !== this.#run) {
      this.forget();
      this.#run = wish.run;
    }
    const id = ++this.#id;
    this.#post({ type: 'cancel' });
    const { quality } = this.#state;
    if (this.#dead !== undefined) {
      this.#tell({ status: 'failed', compared: [], problem: this.#dead });
      return;
    }
    this.#tell({ status: 'working', compared: [], quality, progress: { what: 'fetching draws', fraction: 0 } });
    const { truthsFromPrior } = wish;
    try {
      if (!(await this.#send(id, wish, truthsFromPrior))) return;
    } catch (thrown) {
      const problem = thrown instanceof Error ? thrown.message : String(thrown);
      if (id === this.#id) this.#tell({ status: 'failed', compared: [], quality, problem });
      return;
    }
    const { workload, params } = wish.config;
    const ofItems = wish.summaries.length;
    this.#post({ type: 'compute', id, workload, params, size: wish.size, ofItems, truthsFromPrior });
  };

  /** Ends the question under way; what was measured before it stays. */
  readonly cancel = (): void => {
    if (this.#state.status !== 'working') return;
    this.#id++;
    this.#post({ type: 'cancel' });
    const { compared, quality } = this.#state;
    this.#tell({ status: 'cancelled', compared, quality });
  };

  /** Shows what is known already of a run, e.g. out of its bundle. */
  readonly show = (run: unknown, quality: RunQuality | undefined): void => {
    this.forget();
    this.#run = run;
    if (quality) this.#tell({ status: 'done', compared: quality.compared, quality });
  };

  /** Lets go of the run and all that was measured of it. */
  readonly forget = (): void => {
    this.#id++;
    this.#run = undefined;
    this.#sent.clear();
    this.#post({ type: 'cancel' });
    this.#post({ type: 'clear' });
    if (this.#state !== IDLE) this.#tell(IDLE);
  };

  /** Sends the items that the worker does not have. @returns false where another question came in between */
  async #send(id: number, { summaries, item }: QualityWish, fromPrior: boolean): Promise<boolean> {
    const inOrder = summaries.toSorted((a, b) => a.info.index - b.info.index);
    for (const [place, summary] of inOrder.entries()) {
      const { index } = summary.info;
      const draws = drawsLookedAt(place, fromPrior);
      const known = this.#sent.get(index);
      if (draws === 0 || (known?.summary === summary && known.draws >= draws)) continue;
      const taken = qualityItem(await item(index), draws);
      if (id !== this.#id) return false;
      if (!taken) throw new Error('The exact posteriors of these results are not known: their data are not told.');
      this.#post({ type: 'put', item: taken });
      this.#sent.set(index, { summary, draws });
    }
    return true;
  }

  #receive(reply: QualityReply): void {
    if (reply.id !== this.#id) return;
    const { compared, quality } = this.#state;
    if (reply.type === 'progress') {
      const { done } = reply.progress;
      const known = done ? [...compared, done] : compared;
      this.#tell({ status: 'working', compared: known, quality, progress: reply.progress });
    } else if (reply.type === 'quality') {
      this.#tell({ status: 'done', compared: reply.quality.compared, quality: reply.quality });
    } else if (reply.type === 'failed') {
      this.#tell({ status: 'failed', compared, quality, problem: reply.message });
    } else this.#tell({ status: 'cancelled', compared, quality });
  }

  #die(message: string): void {
    this.#dead = message;
    if (this.#state.status === 'working') this.#tell({ status: 'failed', compared: [], problem: message });
  }

  #post(request: QualityRequest): void {
    this.#port.postMessage(request, []);
  }

  #tell(state: QualityState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
