/** Items as a machine takes them, and what of them is explained. */
import type { Graph } from '../../../../nn/graph/graph.ts';
import type { RowBatch } from '../../../../nn/graph/machine.ts';
import type { AnalysedItem, MetricSetting, Target } from '../metric.ts';

export const takesIds = (graph: Graph): boolean => graph.input.kind === 'tokens';

/** Positions of an item: its ids, or the one of an observation. */
export const lengthOf = (item: AnalysedItem): number => item.ids?.length ?? 1;

/** Of the longest item. */
export const longest = ({ items }: MetricSetting): number => Math.max(1, ...items.map(lengthOf));

/** What an attribution of this item explains; index −1 where nothing says which. */
export function targetOf({ target }: MetricSetting, item: AnalysedItem): Target {
  if (!item.ids) return { position: 0, index: target.index ?? 0, kind: 'logit' };
  const last = item.ids.length - 1;
  const position = Math.min(target.position ?? Math.max(0, last - 1), last);
  return { position, index: target.index ?? item.ids[position + 1] ?? -1, kind: target.kind };
}

/** Why nothing can be explained, as a sentence. */
export function targetObjection(setting: MetricSetting): string | undefined {
  const { graph, items, target } = setting;
  if (items.length === 0) return 'There are no items.';
  const most = graph.head.kind === 'cross-entropy' ? graph.head.vocabulary : graph.head.outputs;
  if (target.index !== undefined && target.index >= most)
    return `There is no output ${target.index}: the last is ${most - 1}.`;
  if (!takesIds(graph))
    return target.kind === 'logit'
      ? undefined
      : 'A log-probability is of a network over tokens: choose the output itself.';
  for (const item of items) {
    const { position, index } = targetOf(setting, item);
    if (index < 0) return `“${item.name}” has no token after position ${position}: say which token is explained.`;
    if (target.kind === 'log-probability' && position + 2 > graph.positions)
      return `“${item.name}” fills the context up to position ${position}: explain a logit or an earlier position.`;
  }
  return undefined;
}

/** Ids of a row that ends with the target: nothing behind it can reach it. One more, the target itself, where its loss is asked for. */
export function idsUpTo({ ids = [] }: AnalysedItem, { position, index, kind }: Target): number[] {
  const before = ids.slice(0, position + 1);
  return kind === 'logit' ? before : [...before, index];
}

/** Positions of the longest row of `idsUpTo`. */
export const longestTargetRow = (setting: MetricSetting): number =>
  Math.max(1, ...setting.items.map((item) => (item.ids ? idsUpTo(item, targetOf(setting, item)).length : 1)));

/** Rows that begin with these numbers at a value. */
export function beginAt(graph: Graph, value: string, numbers: readonly ArrayLike<number>[]): RowBatch {
  return graph.input.kind === 'numbers' && graph.input.value === value ? { numbers } : { start: { value, numbers } };
}

/** Why a metric of attention or of residual streams has nothing to measure here. */
export function decoderObjection({ graph, items }: MetricSetting, needs: string): string | undefined {
  if (!takesIds(graph) || graph.blocks.length === 0)
    return `It measures ${needs}, and this network has no attention and no tokens.`;
  if (items.length === 0) return 'There are no texts.';
  return undefined;
}

/** Why the model cannot be asked for next tokens of these texts. */
export function nextTokenObjection(setting: MetricSetting): string | undefined {
  const short = setting.items.find((item) => lengthOf(item) < 2);
  return short && `“${short.name}” has a single token: nothing follows it.`;
}
