/** The registry: the experiments of this project, the first being what a visitor sees first. */
import './catalog.ts';
import { activationsWorkload } from './activations/workload.ts';
import { bananaWorkload } from './banana/workload.ts';
import { cellsWorkload } from './cells/workload.ts';
import { flowWorkload } from './flow/workload.ts';
import { shearWorkload } from './shear/workload.ts';
import { tallyWorkload } from './tally/workload.ts';
import type { Workload } from './workload.ts';

export const workloads: readonly Workload[] = [
  // One a line, the first being what a visitor sees first; all registries have the same order.
  shearWorkload,
  flowWorkload,
  cellsWorkload,
  activationsWorkload,
  bananaWorkload,
  tallyWorkload,
];
