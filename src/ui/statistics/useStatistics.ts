import { useEffect, useSyncExternalStore } from 'react';
import type { ItemSummary } from '../../engine/progress.ts';
import type { RunStatistics } from '../../engine/statistics.ts';
import { StatisticsClient } from '../../worker/statistics-client.ts';
import { useStore } from '../state/store.ts';

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
  const params = useStore((store) => (store.ranConfig ?? store.config).params);
  const ownImages = useStore((store) => store.files.images !== undefined);
  const { ask, subscribe, latest, problem } = theClient();
  useEffect(() => {
    if (summaries.length > 0) ask({ run, summaries, params, ownImages });
  }, [ask, run, summaries, params, ownImages]);
  return { statistics: useSyncExternalStore(subscribe, latest), problem: useSyncExternalStore(subscribe, problem) };
}
