/** A run of analysis: which model, which texts, which metrics; an item a metric. */
import type { BatchSizes } from '../../batch/sizes.ts';
import type { ItemInfo } from '../../results/item.ts';
import type { Problem } from '../workload.ts';
import type { AnalysedModel } from './analysed.ts';
import { METRIC_LIST } from './metric-list.ts';
import type { AnalysisParams } from './params.ts';

export interface AnalysisProblem extends Problem {
  readonly params: AnalysisParams;
  readonly file: AnalysedModel;
  readonly sizes: BatchSizes;
  readonly seed: number;
  /** Place of the stage's metric among the run's; the first of a run that is one stage. */
  readonly stage: number;
}

/** What must be known before the results are believed. */
export function concernsOf({ longest }: AnalysisParams, { model, texts: { cut } }: AnalysedModel): string[] {
  const [first] = cut;
  const most = Math.min(longest, model.source.spec.positions);
  const shortened = first
    ? [
        `${cut.length === 1 ? `The text "${first[0]}" is` : `${cut.length} texts, the first of them "${first[0]}", are`} cut to ${most} tokens${cut.length === 1 ? ` of ${first[1]}` : ''}: raise Longest text (longest) for all of them.`,
      ]
    : [];
  return [...model.warnings, ...shortened];
}

export function analysisProblem(
  params: AnalysisParams,
  file: AnalysedModel,
  sizes: BatchSizes,
  seed: number,
  metric?: string,
): AnalysisProblem {
  const { graph, model, texts, from } = file;
  const tokens = texts.items.reduce((sum, { ids = [] }) => sum + ids.length, 0);
  const items = params.metrics.map((id, index): ItemInfo => ({ index, runId: id, seed, truth: {} }));
  return {
    params,
    file,
    sizes,
    seed,
    stage: metric === undefined ? 0 : params.metrics.indexOf(metric),
    items,
    parameters: [],
    notes: [
      `${model.name}: ${graph.layers} blocks of ${graph.widths[graph.final]}, ${graph.size.toLocaleString('en-US')} parameters. ${texts.items.length} texts (${from}), ${tokens.toLocaleString('en-US')} tokens.`,
    ],
    warnings: concernsOf(params, file),
  };
}

/** What a metric is called on the page. */
export const titleOf = (id: string) => METRIC_LIST.find(({ value }) => value === id)?.label ?? id;
