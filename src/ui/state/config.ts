/** The page's configuration: from the address at load, from presets, and back into the address. */
import { findPreset, findWorkload, presetConfig, type RunConfig } from '../../engine/config/run-config.ts';
import { fromUrl, type LinkProblem, type ReadLink, toUrl } from '../../engine/config/url-state.ts';

import { withRemembered } from './remembered-sizes.ts';

/** Names in the address that are about the page, not about a run: "faults" opens the panel of faults on demand. */
const PAGE_KEYS = ['faults'] as const;

export function pageKeyGiven(key: (typeof PAGE_KEYS)[number]): boolean {
  return new URLSearchParams(window.location.search).has(key);
}

/** What the address came to when the page was opened. */
let address: ReadLink | undefined;

/** The configuration of the address, as far as it can be read. */
export function initialConfig(search = window.location.search): RunConfig {
  address = fromUrl(search, PAGE_KEYS);
  return withRemembered(address.config, address.taken);
}

/** What of the address was not taken. */
export function addressProblems(): readonly LinkProblem[] {
  return address?.problems ?? [];
}

/** True when the link asks for a run of its own, so that the page must not choose another. */
export function urlNamesRun(): boolean {
  return (address?.taken.length ?? 0) > 0;
}

export function configForPreset(config: RunConfig, preset: string): RunConfig {
  const workload = findWorkload(config.workload);
  return { ...presetConfig(workload, findPreset(workload, preset)), seed: config.seed, batch: config.batch };
}

export function configForWorkload(id: string): RunConfig {
  const workload = findWorkload(id);
  return withRemembered(presetConfig(workload, workload.presets[0]));
}

/** Every preset of an experiment as it comes. */
export function presetConfigs(workloadId: string): RunConfig[] {
  const workload = findWorkload(workloadId);
  return workload.presets.map((preset) => withRemembered(presetConfig(workload, preset)));
}

/** Whether two configurations ask for the same run. */
export function sameRun(a: RunConfig, b: RunConfig): boolean {
  return a === b || toUrl(a) === toUrl(b);
}

/** Puts the configuration into the address without a step in the browser's history; what is there about the page stays. */
export function writeUrl(config: RunConfig): void {
  const query = [toUrl(config), ...PAGE_KEYS.filter(pageKeyGiven)].filter((part) => part !== '').join('&');
  window.history.replaceState(window.history.state, '', query ? `?${query}` : window.location.pathname);
}

/** What the Step button does with the form's experiment. */
export function stepWords({ config }: { readonly config: RunConfig }): string {
  return findWorkload(config.workload).stepWords ?? 'one step of every item';
}
