/** SHINE's acceptance of a level, and how much it means: with one realization's error, passing is often luck. */

import type { StatisticsItem } from '../../../results/posterior/statistics-item.ts';
import { normalCdf } from '../../../stats/normal.ts';
import type { Level } from './levels.ts';
import { SHEAR } from './thresholds.ts';

interface Criteria {
  /** Largest |mean − truth| in posterior widths. */
  readonly offsetSigmas: number;
  /** Largest posterior width; a narrower one is judged by its absolute offset, against the same number. */
  readonly width?: number;
  /** Largest |m| of a single realization. */
  readonly m?: number;
}

/** Defaults of SHINE's `shine-bias-stats`. */
const LEVEL_0: Criteria = { offsetSigmas: 1, width: 0.01, m: 0.01 };
const OTHER_LEVELS: Criteria = { offsetSigmas: 3 };

export interface Acceptance {
  /** All checks of all realizations. */
  readonly passed: boolean;
  /** Each check that failed, in words. */
  readonly failures: readonly { readonly runId: string; readonly check: string }[];
  readonly honest: {
    /**
     * Mean probability that an unbiased estimate of this error passes the check on |m|: near 1 the check says something
     * about the estimator, far below it says which way the noise fell. NaN where m is not checked.
     */
    readonly chanceOfMCheck: number;
    /** Median error of m of one realization. */
    readonly medianMErr: number;
  };
}

/** Judges every realization by SHINE's criteria. A mean or width that is no number fails; undefined where no realization has a truth to compare with. */
export function acceptance(items: readonly StatisticsItem[], level: Level): Acceptance | undefined {
  const criteria = level === 'level_0' ? LEVEL_0 : OTHER_LEVELS;
  const failures: { runId: string; check: string }[] = [];
  const errors: number[] = [];
  let compared = 0;
  for (const { runId, truth, estimates } of items) {
    for (const name of SHEAR) {
      const estimate = estimates.find((each) => each.name === name);
      const g = truth[name];
      if (!estimate || !Number.isFinite(g)) continue;
      compared++;
      const { mean, sd } = estimate;
      for (const check of failedChecks(name, g, mean, sd, criteria)) failures.push({ runId, check });
      if (g !== 0) errors.push(sd / Math.abs(g));
    }
  }
  if (compared === 0) return undefined;
  const { m } = criteria;
  const chances = m === undefined ? [] : errors.map((error) => 2 * normalCdf(m / error) - 1);
  return {
    passed: failures.length === 0,
    failures,
    honest: {
      chanceOfMCheck: chances.reduce((sum, chance) => sum + chance, 0) / chances.length,
      medianMErr: errors.toSorted((a, b) => a - b)[errors.length >> 1] ?? Number.NaN,
    },
  };
}

function failedChecks(name: string, truth: number, mean: number, sd: number, criteria: Criteria): string[] {
  if (!Number.isFinite(mean) || !Number.isFinite(sd)) return [`${name} has no finite mean and width`];
  const failed: string[] = [];
  const { width, m, offsetSigmas } = criteria;
  const offset = Math.abs(mean - truth);
  if (width !== undefined && sd > width) failed.push(`width of ${name} ${sd.toPrecision(3)} exceeds ${width}`);
  if (width !== undefined && sd < width) {
    if (offset > width) failed.push(`offset of ${name} ${offset.toPrecision(3)} exceeds ${width}`);
  } else if (sd > 0 && offset > offsetSigmas * sd) {
    failed.push(`offset of ${name} ${(offset / sd).toFixed(2)} sd exceeds ${offsetSigmas}`);
  }
  if (m !== undefined && truth !== 0 && Math.abs(mean / truth - 1) > m) {
    failed.push(`|m| of ${name} ${Math.abs(mean / truth - 1).toPrecision(3)} exceeds ${m}`);
  }
  return failed;
}
