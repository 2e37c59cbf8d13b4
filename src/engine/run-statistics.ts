/** Statistics of a run that this engine made, for its bundle. */
import { type BundleFile, textFile } from '../bundle/types.ts';
import { LEVELS, type Level } from './acceptance.ts';
import { biasResultsJson, judgedItems } from './bias-results.ts';
import type { RunController } from './controller.ts';
import { rankPlotSvg } from './rank-plot.ts';
import { type RunStatistics, runStatistics, statisticsContext } from './statistics.ts';
import { statisticsItem } from './statistics-item.ts';

/** What of a run the statistics are made of. */
export type MeasuredRun = Pick<RunController, 'plan' | 'store'>;

/** Text of bias_results.json, of all finished items. */
export function biasResults(run: MeasuredRun): string {
  const { level, items, statistics } = measured(run);
  return biasResultsJson({ level, items, statistics });
}

/** plots/ranks-<name>.svg of parameters with enough ranks. */
export function rankPlots(run: MeasuredRun): BundleFile[] {
  return measured(run).statistics.parameters.flatMap(({ name, sbc }) =>
    sbc ? [textFile(`plots/ranks-${name}.svg`, rankPlotSvg(name, sbc, sbc.n))] : [],
  );
}

function measured({ plan, store }: MeasuredRun) {
  const level = levelOf(plan);
  const items = store.summaries().map((summary) => ({ ...statisticsItem(summary), passed: summary.passedShine }));
  const judged = judgedItems(items, level);
  const names = judged[0]?.estimates.map(({ name }) => name) ?? [];
  const context = statisticsContext(plan.config.params, names, plan.inputs.images !== undefined);
  const statistics: RunStatistics = runStatistics(judged, context);
  return { level, items, statistics };
}

/** The level that the preset is named after; level 0 for the others, which judges every item. None where no preset has a level. */
function levelOf({ workload, config }: MeasuredRun['plan']): Level | undefined {
  if (!workload.presets.some(({ id }) => namedLevel(id))) return undefined;
  return namedLevel(config.preset) ?? 'level_0';
}

function namedLevel(preset: string): Level | undefined {
  return LEVELS.find((level) => level === preset.replace(/^level/, 'level_'));
}
