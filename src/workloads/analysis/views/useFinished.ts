/** Finished metrics of the run on screen: what is told of each at once, and its arrays once a view wants them. */
import { useEffect, useMemo, useState } from 'react';
import type { DatasetItem, DatasetSummary } from '../../../results/dataset/item.ts';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { itemOf } from '../../../ui/state/actions.ts';
import { shownExperiment } from '../../../ui/state/shown.ts';
import { useStore } from '../../../ui/state/store.ts';
import { Arrays } from './arrays.ts';
import { type FinishedMetric, finishedMetrics } from './finished.ts';

const NONE: readonly DatasetSummary[] = [];

export function useFinishedMetrics(): readonly FinishedMetric[] {
  const summaries = useStore((store) =>
    shownExperiment(store).id === 'analysis' ? (store.summaries as readonly DatasetSummary[]) : NONE,
  );
  return useMemo(() => finishedMetrics(summaries), [summaries]);
}

/** By summary: that of a run which is added to stays the same. */
const fetched = new WeakMap<DatasetSummary, Promise<Arrays>>();

function arraysOf(summary: DatasetSummary): Promise<Arrays> {
  let found = fetched.get(summary);
  if (!found) {
    found = itemOf(summary.info.index).then((item) => new Arrays((item as DatasetItem).arrays));
    fetched.set(summary, found);
    // What is not to be had now may be later.
    found.catch(() => fetched.delete(summary));
  }
  return found;
}

interface Fetched {
  readonly arrays?: Arrays;
  readonly problem?: string;
}

/** Arrays of a metric: asked for when it is first shown. @param summary none: nothing is asked for */
export function useArrays(summary: DatasetSummary | undefined): Fetched {
  const [found, setFound] = useState<Fetched & { readonly of?: DatasetSummary }>({});
  useEffect(() => {
    if (!summary) return;
    let wanted = true;
    arraysOf(summary).then(
      (arrays) => wanted && setFound({ of: summary, arrays }),
      (error) => wanted && setFound({ of: summary, problem: wordsOf(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [summary]);
  return found.of === summary ? found : {};
}
