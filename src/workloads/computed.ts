/**
 * What computes the experiments, in the order of the registries: in the page's engine it loads when an experiment is first planned, run, or
 * asked for what it keeps.
 */
import { listedExperiments } from './listed.ts';
import type { LazyWorkload, Workload } from './workload.ts';

const computing: Readonly<Record<string, () => Promise<Workload>>> = {
  shear: async () => (await import('./shear/workload.ts')).shearWorkload,
  flow: async () => (await import('./flow/workload.ts')).flowWorkload,
  cells: async () => (await import('./cells/workload.ts')).cellsWorkload,
  activations: async () => (await import('./activations/workload.ts')).activationsWorkload,
  analysis: async () => (await import('./analysis/workload.ts')).analysisWorkload,
  banana: async () => (await import('./banana/workload.ts')).bananaWorkload,
  tally: async () => (await import('./tally/workload.ts')).tallyWorkload,
};

export const lazyWorkloads: readonly LazyWorkload[] = listedExperiments.map(({ id }) => ({
  id,
  compute: computing[id],
}));
