/** What a view belongs to, as text: two configurations with one key show the same. */
import type { RunConfig } from '../../../engine/config/run-config.ts';

/** Task and observation: what is inferred, however it is sampled. */
export function problemKey({ params, seed }: RunConfig, files: unknown, item: number): string {
  const { task, truthSource, observation, observations } = params;
  const which = truthSource === 'task' ? observation : [observations, seed];
  return JSON.stringify([task, truthSource, which, files ?? null, item]);
}

/** All that decides where particles go. */
export function filmKey(config: RunConfig, files: unknown, item: number): string {
  const { solver, steps, spacing, alpha } = config.params;
  return JSON.stringify([
    problemKey(config, files, item),
    solver,
    steps,
    spacing,
    alpha,
    config.precision,
    config.seed,
  ]);
}
