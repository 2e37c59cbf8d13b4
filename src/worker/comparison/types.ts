/** The comparison of precisions as the page asks for it and hears of it. */

import type { RunConfig } from '../../engine/config/run-config.ts';
import type { ComparisonProgress } from '../../engine/quality/compare-precisions.ts';
import type { PrecisionComparison } from '../../results/posterior/quality/types.ts';

export interface ComparisonWish {
  /** Its precision and batch size do not matter. */
  readonly config: RunConfig;
  /** Index of the item in the run. */
  readonly item: number;
  /** Draws on either side of a C2ST, at most: the two share no noise, so an item needs twice as many. */
  readonly points: number;
}

/** The job `precisions`. It rejects with `JobStoppedError` when it is stopped. */
export interface ComparisonJob {
  readonly wish: ComparisonWish;
  readonly reply: PrecisionComparison;
  /** Some ten a second. */
  readonly event: ComparisonProgress;
  readonly messages: Record<never, never>;
}
