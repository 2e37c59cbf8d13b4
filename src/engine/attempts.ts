/**
 * Which items a pass has to sample, and which of two results is kept. All of it follows from the store, so that a run that goes on from
 * a checkpoint does what it would have done anyway.
 */
import { ConfigError, type PosteriorItem, type Problem } from '../workloads/workload.ts';
import type { ItemSummary } from './progress.ts';
import type { FinishedItem } from './run-options.ts';
import type { ResultStore } from './store.ts';
import { summarizeItem } from './summary.ts';

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
export function takeFinished(store: ResultStore, problem: Problem, finished: readonly FinishedItem[]): void {
  for (const { item, attempts } of finished) {
    const info = problem.items[item.info.index];
    if (info?.runId !== item.info.runId || info.seed !== item.info.seed) {
      throw new ConfigError('resume', `${item.info.runId} is not a result of this configuration; start a new run.`);
    }
    store.put(item, summarizeItem(item, attempts));
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

/** Items that rescue `rescue` still has to sample: those whose posterior missed a threshold in every pass before it. */
export function toRescue(store: ResultStore, rescue: number): number[] {
  return store
    .summaries()
    .filter(({ converged, attempts }) => !converged && attempts === rescue)
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
 * Keeps a result; one from a rescue takes the place of an earlier one unless it is worse. Returns what the store holds now, and the
 * effective draws gained.
 */
export function keepResult(
  store: ResultStore,
  item: PosteriorItem,
  attempts: number,
): { kept: ItemSummary; ess: number } {
  const summary = summarizeItem(item, attempts);
  const { index } = item.info;
  const [earlier, known] = [store.item(index), store.summary(index)];
  const worse = known !== undefined && !summary.converged && smallestEss(summary) < smallestEss(known);
  const kept = worse ? { ...known, attempts } : summary;
  store.put(worse && earlier ? earlier : item, kept);
  return { kept, ess: smallestEss(kept) - (known ? smallestEss(known) : 0) };
}

/** A rescue of the item failed: its earlier result stays and counts one more attempt. False where it has none. */
export function keepEarlier(store: ResultStore, index: number, attempts: number): boolean {
  const [item, summary] = [store.item(index), store.summary(index)];
  if (!item || !summary) return false;
  store.put(item, { ...summary, attempts });
  return true;
}

/** The item's effective sample size: that of its worst parameter. NaN (constant draws) counts as none. */
function smallestEss(summary: ItemSummary): number {
  const smallest = Math.min(...summary.parameters.map((parameter) => parameter.essBulk));
  return Number.isFinite(smallest) ? smallest : 0;
}
