/** A run of analysis: which network, which items, which metrics; an item a metric. */
import type { BatchSizes } from '../../batch/sizes.ts';
import type { ItemInfo } from '../../results/item.ts';
import type { Problem } from '../workload.ts';
import type { Analysed } from './analysed.ts';
import { METRIC_LIST } from './metric-list.ts';
import type { AnalysisParams } from './params.ts';

export interface AnalysisProblem extends Problem {
  readonly params: AnalysisParams;
  readonly file: Analysed;
  readonly sizes: BatchSizes;
  readonly seed: number;
  /** Place of the stage's metric among the run's; the first of a run that is one stage. */
  readonly stage: number;
}

export function analysisProblem(
  params: AnalysisParams,
  file: Analysed,
  sizes: BatchSizes,
  seed: number,
  metric?: string,
): AnalysisProblem {
  const items = params.metrics.map((id, index): ItemInfo => ({ index, runId: id, seed, truth: {} }));
  return {
    params,
    file,
    sizes,
    seed,
    stage: metric === undefined ? 0 : params.metrics.indexOf(metric),
    items,
    parameters: [],
    notes: [file.about],
    warnings: file.warnings,
  };
}

/** What a metric is called on the page. */
export const titleOf = (id: string) => METRIC_LIST.find(({ value }) => value === id)?.label ?? id;
