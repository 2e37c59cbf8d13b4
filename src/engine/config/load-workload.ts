/** Experiments whose computing part loads when a configuration names them. */
import type { LazyWorkload, Workload } from '../../workloads/workload.ts';
import { findWorkload, parseRunConfig, type RunConfig, requireObject } from './run-config.ts';

/** Experiments that can be run, loaded or not. */
export type LazyRegistry = readonly (Workload | LazyWorkload)[];

/** The experiment of that id, loaded; the first of the registry without one. Throws `ConfigError`. */
export async function loadWorkload(id: unknown, registry: LazyRegistry): Promise<Workload> {
  const found = findWorkload(id, registry);
  return 'compute' in found ? found.compute() : found;
}

/** A configuration, checked as by `parseRunConfig`, and the experiment that it names. Throws `ConfigError`. */
export async function loadConfig(
  json: unknown,
  registry: LazyRegistry,
): Promise<{ readonly config: RunConfig; readonly workload: Workload }> {
  const workload = await loadWorkload(requireObject(json, '').workload, registry);
  return { config: parseRunConfig(json, [workload]), workload };
}
