/** The analysis experiment as the engine sees it: metrics of a network over texts or rows, an item and a stage each. */
import type { DatasetItem } from '../../results/dataset/item.ts';
import { datasetResults } from '../../results/dataset/kind.ts';
import type { RunInputs, Workload } from '../workload.ts';
import { analysisExperiment, analysisResults } from './experiment.ts';
import type { LoadedAnalysis } from './load.ts';
import type { AnalysisProblem } from './problem.ts';
import { problemsOf, tablesOf } from './result.ts';

/** What `load` has fetched: network, items, and the code that plans and prepares, so that none of it weighs on a first visit. */
function loaded({ loaded: file }: RunInputs): LoadedAnalysis {
  if (file && 'code' in file) return file as LoadedAnalysis;
  throw new Error('The analysis experiment needs its model: call load first.');
}

export const analysisWorkload: Workload<AnalysisProblem, DatasetItem> = {
  ...analysisExperiment,
  results: datasetResults(analysisResults, { problems: problemsOf, reduce: tablesOf }),
  load: async (...given) => (await import('./load.ts')).loadAnalysis(...given),
  configure: (values, inputs, options) => {
    const file = loaded(inputs);
    return file.code.configured(values, inputs, file, options);
  },
  stages: (values, inputs) => loaded(inputs).code.stagesOf(values),
  open: async (...given) => (await import('./open.ts')).openOnDevice(...given),
  reference: async (problem) => (await import('./open.ts')).openTwin(problem),
  runFiles: async (...given) => (await import('./run-files.ts')).runFiles(...given),
  shaders: async (...given) => (await import('./shaders.ts')).analysisShaders(...given),
};
