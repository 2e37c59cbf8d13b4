/** The configuration on screen. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { ParamValue } from '../../../workloads/params.ts';
import type { Precision } from '../../../workloads/workload.ts';
import { configForPreset, configForWorkload, writeUrl } from '../config.ts';
import { getToKnow, isKnown } from '../known-experiments.ts';
import { isActive, useStore } from '../store.ts';
import { changeFiles, warnOfCounts } from './files.ts';
import { replan, warnBeforehand } from './plan.ts';
import { guard, setFieldError } from './refusals.ts';

/** The form of each experiment as it was left, by id. */
const forms = new Map<string, RunConfig>();

/** Puts a whole configuration on screen; what was wrong in the form is gone with it. */
export function setConfig(config: RunConfig): void {
  change(config, []);
  useStore.setState({ fieldErrors: {} });
}

export function setParam(key: string, value: ParamValue): void {
  const { config } = useStore.getState();
  change({ ...config, params: { ...config.params, [key]: value } }, [`params.${key}`]);
}

export function setSeed(seed: number): void {
  change({ ...useStore.getState().config, seed }, ['seed']);
}

export function setPrecision(precision: Precision): void {
  change({ ...useStore.getState().config, precision }, ['precision']);
}

export function setBatch(batch: Partial<RunConfig['batch']>): void {
  const { config } = useStore.getState();
  const fields = Object.keys(batch).map((key) => `batch.${key}`);
  change({ ...config, batch: { ...config.batch, ...batch } }, fields);
}

export function setPreset(preset: string): void {
  setConfig(configForPreset(useStore.getState().config, preset));
}

let wishes = 0;

/** What the form needs of it may have to load first: then the last wish counts, unless a run holds the form by now. */
export async function setWorkload(id: string): Promise<void> {
  const wish = ++wishes;
  if (!isKnown(id)) {
    await guard(() => getToKnow(id));
    if (wish !== wishes || !isKnown(id) || isActive(useStore.getState())) return;
  }
  setConfig(forms.get(id) ?? configForWorkload(id));
}

/** A configuration in which `fields` have become right; what is wrong with others stays wrong. */
function change(config: RunConfig, fields: readonly string[]): void {
  for (const field of fields) setFieldError(field, undefined);
  const { config: before } = useStore.getState();
  const another = before.workload !== config.workload;
  // Another experiment's plan says nothing of this one; its form is there again when somebody comes back to it.
  if (another) {
    forms.set(before.workload, before);
    warnBeforehand([]);
    useStore.setState({ plan: undefined, unplanned: false });
    changeFiles(before.workload, config.workload);
  }
  useStore.setState({ config });
  if (another) warnOfCounts();
  writeUrl(config);
  replan();
}
