/**
 * The experiments by what describes them, all at once, for the command line and for tests. The page loads the description of one when
 * somebody turns to it (`listed.ts`).
 */
import { activationsExperiment } from './activations/experiment.ts';
import { analysisExperiment } from './analysis/experiment.ts';
import { bananaExperiment } from './banana/experiment.ts';
import { cellsExperiment } from './cells/experiment.ts';
import { flowExperiment } from './flow/experiment.ts';
import { know } from './known.ts';
import { shearExperiment } from './shear/experiment.ts';
import { tallyExperiment } from './tally/experiment.ts';
import type { Experiment } from './workload.ts';

export const experiments: readonly Experiment[] = [
  // One a line, the first being what a visitor sees first; all registries have the same order.
  shearExperiment,
  flowExperiment,
  cellsExperiment,
  activationsExperiment,
  analysisExperiment,
  bananaExperiment,
  tallyExperiment,
];

know(experiments);
