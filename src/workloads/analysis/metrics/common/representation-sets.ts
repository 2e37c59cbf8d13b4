/** What representations are compared: residual streams and what the last product reads. */
import type { Graph } from '../../../../nn/graph/graph.ts';
import type { MetricSetting } from '../metric.ts';

export interface RepresentationSet {
  readonly name: string;
  readonly value: string;
}

export function setsOf({ residuals, final, blocks }: Graph): readonly RepresentationSet[] {
  const decoder = blocks.length > 0;
  const streams = residuals.map((value, l) => ({ value, name: decoder ? `stream ${l}` : `layer ${l}` }));
  return residuals.includes(final) ? streams : [...streams, { value: final, name: 'final' }];
}

/** What representations are compared with beside each other: the path's first checkpoint, or another model of this layout. */
export function comparesOf({
  path,
  other,
  graph,
}: MetricSetting): { readonly name: string; readonly theta: Float32Array } | undefined {
  if (path.length > 1) return path[0];
  return other?.theta.length === graph.size ? { name: 'the other model', theta: other.theta } : undefined;
}
