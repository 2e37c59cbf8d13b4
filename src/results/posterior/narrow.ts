/** Results of any kind taken for what they are: posteriors, by those who know that a run is of that kind. */
import type { ItemResult, ResultSummary } from '../kind.ts';
import type { PosteriorItem } from './item.ts';
import type { ItemSummary } from './item-summary.ts';

export function isPosterior(item: ItemResult): item is PosteriorItem {
  return 'chains' in item && 'draws' in item;
}

/** @throws TypeError for an item of another kind */
export function posterior(item: ItemResult): PosteriorItem {
  if (isPosterior(item)) return item;
  throw new TypeError(`${item.info.runId} is no posterior.`);
}

/** @throws TypeError for an item of another kind */
export function posteriors(items: readonly ItemResult[]): PosteriorItem[] {
  return items.map(posterior);
}

export function isPosteriorSummary(summary: ResultSummary): summary is ItemSummary {
  return 'parameters' in summary && 'divergences' in summary;
}

/** Summaries of one run, all of a kind. @throws TypeError for another kind */
export function posteriorSummaries(summaries: readonly ResultSummary[]): readonly ItemSummary[] {
  if (summaries.every(isPosteriorSummary)) return summaries;
  throw new TypeError('These are no posteriors.');
}
