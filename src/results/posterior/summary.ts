/** A finished item in short: location, spread, convergence. */

import { diagnose } from '../../stats/convergence.ts';
import { calibrate } from './calibration.ts';
import { goodness } from './goodness.ts';
import type { PosteriorItem } from './item.ts';
import type { ItemSummary } from './item-summary.ts';
import { judging, type PosteriorOptions } from './options.ts';
import { predictiveProblems } from './predictive.ts';
import { rejectedShare } from './rejected-share.ts';

/** @param attempts how often the item was sampled @param options how it is judged */
export function summarizeItem(item: PosteriorItem, attempts = 1, options: PosteriorOptions = {}): ItemSummary {
  const { perParameter, bfmi, divergences, divergenceFraction, verdicts } = diagnose(item, judging(options));
  const { predictive } = item;
  const against = predictiveProblems(predictive);
  const believed = against.length === 0;
  const acceptance = item.stats.find((column) => column.name === 'acceptance_rate')?.values;
  return {
    info: item.info,
    ...(item.sampling === 'independent' && { sampling: item.sampling, rejected: rejectedShare(item) }),
    ...(predictive && { predictive }),
    parameters: item.parameters.map(({ name }) => ({ name, ...perParameter[name] })),
    fit: item.fit,
    ...goodness(item.fit, options.misfit),
    acceptance: acceptance ? mean(acceptance) : Number.NaN,
    divergences,
    divergenceFraction,
    bfmi,
    gradients: item.gradients,
    attempts,
    calibration: calibrate(item, item.info.truth),
    converged: verdicts.lockstep && believed,
    ...(verdicts.looser !== undefined && { passedLooser: verdicts.looser && believed }),
    problems: [...against, ...verdicts.reasons],
  };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
