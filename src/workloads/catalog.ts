/**
 * The experiments by what describes them, in the order of the registry (`index.ts`), which adds what computes them.
 * The page's first load takes this and leaves kernels, twins and tables to the worker.
 */
import { activationsExperiment } from './activations/experiment.ts';
import { bananaExperiment } from './banana/experiment.ts';
import { cellsExperiment } from './cells/experiment.ts';
import { flowExperiment } from './flow/experiment.ts';
import { shearExperiment } from './shear/experiment.ts';
import { tallyExperiment } from './tally/experiment.ts';
import type { Experiment } from './workload.ts';

export const experiments: readonly Experiment[] = [
  // One a line, the first being what a visitor sees first; both registries have the same order.
  shearExperiment,
  flowExperiment,
  cellsExperiment,
  activationsExperiment,
  bananaExperiment,
  tallyExperiment,
];
