/** Whether what the form would run adds to the finished run on screen, and where that one is. */
import { adds } from '../../engine/config/extending.ts';
import type { FinishedRunId } from '../../worker/engine-api.ts';
import { shownExperiment } from './shown.ts';
import { isActive } from './store.ts';
import type { Store } from './types.ts';

type OnScreen = Pick<Store, 'status' | 'run' | 'ranConfig' | 'config' | 'summaries' | 'opened'>;

/** The form lists more, or other, things to compute than the run on screen, and is like it in all else. */
export function addsToRun(store: OnScreen): boolean {
  const { run, ranConfig, config, summaries } = store;
  if (isActive(store) || !run || !ranConfig || summaries.length === 0) return false;
  return adds(shownExperiment(store), ranConfig, config);
}

/** Where the engine reads the results on screen from. */
export function sourceOf({ opened }: Pick<Store, 'opened'>): FinishedRunId {
  return { kept: opened?.id, bundle: opened?.resultId };
}
