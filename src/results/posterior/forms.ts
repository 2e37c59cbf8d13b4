import type { PosteriorItem } from './item.ts';
import type { ItemSummary } from './item-summary.ts';
import type { RunStatistics } from './statistics.ts';
import type { StatisticsItem } from './statistics-item.ts';

export type JudgedItem = StatisticsItem & {
  /** Passes the looser thresholds of its experiment, or this project's where it has none. */
  readonly passed: boolean;
  /** Model and noise do not describe its data: what it says of the bias is not to be believed. */
  readonly unfit: boolean;
};

/** Files in a form that other programs know, each in the place of the plain one (`tables.ts`, `bias-results.ts`). */
export interface PosteriorForms {
  convergenceJson?(item: PosteriorItem, summary: ItemSummary): string;
  truthJson?(item: PosteriorItem): string;
  /** Attribute `inference_method` of posterior.nc; the sampler's unless given or undefined. */
  inferenceMethod?(item: PosteriorItem): string | undefined;
  /** @param names of the parameters */
  summaryCsv?(items: readonly PosteriorItem[], summaries: readonly ItemSummary[], names: readonly string[]): string;
  /** The items that enter the statistics over a run with that preset; all unless given. */
  judged?(items: readonly JudgedItem[], preset: string): readonly JudgedItem[];
  /** @param statistics of the items that are judged */
  biasResultsJson?(items: readonly JudgedItem[], statistics: RunStatistics, preset: string): string;
}
