import type { ItemCalibration } from './calibration.ts';
import type { ItemSummary } from './item-summary.ts';

/** One item as the statistics see it. */
export interface StatisticsItem {
  readonly runId: string;
  /** Items of one seed share their noise; NaN where it is not known. */
  readonly seed: number;
  readonly truth: Readonly<Record<string, number>>;
  /** Posterior of each parameter; in the order of the calibration's columns where there is one. */
  readonly estimates: readonly Estimate[];
  readonly calibration?: ItemCalibration;
}

export interface Estimate {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
  readonly essBulk: number;
}

/** An item of a finished run. */
export function statisticsItem({ info, parameters, calibration }: ItemSummary): StatisticsItem {
  const estimates = parameters.map(({ name, mean, sd, essBulk }) => ({ name, mean, sd, essBulk }));
  return { runId: info.runId, seed: info.seed, truth: info.truth, estimates, calibration };
}
