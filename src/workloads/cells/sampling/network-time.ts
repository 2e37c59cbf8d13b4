/** What time a step is, for networks that are told. */
import { isIndependent, timeGrid } from './rules.ts';
import { scheduleOf } from './schedule.ts';
import { type SamplerSettings, stepsOf } from './settings.ts';

/** σ at which the origin takes its argmax of what is left. */
const ORIGIN_LAST_SIGMA = 0.01;

/**
 * σ at the beginning of every step, the denoising last. Rules by rank have no times of their own: theirs is when the process would have masked
 * as large a share.
 */
export function sigmaOfSteps(settings: Pick<SamplerSettings, 'genes' | 'rule' | 'schedule' | 'steps'>): Float64Array {
  const { rule, steps } = settings;
  const { sigma } = scheduleOf(settings.schedule);
  if (!isIndependent(rule)) {
    const all = stepsOf(settings);
    return Float64Array.from({ length: all }, (_, k) => sigma(1 - k / all));
  }
  const sigmas = timeGrid(rule, steps).map(sigma);
  if (rule === 'origin') sigmas[steps] = ORIGIN_LAST_SIGMA;
  return sigmas;
}
