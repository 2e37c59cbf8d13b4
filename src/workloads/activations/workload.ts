/** The activations experiment as the engine sees it: texts that a model reads and writes, and what goes on inside it. */
import type { DatasetItem } from '../../results/dataset/item.ts';
import { datasetResults } from '../../results/dataset/kind.ts';
import type { RunInputs, Workload } from '../workload.ts';
import { activationsExperiment, activationsResults } from './experiment.ts';
import type { LoadedActivations } from './load.ts';
import type { ActivationsProblem } from './problem.ts';
import { emptyPositions, sumOfTexts } from './summary.ts';

/** What `load` has fetched: model, texts, and the code that plans and prepares, so that none of it weighs on a first visit. */
function loaded({ loaded: file }: RunInputs): LoadedActivations {
  if (file && 'code' in file) return file as LoadedActivations;
  throw new Error('The activations experiment needs its model: call load first.');
}

export const activationsWorkload: Workload<ActivationsProblem, DatasetItem> = {
  ...activationsExperiment,
  results: datasetResults(activationsResults, { problems: emptyPositions, reduce: sumOfTexts }),
  load: async (...given) => (await import('./load.ts')).loadActivations(...given),
  configure: (values, inputs, options) => {
    const file = loaded(inputs);
    return file.code.configured(values, inputs, file, options);
  },
  open: async (...given) => (await import('./open.ts')).openOnDevice(...given),
  reference: async (...given) => (await import('./open.ts')).openTwin(...given),
  cpu: async () => (await import('./open.ts')).activationsCpuPath(),
  runFiles: async (...given) => (await import('./run-files.ts')).runFiles(...given),
  shaders: async (...given) => (await import('./open.ts')).activationsShaders(...given),
};
