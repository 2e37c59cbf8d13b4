/** What a list of runs calls one of them. */
import type { RunInputs, Workload } from '../../workloads/workload.ts';
import type { RunConfig } from './run-config.ts';

interface Titled {
  readonly workload: Pick<Workload, 'title' | 'precisions' | 'files' | 'runWords'>;
  readonly config: RunConfig;
  readonly inputs: RunInputs;
}

/** Experiment, what it sets apart, preset and seed, and, where they are not the default, precision and the user's files in their place. */
export function runTitle({ workload, config, inputs }: Titled): string {
  const { params, preset, seed, precision } = config;
  const roles = [...workload.files.filter(({ replaces }) => replaces), ...workload.files.filter(({ data }) => data)];
  return [
    workload.title,
    ...(workload.runWords?.(params) ?? []),
    preset,
    `seed ${seed}`,
    ...(precision === workload.precisions[0] ? [] : [precision]),
    ...roles.flatMap(({ role }) => inputs.files?.[role]?.name ?? []),
  ].join(' · ');
}
