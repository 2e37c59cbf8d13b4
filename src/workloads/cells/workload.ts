/** The cells experiment as the engine sees it: cells of tokens, revealed step by step. */
import type { TokenItem } from '../../results/tokens/item.ts';
import { tokenResults } from '../../results/tokens/kind.ts';
import type { RunInputs, Workload } from '../workload.ts';
import { cellsExperiment, cellsTokens } from './experiment.ts';
import type { LoadedCells } from './load.ts';
import type { CellsProblem } from './problem.ts';
import { missingGenes, sumOfCells } from './summary.ts';

/** What `load` has fetched: data, model, and the code that plans and prepares, so that none of it weighs on a first visit. */
function loaded({ loaded: file }: RunInputs): LoadedCells {
  if (file && 'code' in file) return file as LoadedCells;
  throw new Error('The cells experiment needs its model and data: call load first.');
}

export const cellsWorkload: Workload<CellsProblem, TokenItem> = {
  ...cellsExperiment,
  results: tokenResults(cellsTokens, { problems: missingGenes, reduce: sumOfCells }),
  load: async (...given) => (await import('./load.ts')).loadCells(...given),
  configure: (values, inputs, { sizes, precision } = {}) => {
    const file = loaded(inputs);
    const { code, model, data, name } = file;
    const params = code.readCellsParams(values);
    return {
      count: code.itemCount(params, data),
      work: code.cellsWork(params, model),
      shape: (report) => code.cellsShape(model, report, sizes, precision),
      plan: (chunk, shape) => code.planCells(params, model, chunk, shape, sizes),
      resultBytes: model.genes.length,
      facts: async () => code.dataFacts(inputs, data),
      concerns: () => code.concerns(params, model, data),
      prepare: (seed) => code.cellsProblem(params, model, data, seed, name),
    };
  },
  open: async (...given) => (await import('./gpu/open.ts')).openCellsSession(...given),
  reference: async (problem) => (await import('./reference.ts')).openTwinSession(problem),
  cpu: async () => (await import('./reference.ts')).cellsCpuPath(),
  selfTest: async (...given) => (await import('./self-test.ts')).selfTestSampling(...given),
  runFiles: async (...given) => (await import('./run-files.ts')).runFiles(...given),
  shaders: async (...given) => (await import('./gpu/open.ts')).cellsShaders(...given),
};
