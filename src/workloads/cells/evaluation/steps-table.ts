/** Steps against quality as text: for a terminal, as Markdown, and steps.csv with every digit. */
import { markdownTable } from '../../../bundle/markdown-table.ts';
import { CELL_METRICS } from '../metrics/definitions.ts';
import { stepsCsv } from '../metrics/metrics-json.ts';
import type { MetricRow } from '../metrics/types.ts';
import { type Quality, type StepsTable, TABLE_METRICS, type TableHead } from './types.ts';

/** Titles that fit a column. */
const TITLES = {
  corr_mse: 'corr. MSE',
  corr_slope: 'slope',
  sliced_w2: 'sliced W2',
  frechet: 'FD',
  mean_pearson: 'mean r',
} as const;

/** Columns of the metrics, after others. */
export const QUALITY_HEADER = TABLE_METRICS.map((id) => TITLES[id]);

/** Three digits, or a dash. */
export function qualityCells(quality: Quality): string[] {
  return TABLE_METRICS.map((id) => {
    const value = quality[id];
    if (value === null) return '–';
    return id === 'mean_pearson' ? value.toFixed(4) : String(Number(value.toPrecision(3)));
  });
}

/** Header first; floor and independent genes last. */
export function stepsRows({ cells, points, floor, independent }: StepsTable): string[][] {
  const beside = (name: string, quality: Quality) => [name, '', '', '', ...qualityCells(quality)];
  return [
    ['rule', 'steps', 'calls', 'cells/s', ...QUALITY_HEADER],
    ...points.map(({ rule, steps, calls, seconds, quality }) => [
      rule,
      String(steps),
      calls.toFixed(1),
      String(Number((cells / seconds).toPrecision(3))),
      ...qualityCells(quality),
    ]),
    beside('floor', floor),
    beside('independent', independent),
  ];
}

/** What a table is of, a sentence. */
export function headWords({ cells, genes, predictor, on, seed }: TableHead): string {
  return `${predictor} on ${on}: ${cells} cells of ${genes} genes a row, seed ${seed}, against as many held-out cells.`;
}

export function stepsMarkdown(table: StepsTable): string {
  return `${headWords(table)} In ${table.precision}.\n\n${markdownTable(stepsRows(table))}`;
}

/** Text of steps.csv. */
export function stepsFile(table: StepsTable): string {
  return stepsCsv(
    table.points.map(({ rule, schedule, steps, calls, quality }) => ({
      ...{ rule, schedule, steps, calls },
      metrics: { cells: table.cells, rows: metricRows(table, quality) },
    })),
  );
}

/** As the table of all metrics has them. */
function metricRows({ cells, seed, floor, independent }: StepsTable, quality: Quality): MetricRow[] {
  return TABLE_METRICS.map((id) => ({
    ...CELL_METRICS.find((words) => words.id === id)!,
    value: quality[id],
    floor: floor[id],
    baselines: { independent: independent[id] },
    n: cells,
    seed,
  }));
}
