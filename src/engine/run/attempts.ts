/**
 * Which items a pass has to sample, and which of two results is kept. All of it follows from the store, so that a run that goes on from
 * a checkpoint does what it would have done anyway.
 */

import type { ItemResult, ResultKind, ResultSummary } from '../../results/kind.ts';
import { ConfigError, type Problem } from '../../workloads/workload.ts';
import type { FinishedItem } from './run-options.ts';
import type { ResultStore } from './store.ts';

/** How a rescue went. */
export interface RescueRecord {
  /** 1 or 2. */
  readonly rescue: number;
  /** Posteriors sampled again. */
  readonly items: number;
  /** Those of them that pass every threshold now. */
  readonly converged: number;
}

/** Puts the results of an earlier run into the store. Throws `ConfigError` where they are of another configuration. */
export function takeFinished(
  store: ResultStore,
  kind: ResultKind,
  problem: Problem,
  finished: readonly FinishedItem[],
): void {
  for (const { stored, attempts } of finished) {
    const { index, runId, seed } = stored.info;
    const info = problem.items[index];
    if (info?.runId !== runId || info.seed !== seed) {
      throw new ConfigError('resume', `${runId} is not a result of this configuration; start a new run.`);
    }
    store.take(kind, kind.restored(stored), attempts);
  }
}

/** True where a pass has sampled the item, or failed to. */
export function isSettled(store: ResultStore, index: number, rescue: number): boolean {
  return store.isFailed(index) || (store.summary(index)?.attempts ?? 0) > rescue;
}

/** Items that the first pass still has to sample, of `wanted`. */
export function withoutResult(store: ResultStore, wanted: readonly number[]): number[] {
  return wanted.filter((index) => !store.item(index));
}

/** Items that rescue `rescue` still has to sample: those whose posterior missed a threshold in every pass before it, and may gain by it. */
export function toRescue(store: ResultStore, rescue: number): number[] {
  return store
    .summaries()
    .filter(({ converged, attempts, notAgain }) => !converged && attempts === rescue && notAgain === undefined)
    .map(({ info }) => info.index);
}

/** Rescues so far, in their order. */
export function rescuesOf(store: ResultStore): RescueRecord[] {
  const summaries = store.summaries();
  const records: RescueRecord[] = [];
  for (let rescue = 1; ; rescue++) {
    const items = summaries.filter(({ attempts }) => attempts > rescue);
    if (items.length === 0) return records;
    const converged = items.filter((summary) => summary.converged && summary.attempts === rescue + 1).length;
    records.push({ rescue, items: items.length, converged });
  }
}

/**
 * Keeps a result; one from a rescue takes the place of an earlier one unless it is worse. Returns what the store holds now, and what was
 * gained by it, in what the kind counts.
 */
export function keepResult(
  store: ResultStore,
  kind: ResultKind,
  item: ItemResult,
  attempts: number,
): { kept: ResultSummary; gained: number } {
  const { index } = item.info;
  const [earlier, known] = [store.item(index), store.summary(index)];
  const summary = store.take(kind, item, attempts);
  const worse = known !== undefined && !summary.converged && kind.worth(summary) < kind.worth(known);
  const kept = worse ? { ...known, attempts } : summary;
  if (worse && earlier) store.put(earlier, { ...known, attempts });
  return { kept, gained: kind.worth(kept) - (known ? kind.worth(known) : 0) };
}

/** A rescue of the item failed: its earlier result stays and counts one more attempt. False where it has none. */
export function keepEarlier(store: ResultStore, index: number, attempts: number): boolean {
  const [item, summary] = [store.item(index), store.summary(index)];
  if (!item || !summary) return false;
  store.put(item, { ...summary, attempts });
  return true;
}
