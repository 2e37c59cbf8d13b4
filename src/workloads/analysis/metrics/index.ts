/** Every metric, in the order of `metric-list.ts`. */
import { METRIC_LIST } from '../metric-list.ts';
import { metricsA } from './list-a.ts';
import { metricsB } from './list-b.ts';
import type { Metric } from './metric.ts';

const all = [...metricsA, ...metricsB];

export const METRICS: readonly Metric[] = METRIC_LIST.flatMap(({ value }) => all.find(({ id }) => id === value) ?? []);

/** @param id one of `metric-list.ts` */
export function metricOf(id: string): Metric {
  const found = METRICS.find((metric) => metric.id === id);
  if (!found) throw new RangeError(`there is no metric ${id}`);
  return found;
}
