/** The page's configuration: from the address at load, from presets, and back into the address. */
import { findPreset, findWorkload, presetConfig, type RunConfig } from '../../engine/run-config.ts';
import { fromUrl, toUrl } from '../../engine/url-state.ts';
import { workloads } from '../../workloads/index.ts';
import type { Workload } from '../../workloads/workload.ts';

/** The experiments there are. */
export const experiments: readonly Workload[] = workloads;

/** Why the address was not read, in words; shown once. */
export let addressError: string | undefined;

/** The configuration of the address; the first preset where the address is wrong. */
export function initialConfig(): RunConfig {
  try {
    return fromUrl(window.location.search);
  } catch (error) {
    addressError = error instanceof Error ? error.message : String(error);
    return presetConfig(workloads[0], workloads[0].presets[0]);
  }
}

/** True when the link asks for a run of its own, so that the page must not choose another. */
export function urlNamesRun(): boolean {
  return addressError === undefined && [...new URLSearchParams(window.location.search).keys()].length > 0;
}

export function configForPreset(config: RunConfig, preset: string): RunConfig {
  const workload = findWorkload(config.workload);
  return { ...presetConfig(workload, findPreset(workload, preset)), seed: config.seed, batch: config.batch };
}

export function configForWorkload(id: string): RunConfig {
  const workload = findWorkload(id);
  return presetConfig(workload, workload.presets[0]);
}

/** The preset with the least arithmetic in total: what a machine without a GPU starts from. */
export function smallestConfig(config: RunConfig): RunConfig {
  const workload = findWorkload(config.workload);
  const cost = (candidate: RunConfig) => {
    const { flopPerGradient, gradientsPerItem } = workload.work(candidate.params, {});
    return workload.count(candidate.params, {}) * flopPerGradient * gradientsPerItem;
  };
  return workload.presets
    .map((preset) => presetConfig(workload, preset))
    .reduce((least, candidate) => (cost(candidate) < cost(least) ? candidate : least));
}

/** Puts the configuration into the address without a step in the browser's history. */
export function writeUrl(config: RunConfig): void {
  const query = toUrl(config);
  window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname);
}
