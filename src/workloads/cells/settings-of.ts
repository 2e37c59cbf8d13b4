/** A run's parameters as its sampler takes them. */
import type { CellsModel } from './model.ts';
import type { CellsParams } from './params.ts';
import type { SamplerSettings } from './sampling/settings.ts';

export function settingsOf(
  { rule, schedule, steps, temperature, guidance, task, denoise }: CellsParams,
  model: CellsModel,
): SamplerSettings {
  // Fields that the form does not show have no say.
  const guided = model.kind === 'network' && task !== 'impute';
  return {
    genes: model.genes.length,
    bins: model.bins.count,
    rule,
    schedule: rule === 'balanced' || rule === 'first-hitting' ? 'loglinear' : schedule,
    steps,
    temperature,
    guidance: guided ? guidance : 1,
    denoise,
  };
}
