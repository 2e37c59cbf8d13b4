/** What the page shows of results of one kind, each part loaded when it is first shown (`shared/later.tsx`). */
import type { ComponentType } from 'react';
import type { ResultSummary } from '../../results/kind.ts';
import type { KeptRun } from '../../worker/history/types.ts';
import type { Experiment } from '../../workloads/workload.ts';

export interface ResultsProps {
  /** Of all finished items, in the order of the run's list; at least one. */
  readonly summaries: readonly ResultSummary[];
}

export interface CompareProps {
  /** Run B, of the same kind as the results on screen. */
  readonly other: KeptRun;
  /** What items of both runs are called. */
  readonly itemName: Experiment['itemName'];
}

export interface KindViews {
  /** What will appear in the Results tab, before anything has finished. */
  readonly awaited: string;
  /** What the rate counts that matters: `RunProgress.essPerSecond`. */
  readonly worth: { readonly unit: string; readonly title: string; readonly about: string };
  /** All items, and the chosen one. */
  readonly Results: ComponentType<ResultsProps>;
  /** Beside the choice of the watched item: what of it, and how it goes. */
  readonly WatchChoice: ComponentType;
  /** A panel of the Live tab: the watched item on its way. */
  readonly Watched: ComponentType;
  /** How results of this kind come about and are judged. */
  readonly Learn: ComponentType;
  /** The results on screen beside those of a kept run. */
  readonly Compare: ComponentType<CompareProps>;
}
