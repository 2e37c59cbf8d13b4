/** What the chart of items/s over batch size shows, from the rows of the trial log. Pure. */
import type { TrialRow } from './trials.ts';

export interface SpeedPoint {
  readonly batch: number;
  /** 0 for trials that failed: they have no rate, and stand on the axis. */
  readonly itemsPerSecond: number;
}

export interface SpeedPoints {
  /** Rungs of the ladder, smallest batch first. */
  readonly measured: readonly SpeedPoint[];
  /** Batches that were refused, at allocation or in a trial. */
  readonly failed: readonly SpeedPoint[];
  /** Batches of more items than the run has. */
  readonly beyond: readonly SpeedPoint[];
  /** Real runs that passed. */
  readonly verified: readonly SpeedPoint[];
  /** Rate of one item at a time. */
  readonly serial: number | undefined;
  /** The largest batch that fitted: known before the first rate, so that the axis stands still as the ladder climbs. */
  readonly reach: number;
}

export function speedPoints(rows: readonly TrialRow[]): SpeedPoints {
  const points = (wanted: (row: TrialRow) => boolean): SpeedPoint[] =>
    rows
      .flatMap((row) =>
        typeof row.batch === 'number' && wanted(row)
          ? [{ batch: row.batch, itemsPerSecond: row.itemsPerSecond ?? 0 }]
          : [],
      )
      .sort((a, b) => a.batch - b.batch);
  return {
    measured: fastest(points(({ phase, verdict }) => phase === 'ladder' && verdict === 'measured')),
    beyond: points(({ phase, verdict }) => phase === 'beyond' && verdict === 'measured'),
    failed: points(({ verdict }) => verdict === 'failed' || verdict === 'cut'),
    verified: points(({ verdict }) => verdict === 'passed'),
    serial: rows.find(({ phase }) => phase === 'serial')?.itemsPerSecond,
    reach: Math.max(1, ...points(({ verdict }) => verdict === 'fits').map(({ batch }) => batch)),
  };
}

/** One point a batch, where a size was measured more than once. */
function fastest(points: readonly SpeedPoint[]): SpeedPoint[] {
  const better = (a: SpeedPoint) => (b: SpeedPoint) => b.batch === a.batch && b.itemsPerSecond > a.itemsPerSecond;
  return points.filter((point) => !points.some(better(point)));
}

/** Powers of two that bound these batches, and marks between them: at most `count` or one more. */
export function batchTicks(batches: readonly number[], count: number): number[] {
  const last = Math.ceil(Math.log2(Math.max(2, ...batches)));
  const step = Math.max(1, Math.ceil(last / count));
  const ticks: number[] = [];
  for (let power = 0; power < last + step; power += step) ticks.push(2 ** power);
  return ticks;
}
