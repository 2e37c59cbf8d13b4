/** Which experiment words and views are of: the form may show another than the run on screen belongs to. */
import { findWorkload, type RunConfig } from '../../engine/config/run-config.ts';
import type { Experiment } from '../../workloads/workload.ts';
import type { Store } from './types.ts';

type OnScreen = Pick<Store, 'run' | 'ranConfig' | 'config'>;

/** The experiment that the form is of: what would run. */
export function formExperiment({ config }: Pick<Store, 'config'>): Experiment {
  return findWorkload(config.workload);
}

/** The configuration of the run on screen; of the form while there is none. */
export function shownConfig({ run, ranConfig, config }: OnScreen): RunConfig {
  return (run && ranConfig) ?? config;
}

/** The experiment of the run on screen, whose words its figures and results take; of the form while there is none. */
export function shownExperiment(store: OnScreen): Experiment {
  return findWorkload(shownConfig(store).workload);
}

/** The run on screen where the form is of its experiment: live views are the form's and show no other experiment's run. */
export function runOfForm(store: OnScreen): Store['run'] {
  return shownConfig(store).workload === store.config.workload ? store.run : undefined;
}

/** The last look at the run on screen, by the same rule. */
export function peekOfForm(store: OnScreen & Pick<Store, 'peek'>): Store['peek'] {
  return runOfForm(store) && store.peek;
}

/** Whether the form's run on screen was followed here and is over: what it has not shown by now it never will. */
export function isOver(store: OnScreen & Pick<Store, 'status' | 'history'>): boolean {
  return store.status === 'done' && store.history.points.length > 0 && runOfForm(store) !== undefined;
}
