/** The comparison of precisions as the page asks for it and hears of it. */
import type { ComparisonProgress } from '../../engine/quality/compare-precisions.ts';
import type { RunConfig } from '../../engine/run-config.ts';

export interface ComparisonWish {
  readonly config: RunConfig;
  /** Index of the observation in the run. */
  readonly item: number;
  /** Samples on either side of a C2ST: twice as many are drawn, since the two share no noise. */
  readonly points: number;
}

export interface ComparisonEvent {
  readonly type: 'comparisonProgress';
  /** Some ten a second. */
  readonly progress: ComparisonProgress;
}
