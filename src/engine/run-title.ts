/** What a list of runs calls one of them. */
import type { RunInputs, Workload } from '../workloads/workload.ts';
import type { RunConfig } from './run-config.ts';

interface Titled {
  readonly workload: Pick<Workload, 'title' | 'precisions' | 'runWords'>;
  readonly config: RunConfig;
  readonly inputs: RunInputs;
}

/** Experiment, what it sets apart, preset and seed, and, where they are not the default, precision and the user's files. */
export function runTitle({ workload, config, inputs }: Titled): string {
  const { params, preset, seed, precision } = config;
  return [
    workload.title,
    ...(workload.runWords?.(params) ?? []),
    preset,
    `seed ${seed}`,
    ...(precision === workload.precisions[0] ? [] : [precision]),
    ...[inputs.network, inputs.images].flatMap((file) => file?.name ?? []),
  ].join(' · ');
}
