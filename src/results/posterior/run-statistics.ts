/** Statistics over the posteriors of a run, for its bundle. */
import { type BundleFile, textFile } from '../../bundle/types.ts';
import type { FinishedRun } from '../kind.ts';
import { biasResultsJson } from './bias-results.ts';
import type { JudgedItem, PosteriorForms } from './forms.ts';
import type { PosteriorItem } from './item.ts';
import { type ItemSummary, passesLooser, unfit } from './item-summary.ts';
import type { PosteriorOptions } from './options.ts';
import { rankPlotSvg } from './rank-plot.ts';
import { NOTHING_KNOWN, type RunStatistics, runStatistics } from './statistics.ts';
import { statisticsItem } from './statistics-item.ts';

/** What of a run the statistics are made of. */
export type MeasuredRun = Pick<FinishedRun<PosteriorItem, ItemSummary>, 'preset' | 'params' | 'ownData' | 'summaries'>;

/** Text of bias_results.json, of all finished items. */
export function biasResults(run: MeasuredRun, options: PosteriorOptions, forms: PosteriorForms): string {
  const { items, statistics } = measured(run, options, forms);
  return forms.biasResultsJson?.(items, statistics, run.preset) ?? biasResultsJson(statistics);
}

/** plots/ranks-<name>.svg of parameters with enough ranks. */
export function rankPlots(run: MeasuredRun, options: PosteriorOptions, forms: PosteriorForms): BundleFile[] {
  return measured(run, options, forms).statistics.parameters.flatMap(({ name, sbc }) =>
    sbc ? [textFile(`plots/ranks-${name}.svg`, rankPlotSvg(name, sbc, sbc.n))] : [],
  );
}

function measured(
  { preset, params, ownData, summaries }: MeasuredRun,
  options: PosteriorOptions,
  forms: PosteriorForms,
): { readonly items: readonly JudgedItem[]; readonly statistics: RunStatistics } {
  const items = summaries.map((summary) => ({
    ...statisticsItem(summary),
    passed: passesLooser(summary),
    unfit: unfit(summary),
  }));
  const context = options.statistics?.(params, ownData) ?? NOTHING_KNOWN;
  return { items, statistics: runStatistics(forms.judged?.(items, preset) ?? items, context) };
}
