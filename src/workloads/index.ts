/** The registry: the experiments of this project, the first being what a visitor sees first. */
import { flowWorkload } from './flow/workload.ts';
import { shearWorkload } from './shear/workload.ts';
import type { Workload } from './workload.ts';

export const workloads: readonly Workload[] = [shearWorkload, flowWorkload];
