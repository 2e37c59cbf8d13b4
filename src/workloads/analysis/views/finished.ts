/** Finished metrics of a run as their cards show them. */
import type { Attributes } from '../../../results/attributed.ts';
import type { DatasetSummary } from '../../../results/dataset/item.ts';
import { type ToldText, textsOf } from '../item-texts.ts';
import { METRIC_LIST } from '../metric-list.ts';
import { type MetricTold, toldOf } from '../result.ts';

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
