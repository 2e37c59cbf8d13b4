/** Everything that a run keeps: results, failures, events, times. Each is told to the listener as it is noted. */

import type { ItemResult } from '../../results/kind.ts';
import type { Problem, Workload } from '../../workloads/workload.ts';
import { isSettled, keepEarlier, keepResult } from './attempts.ts';
import { failedEvent, type RunEvent, resumedEvent, type Untimed, unrescuedEvent } from './events.ts';
import type { ErrorReport } from './progress.ts';
import type { ChunkTiming, RunListener } from './run-options.ts';
import { ResultStore } from './store.ts';

/** Results of an earlier run told without a pause. */
const TOLD_AT_ONCE = 32;

export class RunRecorder {
  readonly store = new ResultStore();
  readonly timings: ChunkTiming[] = [];
  readonly events: RunEvent[] = [];
  readonly #workload: Workload;
  readonly #problem: Problem;
  readonly #listener: RunListener;
  readonly #elapsedMs: () => number;

  constructor(workload: Workload, problem: Problem, listener: RunListener, elapsedMs: () => number) {
    this.#workload = workload;
    this.#problem = problem;
    this.#listener = listener;
    this.#elapsedMs = elapsedMs;
  }

  /** Keeps a chunk's results, the better one where there are two; returns what was gained, in what the kind counts. */
  keep(items: readonly ItemResult[], rescue: number): number {
    let sum = 0;
    for (const item of items) {
      const { kept, gained } = keepResult(this.store, this.#workload.results, item, rescue + 1);
      sum += gained;
      this.#listener.itemDone?.(kept);
    }
    return sum;
  }

  /** Lists those of the items that have no result of this pass as failed; where a rescue failed, the earlier result stays. */
  fail(items: readonly number[], rescue: number, error: ErrorReport): void {
    const unsettled = items.filter((index) => !isSettled(this.store, index, rescue));
    const kept = unsettled.filter((index) => keepEarlier(this.store, index, rescue + 1));
    if (kept.length > 0) this.event(unrescuedEvent(this.#workload, kept, error.message));
    const lost = unsettled.filter((index) => !kept.includes(index));
    if (lost.length === 0) return;
    const failed = lost.map((index) => ({
      info: this.#problem.items[index],
      error: error.name,
      reason: error.message,
    }));
    for (const item of failed) this.store.fail(item);
    this.event(failedEvent(this.#workload, lost, error.message, lost.length === 1 ? failed[0].info.runId : undefined));
    this.#listener.chunkFailed?.(failed, error);
  }

  /** A rescue that does not fit is left out; said once, however often it is looked for. */
  leaveOut(items: readonly number[], reason: string): void {
    const event = unrescuedEvent(this.#workload, items, reason);
    if (!this.events.some(({ message }) => message === event.message)) this.event(event);
  }

  /** Tells which items of a chunk have a result, and returns how many. */
  chunkDone(items: readonly number[]): number {
    const done = items.filter((index) => this.store.item(index));
    this.#listener.chunkDone?.(done);
    return done.length;
  }

  event(untimed: Untimed): void {
    const event = { atMs: Math.round(this.#elapsedMs()), ...untimed };
    this.events.push(event);
    this.#listener.event?.(event);
  }

  /** Tells of results that were there before. Others may speak in between: there can be thousands. */
  async tellFinished(wanted: number): Promise<void> {
    const finished = this.store.summaries();
    if (finished.length === 0) return;
    this.event(resumedEvent(this.#workload, finished.length, wanted - finished.length));
    for (const [i, summary] of finished.entries()) {
      if (i % TOLD_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
      this.#listener.itemDone?.(summary);
    }
  }
}
