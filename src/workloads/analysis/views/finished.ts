/** Finished metrics of the run on screen: what is told of each at once, and its arrays once a view wants them. */
import { useEffect, useMemo, useState } from 'react';
import type { Attributes } from '../../../results/attributed.ts';
import type { DatasetItem, DatasetSummary } from '../../../results/dataset/item.ts';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { itemOf } from '../../../ui/state/actions.ts';
import { shownExperiment } from '../../../ui/state/shown.ts';
import { useStore } from '../../../ui/state/store.ts';
import { type ToldText, textsOf } from '../item-texts.ts';
import { METRIC_LIST } from '../metric-list.ts';
import { type MetricTold, toldOf } from '../result.ts';
import { Arrays } from './arrays.ts';

export interface FinishedMetric {
  /** As `--metrics` names it. */
  readonly id: string;
  readonly title: string;
  readonly summary: DatasetSummary;
  readonly attributes: Attributes;
  readonly told: MetricTold;
  readonly texts: readonly ToldText[];
  /** Why this model or these texts do not have it. */
  readonly objection?: string;
}

const PLACES = new Map<string, number>(METRIC_LIST.map(({ value }, place) => [value, place]));

/** In the order in which they are listed, which is by family. */
export function finishedMetrics(summaries: readonly DatasetSummary[]): FinishedMetric[] {
  const place = ({ info }: DatasetSummary) => PLACES.get(info.runId) ?? PLACES.size;
  return [...summaries]
    .sort((a, b) => place(a) - place(b))
    .map((summary): FinishedMetric => {
      const { attributes, info } = summary;
      const { objection } = attributes;
      return {
        id: info.runId,
        title: String(attributes.title ?? info.runId),
        summary,
        attributes,
        told: toldOf(summary),
        texts: textsOf(summary),
        ...(typeof objection === 'string' && { objection }),
      };
    });
}

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
