/** How a table of metrics is read: which baselines it has, and how much of the way from independent genes to the floor a value has come. */
import type { CellMetrics, MetricRow, Value } from '../metrics/types.ts';

/** Names of the baselines of any row, in order of first appearance. */
export function baselineNames({ rows }: Pick<CellMetrics, 'rows'>): readonly string[] {
  return [...new Set(rows.flatMap(({ baselines }) => Object.keys(baselines)))];
}

/** Share of the way from a baseline to the floor: 1 as good as real cells, 0 no better than the baseline; undefined where there is none. */
export function shareOfWay({ value, floor, better }: MetricRow, from: Value | undefined): number | undefined {
  if (value === null || floor === null || from === null || from === undefined) return undefined;
  const off = (number: number) =>
    better === 'one'
      ? Math.abs(1 - number)
      : better === 'zero'
        ? Math.abs(number)
        : better === 'higher'
          ? -number
          : number;
  const way = off(from) - off(floor);
  if (!(way > 1e-12)) return undefined;
  return (off(from) - off(value)) / way;
}

/** Three significant digits with a minus that is one; a dash where there is no number. */
export function figure(value: Value | undefined): string {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  const text = size === 0 ? '0' : size < 1e-3 || size >= 1e4 ? value.toExponential(1) : value.toPrecision(3);
  return text.replace(/-/g, '−').replace('e', ' e');
}
