import { useMemo } from 'react';
import type { ItemSummary } from '../../engine/progress.ts';
import { type RunStatistics, runStatistics, statisticsContext, statisticsItem } from '../../engine/statistics.ts';
import { useStore } from '../state/store.ts';

/** Statistics over the items on screen. */
export function useStatistics(summaries: readonly ItemSummary[]): RunStatistics {
  const params = useStore((store) => (store.ranConfig ?? store.config).params);
  const ownImages = useStore((store) => store.files.images !== undefined);
  return useMemo(() => {
    const names = summaries[0]?.parameters.map(({ name }) => name) ?? [];
    return runStatistics(summaries.map(statisticsItem), statisticsContext(params, names, ownImages));
  }, [summaries, params, ownImages]);
}
