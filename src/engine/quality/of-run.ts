/** The quality of a run that is at hand as a whole, with pauses: for the command line. */

import { isPosterior } from '../../results/posterior/narrow.ts';
import { posteriorOptions } from '../../results/posterior/options.ts';
import { drawsLookedAt, qualityItem } from '../../results/posterior/quality/item.ts';
import { type QualityQuestion, runQualitySteps } from '../../results/posterior/quality/run-quality.ts';
import type { QualityProgress, QualitySize, RunQuality } from '../../results/posterior/quality/types.ts';
import type { Steps } from '../../stats/two-sample/steps.ts';
import { statisticsContext } from '../../workloads/known-truths.ts';
import type { Workload } from '../../workloads/workload.ts';
import { hasOwnData } from '../config/own-files.ts';
import type { RunController } from '../run/controller.ts';

/** Whether posteriors of an experiment can be held against exact ones: these are known, and its draws are independent. */
export function isMeasurable({ exact, results }: Workload): boolean {
  return exact !== undefined && posteriorOptions(results).sampler?.independent === true;
}

/** The question about a run; undefined where its posteriors cannot be measured, or nothing has finished. */
export async function qualityQuestion(
  { plan, store }: Pick<RunController, 'plan' | 'store'>,
  size: QualitySize,
): Promise<QualityQuestion | undefined> {
  const { workload, inputs } = plan;
  if (!isMeasurable(workload)) return undefined;
  const { params } = plan.config;
  const exact = await workload.exact?.(params);
  const ownData = hasOwnData(workload, inputs.files);
  const { truthsFromPrior: fromPrior } = statisticsContext(workload, params, ownData);
  const finished = store.items().filter(isPosterior);
  const items = finished.flatMap((item, place) => {
    const draws = drawsLookedAt(place, fromPrior);
    const taken = draws > 0 ? qualityItem(item, draws) : undefined;
    return taken ? [taken] : [];
  });
  if (!exact || items.length === 0) return undefined;
  return { size, items, ofItems: finished.length, exact, truthsFromPrior: fromPrior };
}

/** Takes all steps; `pause`, called after each, ends them by what it rejects with. */
export async function measureQuality(
  question: QualityQuestion,
  pause: () => Promise<void>,
  progress?: (at: QualityProgress) => void,
): Promise<RunQuality> {
  const steps: Steps<QualityProgress, RunQuality> = runQualitySteps(question);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    progress?.(step.value);
    await pause();
  }
}
