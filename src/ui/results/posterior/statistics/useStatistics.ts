import { useEffect, useSyncExternalStore } from 'react';
import { hasOwnData } from '../../../../engine/config/own-files.ts';
import { findWorkload } from '../../../../engine/config/run-config.ts';
import type { ItemSummary } from '../../../../results/posterior/item-summary.ts';
import type { RunStatistics } from '../../../../results/posterior/statistics.ts';
import { StatisticsClient } from '../../../../worker/statistics-client.ts';
import { statisticsContext } from '../../../../workloads/known-truths.ts';
import { shownConfig } from '../../../state/shown.ts';
import { useStore } from '../../../state/store.ts';

/** Started with the first view of the results; it stays, so that coming back to them shows the last statistics at once. */
let client: StatisticsClient | undefined;
const theClient = () => {
  client ??= new StatisticsClient();
  return client;
};

export interface StatisticsView {
  readonly statistics: RunStatistics | undefined;
  /** Why there are none, in words. */
  readonly problem: string | undefined;
}

/** Statistics over the items on screen, from a worker: the last ones while new ones are on their way, undefined before the first. */
export function useStatistics(summaries: readonly ItemSummary[]): StatisticsView {
  const run = useStore((store) => store.run);
  const config = useStore(shownConfig);
  const files = useStore((store) => store.run?.ownFiles ?? store.files);
  const { ask, subscribe, latest, problem } = theClient();
  useEffect(() => {
    const experiment = findWorkload(config.workload);
    const context = statisticsContext(experiment, config.params, hasOwnData(experiment, files));
    if (summaries.length > 0) ask({ run, summaries, context });
  }, [ask, run, summaries, config, files]);
  return { statistics: useSyncExternalStore(subscribe, latest), problem: useSyncExternalStore(subscribe, problem) };
}
