/** The quality of a run: posterior after posterior against exact draws, then all against their truths. */

import type { Steps } from '../../../stats/two-sample/steps.ts';
import type { ExactPosteriors } from '../exact.ts';
import { calibrateRun } from './calibrate-run.ts';
import { type Controls, compareItemSteps } from './compare-item.ts';
import {
  COMPARED_ITEMS,
  type ItemQuality,
  QUALITY_POINTS,
  type QualityItem,
  type QualityMean,
  type QualityProgress,
  type QualitySize,
  type RunQuality,
} from './types.ts';

export interface QualityQuestion {
  readonly size: QualitySize;
  /** In the run's order: the first ones are compared. */
  readonly items: readonly QualityItem[];
  /** Posteriors of the run in all, also those not looked at. */
  readonly ofItems: number;
  readonly exact: ExactPosteriors;
  /** Whether every truth was drawn from the prior. */
  readonly truthsFromPrior: boolean;
  /** What earlier questions found for exact draws. */
  readonly controls?: Controls;
}

/** A bounded piece of work a step. An observation that cannot be compared is listed, and the others go on. */
export function* runQualitySteps(question: QualityQuestion): Steps<QualityProgress, RunQuality> {
  const { size, items, exact, controls = new Map() } = question;
  const chosen = items.slice(0, COMPARED_ITEMS);
  const compared: ItemQuality[] = [];
  const failed: { index: number; runId: string; reason: string }[] = [];
  for (const [at, item] of chosen.entries()) {
    const { index, runId } = item;
    try {
      const steps = compareItemSteps(item, exact, QUALITY_POINTS[size], controls);
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done) {
          compared.push(step.value);
          yield { what: runId, fraction: (at + 1) / chosen.length, done: step.value };
          break;
        }
        yield { what: step.value.what, fraction: (at + step.value.fraction) / chosen.length };
      }
    } catch (thrown) {
      failed.push({ index, runId, reason: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }
  return {
    size,
    items: question.ofItems,
    compared,
    failed,
    mean: compared.length > 0 ? meanOf(compared) : null,
    calibration: question.truthsFromPrior ? calibrateRun(items) : null,
  };
}

function meanOf(compared: readonly ItemQuality[]): QualityMean {
  const mean = (pick: (item: ItemQuality) => number) =>
    compared.reduce((sum, item) => sum + pick(item), 0) / compared.length;
  const both = (key: 'c2st' | 'mmd2' | 'slicedW2') => ({
    value: mean((item) => item[key].value),
    control: mean((item) => item[key].control),
  });
  const shifts = compared.flatMap(({ parameters }) => parameters);
  const farthest = (a: number, b: number) => (Math.abs(Math.log(b)) > Math.abs(Math.log(a)) ? b : a);
  return {
    c2st: both('c2st'),
    mmd2: both('mmd2'),
    slicedW2: both('slicedW2'),
    outsidePrior: mean(({ outsidePrior }) => outsidePrior),
    largestMeanShift: Math.max(...shifts.map(({ meanShift }) => Math.abs(meanShift))),
    worstSdRatio: shifts.map(({ sdRatio }) => sdRatio).reduce(farthest, 1),
  };
}
