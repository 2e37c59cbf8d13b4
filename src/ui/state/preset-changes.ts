/** How a form differs from the preset that it started from. */
import { findPreset, findWorkload, presetConfig, type RunConfig } from '../../engine/config/run-config.ts';
import { paramToText } from '../../workloads/param-text.ts';

/**
 * Labels of what is set otherwise than the preset has it, in the form's order. Seed, batch and files are no part of a preset; neither is what
 * the other settings leave out of the form.
 */
export function presetChanges(config: RunConfig): string[] {
  const workload = findWorkload(config.workload);
  const plain = presetConfig(workload, findPreset(workload, config.preset));
  const changed = workload.params.filter(
    ({ key, when }) =>
      paramToText(config.params[key]) !== paramToText(plain.params[key]) && (when?.(config.params) ?? true),
  );
  const labels = changed.map(({ label }) => label);
  return config.precision === plain.precision ? labels : [...labels, 'Precision'];
}
