/** Why nothing can be started now, in words. */
import { formExperiment } from './shown.ts';
import { isActive, isTuning } from './store.ts';
import type { Store } from './types.ts';

/** Fields of the form that are no parameters, by their path. */
const LABELS: Readonly<Record<string, string>> = {
  seed: 'Base seed',
  'batch.size': 'Batch size',
  'batch.memoryBudgetMiB': 'GPU budget',
  precision: 'Precision',
};

type OnScreen = Pick<Store, 'device' | 'engineTrouble' | 'fieldErrors' | 'config' | 'status' | 'tuning'>;

/** Why Run and Step are grey; undefined where they are not. */
export function whyNotRun(store: OnScreen): string | undefined {
  if (isActive(store)) return 'A run is in progress.';
  return whatIsMissing(store);
}

/** What must be otherwise before a run can start, beside the end of the one that goes on. */
export function whatIsMissing(store: OnScreen): string | undefined {
  if (store.engineTrouble?.gone) return 'The engine has ended: start it again first.';
  if (!store.device) return OPENING;
  if (isTuning(store)) return 'The tuner is at work: cancel it, or wait for its end.';
  const wrong = wrongField(store);
  return wrong && `A setting must be put right first. ${wrong}`;
}

/** Over in a moment, as a rule: no more is made of it. */
export const OPENING = 'The adapter is being opened.';

/** What is wrong with a field of the form, by its label. */
export function wrongField({ fieldErrors, config }: Pick<Store, 'fieldErrors' | 'config'>): string | undefined {
  const [first] = Object.entries(fieldErrors);
  if (!first) return undefined;
  const [path, message] = first;
  const key = path.replace(/^params\./, '');
  const label = LABELS[path] ?? formExperiment({ config }).params.find((spec) => spec.key === key)?.label;
  // The engine's own words begin with it.
  return label === undefined || message.startsWith(label) ? message : `${label}: ${message}`;
}
