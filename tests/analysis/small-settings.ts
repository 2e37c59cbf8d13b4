/** Settings of tiny networks, for tests of metrics. */
import type { AnalysedItem, MetricSetting } from '../../src/workloads/analysis/metrics/metric.ts';
import { settingOf } from './run-metric.ts';
import { draw, smallGraph, smallTheta } from './small-graphs.ts';

/** Texts of two tokens or more; of a perceptron all observations. In two groups, with a path of four checkpoints. */
export function smallSetting(name: string, changes: Partial<MetricSetting> = {}): MetricSetting {
  const { graph, theta, batch } = smallGraph(name);
  const items = (batch.ids ?? batch.numbers!).flatMap((_, i): AnalysedItem[] => {
    const ids = batch.ids && Array.from(batch.ids[i]);
    if (ids && ids.length < 2) return [];
    const own = ids ? { ids } : { numbers: Array.from(batch.numbers![i]), targets: Array.from(batch.targets![i]) };
    return [{ name: `item ${i}`, group: i < 3 ? 'a' : 'b', ...own }];
  });
  const blend = (share: number) => {
    const other = smallTheta(graph, 4);
    const bend = 0.3 * share * (1 - share);
    return theta.map((own, p) => own + share * (other[p] - own) + bend * draw(5, p));
  };
  const path = [1, 0.4, 0.1, 0].map((share, k) => ({ name: `step ${k}`, theta: share === 0 ? theta : blend(share) }));
  return settingOf(graph, theta, items, { path, ...changes });
}
