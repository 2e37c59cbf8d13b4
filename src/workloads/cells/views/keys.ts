/** What a view belongs to, as text: two configurations with one key show the same. */
import type { RunConfig } from '../../../engine/config/run-config.ts';

/** All that real cells as tokens hang on. */
export function dataKey({ params }: RunConfig, files: unknown): string {
  const { model, genes, geneList, bins, binCount } = params;
  return JSON.stringify([model, genes, geneList, bins, binCount, files ?? null]);
}

/** All that decides where masks dissolve and into what, with the mixture as predictor. */
export function filmKey(config: RunConfig, files: unknown): string {
  const { task, hidden, rule, schedule, steps, temperature, denoise } = config.params;
  return JSON.stringify([
    dataKey(config, files),
    task === 'impute' ? hidden : null,
    rule,
    schedule,
    steps,
    temperature,
    denoise,
    config.seed,
  ]);
}
